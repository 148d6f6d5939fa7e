package io.github.semblance.bert;

import io.github.semblance.bert.checkpoint.Architecture;
import io.github.semblance.bert.checkpoint.BertConfig;
import io.github.semblance.bert.checkpoint.Pooling;
import io.github.semblance.embed.EmbeddingException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.jspecify.annotations.Nullable;

/**
 * A BERT encoder for one text at a time, in Java's Vector API.
 *
 * <p>libtorch spends a good part of a short text on calling its operators, and on threads that wait
 * for each other after every one. Here the threads that share a text take the next piece of the
 * next step by themselves.
 *
 * <p>Safe for use by many threads. Valid as long as the tensors it was made from.
 */
final class VectorEncoder implements QueryEncoder {
  /** A short text has no more work than this: the rest is reading weights and waiting. */
  private static final int MOST_THREADS = 8;

  /** Pieces of a step for each thread: with more than one, whoever began late takes fewer. */
  private static final int PIECES_PER_THREAD = 4;

  /** Less than a microsecond: most waits, where every thread has a processor. */
  private static final int SPINS = 10;

  private static final ExecutorService HELPERS =
      Executors.newCachedThreadPool(
          Thread.ofPlatform()
              .daemon()
              .inheritInheritableThreadLocals(false)
              .name("semblance-query-helper-", 1)
              .factory());

  /** The steps of a layer. Each needs what the one before it has computed of all rows. */
  private enum Step {
    QUERY_KEY_VALUE,
    ATTENTION,
    PROJECTION,
    PROJECTION_NORM,
    EXPANSION,
    CONTRACTION,
    CONTRACTION_NORM;

    private static final Step[] ALL = values();
  }

  /** So many texts show the JIT compiler what comes between products. */
  private static final int WARMING_RUNS = 20;

  private static final int WARMING_LENGTH = 16;

  private final VectorModel model;
  private final BertConfig config;
  private final Tile tile;

  private VectorEncoder(VectorModel model, Tile tile) {
    this.model = model;
    this.config = model.config;
    this.tile = tile;
  }

  /**
   * An encoder for each tile that divides a model's layers; none if its attention has a bias.
   * Copies the linear layers, once.
   */
  static List<QueryEncoder> of(EncoderTensors tensors) {
    BertConfig config = tensors.config();
    List<Tile> tiles =
        Arrays.stream(Tile.values())
            .filter(tile -> config.hidden() % tile.outputs == 0)
            .filter(tile -> config.intermediate() % tile.outputs == 0)
            .toList();
    if (tiles.isEmpty() || config.architecture() instanceof Architecture.MpNet) {
      return List.of();
    }
    VectorModel model = new VectorModel(tensors);
    return tiles.stream().<QueryEncoder>map(tile -> new VectorEncoder(model, tile)).toList();
  }

  @Override
  public String name() {
    return tile.name().substring(1)
        + switch (model.kind) {
          case SHORTS -> " int16";
          case BYTES -> " int8";
          case FLOATS -> "";
        }
        + " in "
        + VectorWidth.FLOATS.vectorBitSize()
        + " bits";
  }

  @Override
  public boolean warmUp() {
    boolean fast = WarmUp.makesFast(tile, model.kind, () -> false);
    for (int run = 0; fast && run < WARMING_RUNS; run++) {
      embed(new long[Math.min(WARMING_LENGTH, config.positions() - 2)], 1);
    }
    return fast;
  }

  @Override
  public float[] embed(long[] ids, int cores) {
    int threads = Math.min(cores, MOST_THREADS);
    Pass pass = new Pass(ids, threads);
    for (int i = 1; i < threads; i++) {
      HELPERS.execute(pass::help);
    }
    return pool(pass.lead(), ids.length);
  }

  private float[] pool(float[] states, int rows) {
    int width = config.hidden();
    float[] pooled = Arrays.copyOf(states, width);
    for (int row = 1; row < rows && model.pooling != Pooling.CLS; row++) {
      for (int i = 0; i < width; i++) {
        float state = states[row * width + i];
        pooled[i] = model.pooling == Pooling.MAX ? Math.max(pooled[i], state) : pooled[i] + state;
      }
    }
    double divisor = model.pooling == Pooling.MEAN ? rows : 1;
    if (model.normalized) {
      double squares = 0;
      for (float value : pooled) {
        squares += (double) value * value;
      }
      divisor = Math.max(Math.sqrt(squares), 1e-12 * divisor);
    }
    for (int i = 0; i < width; i++) {
      pooled[i] = (float) (pooled[i] / divisor);
    }
    return pooled;
  }

  /** One text on its way through the layers. */
  private final class Pass {
    private final long[] ids;
    private final int threads;
    private final int rows;

    /** Rows of the matrices: products are computed by tiles. */
    private final int height;

    private final float[] states;

    /** The states as linear layers take them in: smoothed, or the same. */
    private final float[] inputs;

    private final float[] queryKeyValue;
    private final float[] context;
    private final float[] expanded;
    private final float[] added;

    /**
     * By step, counted through all layers: the units that somebody has taken, and that are done.
     */
    private final AtomicIntegerArray taken = new AtomicIntegerArray(steps());

    private final AtomicIntegerArray done = new AtomicIntegerArray(steps());

