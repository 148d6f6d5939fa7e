package io.github.semblance.bert;

import io.github.semblance.bert.checkpoint.Architecture;
import io.github.semblance.bert.checkpoint.BertConfig;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BooleanSupplier;

/**
 * Attention of batches in Java's Vector API, text by text.
 *
 * <p>A text's rows are copied to the heap, because before JDK 22 vectors are loaded from nowhere
 * else; the copy stays in the second cache while all heads read it.
 */
final class VectorAttention implements Attention {
  /** One that suits processors with 32 vector registers, and one for those with 16. */
  private static final List<Tile> TILES = List.of(Tile.T12X2, Tile.T3X3);

  private static final int WIDE = 512;

  private final Tile tile;
  private final int heads;
  private final int width;

  /** What no thread uses now: never more than have computed at once. */
  private final Queue<Copies> unused = new ConcurrentLinkedQueue<>();

  private VectorAttention(Tile tile, BertConfig config) {
    this.tile = tile;
    this.heads = config.heads();
    this.width = config.hidden();
  }

  /** One for each tile that may be fastest; none if attention has a bias. */
  static List<Attention> of(BertConfig config) {
    return config.architecture() instanceof Architecture.MpNet
        ? List.of()
        : TILES.stream().<Attention>map(tile -> new VectorAttention(tile, config)).toList();
  }

  @Override
  public String name() {
    return tile.describe();
  }

  @Override
  public boolean isWide() {
    return VectorWidth.FLOATS.vectorBitSize() >= WIDE;
  }

  @Override
  public boolean warmUp(BooleanSupplier stopped) {
    return WarmUp.makesFast(tile, Weights.Kind.FLOATS, stopped);
  }

  @Override
  public void attend(FloatBuffer queryKeyValue, long[] runs, FloatBuffer context) {
    int longest = (int) runs[runs.length - 1];
    Copies copies = unused.poll();
    if (copies == null || copies.rows < longest) {
      copies = new Copies(longest);
    }
    int start = 0;
    for (int run = 0; run < runs.length; run += 2) {
      int rows = (int) runs[run + 1];
      HeadAttention attention = new HeadAttention(tile, rows, width, width / heads);
      for (int text = 0; text < runs[run]; text++) {
        queryKeyValue.get(3 * start * width, copies.queryKeyValue, 0, 3 * rows * width);
        for (int head = 0; head < heads; head++) {
          attention.attend(head, copies.queryKeyValue, copies.context);
        }
        context.put(start * width, copies.context, 0, rows * width);
        start += rows;
      }
    }
    unused.add(copies);
    context.position(start * width);
    context.put(new float[context.remaining()]);
  }

  /** What a thread copies a text to and from. */
  private final class Copies {
    final int rows;
    final float[] queryKeyValue;
    final float[] context;

    Copies(int rows) {
      this.rows = rows;
      this.queryKeyValue = new float[3 * Math.max(rows, tile.rows) * width];
      this.context = new float[rows * width];
    }
  }
}
