package io.github.semblance.bert;

import ai.djl.Device;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import io.github.semblance.bert.checkpoint.BertConfig;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.stream.Stream;

/** One batch on its way through a compiled encoder. For one thread, which closes it. */
final class ForwardPass implements AutoCloseable {
  /**
   * Batches are filled up to a multiple of this many rows, which nothing reads: with ever new sizes
   * of matrices the C heap fragments and grows without end.
   */
  private static final int ROWS_MULTIPLE = 64;

  /** A query has few rows, and waits for each of them. */
  private static final int FEW_ROWS_MULTIPLE = 4;

  /** The longest query of MiniLM: up to here there are only so many sizes. */
  private static final int FEW_ROWS = 256;

  private final PtSymbolBlock block;
  private final BertConfig config;
  private final long[] lengths;
  private final int rows;
  private final PtNDManager tensors;
  private final IValue ids;
  private final IValue positions;
  private final IValue runs;

  /**
   * Hands a batch to libtorch.
   *
   * @param firstPosition the position of each text's first id, 0 unless something before it is
   *     masked
   */
  ForwardPass(
      PtNDManager manager,
      PtSymbolBlock block,
      BertConfig config,
      TokenBatch batch,
      int firstPosition) {
    this.block = block;
    this.config = config;
    this.lengths = batch.runs();
    int multiple = batch.tokens() <= FEW_ROWS ? FEW_ROWS_MULTIPLE : ROWS_MULTIPLE;
    this.rows = Math.ceilDiv(batch.tokens(), multiple) * multiple;
    ByteBuffer allIds = direct(rows);
    ByteBuffer allPositions = direct(rows);
    for (int place = 0; place < batch.size(); place++) {
      long[] text = batch.idsAt(place);
      long[] inTable = PositionTable.rows(config, text, batch.typesAt(place));
      for (int i = 0; i < text.length; i++) {
        allIds.putLong(text[i]);
        allPositions.putLong(firstPosition + inTable[i]);
      }
    }
    this.tensors = manager.newSubManager(Device.cpu());
    boolean complete = false;
    try {
      this.ids = tensor(allIds);
      this.positions = tensor(allPositions);
      this.runs = IValue.listFrom(lengths);
      complete = true;
    } finally {
      if (!complete) {
        tensors.close();
      }
    }
  }

  /**
   * All of it in one call of a method that takes ids, positions, runs and whatever is added.
   *
   * @param results how many rows of what it returns are read: hidden states end with those of the
   *     fillers
   */
  float[][] inOneCall(String method, int results, IValue... added) {
    IValue[] arguments =
        Stream.concat(Stream.of(ids, positions, runs), Arrays.stream(added)).toArray(IValue[]::new);
    try (IValue result = IValueUtils.runMethod(block, method, arguments)) {
      return read(result, results);
    }
  }

  /**
   * A layer at a time, with attention from elsewhere.
   *
   * @param results how many vectors are read
   */
  float[][] byLayers(Attention attention, int results, IValue pooling, IValue normalize) {
    IValue states = IValueUtils.runMethod(block, "start", ids, positions);
    try {
      for (int layer = 0; layer < config.layers(); layer++) {
        IValue next = layer(layer, states, attention);
        states.close();
        states = next;
      }
      try (IValue vectors =
          IValueUtils.runMethod(block, "pool", states, runs, pooling, normalize)) {
        return read(vectors, results);
      }
    } finally {
      states.close();
    }
  }

  private IValue layer(int layer, IValue states, Attention attention) {
    try (IValue place = IValue.from((long) layer);
        IValue projected = IValueUtils.runMethod(block, "project", states, place);
        PtNDArray context = context(projected, attention);
        IValue contextValue = IValue.from(context)) {
      return IValueUtils.runMethod(block, "complete", contextValue, states, place);
    }
  }

  /** What the first layer's attention takes in. */
  IValue projected() {
    try (IValue states = IValueUtils.runMethod(block, "start", ids, positions);
        IValue first = IValue.from(0L)) {
      return IValueUtils.runMethod(block, "project", states, first);
    }
  }

  /** Attention from elsewhere. */
  PtNDArray context(IValue projected, Attention attention) {
    PtNDArray context = tensors.create(new Shape(rows, config.hidden()), DataType.FLOAT32);
    try (PtNDArray queryKeyValue = projected.toTensor(tensors)) {
      attention.attend(floats(queryKeyValue), lengths, floats(context));
    }
    return context;
  }

  /** The same, to compare with: without a bias. */
  void attendByLibtorch(IValue projected) {
    try (IValue none = IValue.listFrom(new PtNDArray[0])) {
      IValueUtils.runMethod(block, "attend", projected, runs, none).close();
    }
  }

  private float[][] read(IValue result, int results) {
    PtNDArray states = result.toTensor(tensors);
    float[][] vectors = new float[results][(int) states.getShape().get(1)];
    FloatBuffer values = states.toByteBuffer().asFloatBuffer();
    for (float[] vector : vectors) {
      values.get(vector);
    }
    return vectors;
  }

  /** A tensor as it lies in memory, as long as its manager is open. */
  static FloatBuffer floats(PtNDArray tensor) {
    return tensor.toByteBuffer(true).order(ByteOrder.nativeOrder()).asFloatBuffer();
  }

  private static ByteBuffer direct(int longs) {
    return ByteBuffer.allocateDirect(longs * Long.BYTES).order(ByteOrder.nativeOrder());
  }

  private IValue tensor(ByteBuffer longs) {
    return IValue.from(tensors.create(longs.clear(), new Shape(rows), DataType.INT64));
  }

  @Override
  public void close() {
    runs.close();
    positions.close();
    ids.close();
    tensors.close();
  }
}