    /** Nobody needs this any more, or a helper failed. */
    private volatile boolean over;

    private volatile @Nullable Throwable failure;

    Pass(long[] ids, int threads) {
      this.ids = ids;
      this.threads = threads;
      this.rows = ids.length;
      int width = config.hidden();
      this.height = Math.max(rows, tile.rows);
      this.states = new float[height * width];
      this.inputs = model.smoothing.isEmpty() ? states : new float[height * width];
      this.queryKeyValue = new float[height * 3 * width];
      this.context = new float[height * width];
      this.expanded = new float[height * config.intermediate()];
      this.added = new float[height * width];
      embed();
    }

    private int steps() {
      return config.layers() * Step.ALL.length;
    }

    /** Returns the last layer's states. */
    float[] lead() {
      try {
        for (int step = 0; step < steps(); step++) {
          take(step);
          waitFor(step);
          if (left(step)) {
            throw new EmbeddingException("a thread that shared a query failed", failure);
          }
        }
        return states;
      } finally {
        over = true;
      }
    }

    void help() {
      try {
        for (int step = 0; step < steps() && !over; step++) {
          take(step);
          waitFor(step);
        }
      } catch (RuntimeException | Error e) { // the leading thread throws it
        failure = e;
        over = true;
      }
    }

    private void take(int step) {
      Step kind = Step.ALL[step % Step.ALL.length];
      int units = units(kind);
      int piece = Math.ceilDiv(units, threads == 1 ? 1 : threads * PIECES_PER_THREAD);
      int from = taken.getAndAdd(step, piece);
      while (from < units) {
        int to = Math.min(from + piece, units);
        compute(kind, step / Step.ALL.length, from, to);
        done.getAndAdd(step, to - from);
        from = taken.getAndAdd(step, piece);
      }
    }

    private boolean left(int step) {
      return done.get(step) < units(Step.ALL[step % Step.ALL.length]);
    }

    /**
     * Yields rather than spins: whoever is waited for may be waiting for this very processor, to
     * which the kernel keeps a woken thread for milliseconds even while another one is idle.
     */
    @SuppressWarnings("ThreadPriorityCheck") // the scheduler decides how soon, not what
    private void waitFor(int step) {
      for (int spins = 0; left(step) && !over; spins++) {
        if (spins < SPINS) {
          Thread.onSpinWait();
        } else {
          Thread.yield();
        }
      }
    }

    private int units(Step step) {
      return switch (step) {
        case QUERY_KEY_VALUE -> 3 * config.hidden() / tile.outputs;
        case ATTENTION -> config.heads();
        case PROJECTION, CONTRACTION -> config.hidden() / tile.outputs;
        case EXPANSION -> config.intermediate() / tile.outputs;
        case PROJECTION_NORM, CONTRACTION_NORM -> rows;
      };
    }

    private void compute(Step step, int layer, int from, int to) {
      int linear = 4 * layer;
      switch (step) {
        case QUERY_KEY_VALUE -> multiply(linear, inputs, queryKeyValue, from, to);
        case ATTENTION -> {
          int width = config.hidden();
          HeadAttention attention = new HeadAttention(tile, rows, width, width / config.heads());
          for (int head = from; head < to; head++) {
            attention.attend(head, queryKeyValue, context);
          }
        }
        case PROJECTION -> multiply(linear + 1, context, added, from, to);
        case PROJECTION_NORM -> addAndNorm(2 * layer + 1, linear + 2, from, to);
        case EXPANSION -> {
          multiply(linear + 2, inputs, expanded, from, to);
          for (int row = 0; row < rows; row++) {
            int first = row * config.intermediate();
            RowFunctions.activate(
                expanded,
                first + from * tile.outputs,
                first + to * tile.outputs,
                config.activation());
          }
        }
        case CONTRACTION -> multiply(linear + 3, expanded, added, from, to);
        case CONTRACTION_NORM -> addAndNorm(2 * layer + 2, linear + 4, from, to);
      }
    }

    private void embed() {
      int width = config.hidden();
      long[] inTable = config.architecture().positions(ids);
      for (int row = 0; row < rows; row++) {
        model.words.get((int) ids[row] * width, states, row * width, width);
        model.positions.get((int) inTable[row] * width, added, row * width, width);
      }
      addAndNorm(0, 0, 0, rows);
    }

    private void multiply(int linear, float[] in, float[] out, int from, int to) {
      tile.multiply(model.linears.get(linear), all(in), height, from, to, all(out));
    }

    private Rows all(float[] matrix) {
      return new Rows(matrix, 0, matrix.length / height);
    }

    /**
     * Adds up, and prepares for a linear layer.
     *
     * @param next that layer, or whatever follows the last one
     */
    private void addAndNorm(int place, int next, int from, int to) {
      VectorModel.Norm norm = model.norms.get(place);
      int width = config.hidden();
      for (int row = from; row < to; row++) {
        int at = row * width;
        RowFunctions.addAndNorm(
            states, added, at, norm.weight, norm.bias, config.layerNormEpsilon());
        if (next < model.smoothing.size()) {
          RowFunctions.scale(inputs, states, at, model.smoothing.get(next));
        }
      }
    }
  }
}
