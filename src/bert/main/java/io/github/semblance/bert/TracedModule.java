package io.github.semblance.bert;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import io.github.semblance.bert.checkpoint.Checkpoint;
import io.github.semblance.bert.checkpoint.TorchScriptModel;
import io.github.semblance.embed.EmbeddingException;
import java.util.Arrays;

/**
 * A TorchScript module that somebody else traced for DJL: ids and mask in, last hidden state out.
 *
 * <p>It is called once per run of equally long texts, so that it sees no padding either.
 */
final class TracedModule implements Encoder {
  private final PtNDManager manager;
  private final PtSymbolBlock block;
  private final boolean tokenTypes;
  private final Checkpoint.Facts facts;

  private TracedModule(
      PtNDManager manager, PtSymbolBlock block, boolean tokenTypes, Checkpoint.Facts facts) {
    this.manager = manager;
    this.block = block;
    this.tokenTypes = tokenTypes;
    this.facts = facts;
  }

  /**
   * Loads the module from its file.
   *
   * @throws EmbeddingException if the precision is not the one the module was traced with
   */
  static TracedModule load(TorchScriptModel model, Checkpoint.Facts facts, Precision precision) {
    if (precision != Precision.FP32) {
      throw new EmbeddingException(
          "a traced TorchScript module runs as it was traced: precision must be fp32, got: "
              + precision);
    }
    PtNDManager manager = (PtNDManager) NDManager.newBaseManager(Device.cpu(), "PyTorch");
    try {
      PtSymbolBlock block =
          JniUtils.loadModule(manager, model.module(), true, new String[0], new String[0], false);
      return new TracedModule(manager, block, model.tokenTypes(), facts);
    } catch (RuntimeException e) {
      manager.close();
      throw e;
    }
  }

  @Override
  public float[][] embed(TokenBatch batch) {
    float[][] vectors = new float[batch.size()][];
    long[] runs = batch.runs();
    int place = 0;
    for (int r = 0; r < runs.length; r += 2) {
      int texts = (int) runs[r];
      embedRun(batch, place, texts, (int) runs[r + 1], vectors);
      place += texts;
    }
    return vectors;
  }

  private void embedRun(TokenBatch batch, int first, int texts, int length, float[][] vectors) {
    long[][] ids = new long[texts][];
    for (int i = 0; i < texts; i++) {
      ids[i] = batch.idsAt(first + i);
    }
    Shape shape = new Shape(texts, length);
    try (PtNDManager call = manager.newSubManager(Device.cpu())) {
      NDList inputs = new NDList(call.create(ids), call.ones(shape, DataType.INT64));
      if (tokenTypes) {
        inputs.add(call.zeros(shape, DataType.INT64));
      }
      inputs.attach(call);
      NDArray states = IValueUtils.forward(block, inputs, false).get(0);
      states.attach(call);
      NDArray pooled =
          switch (facts.pooling()) {
            case MEAN -> states.mean(new int[] {1});
            case CLS -> states.get(":,0");
            case MAX -> states.max(new int[] {1});
          };
      if (facts.normalized()) {
        pooled = pooled.normalize(2, 1);
      }
      float[] values = pooled.toFloatArray();
      int dimension = values.length / texts;
      for (int i = 0; i < texts; i++) {
        vectors[first + i] = Arrays.copyOfRange(values, i * dimension, (i + 1) * dimension);
      }
    }
  }

  @Override
  public void close() {
    block.close();
    manager.close();
  }
}
