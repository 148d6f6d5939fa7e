package io.github.semblance.bert;

import io.github.semblance.bert.checkpoint.Architecture;
import io.github.semblance.bert.checkpoint.Checkpoint;

/** A process whose vectors are of the width that its system property names. */
final class VectorWidthTrial {
  private VectorWidthTrial() {}

  /** Fails unless encoders for queries and attention agree with the model that is written out. */
  public static void main(String[] args) {
    TorchRuntime.start();
    Checkpoint checkpoint = RandomCheckpoint.of(new Architecture.Bert(), 192);
    for (BertModule.Kernels kernels :
        new BertModule.Kernels[] {BertModule.Kernels.ONEDNN, BertModule.Kernels.INT8}) {
      QueryEncoderTest.assertAgrees(checkpoint, kernels, 4, 3, 13);
    }
    VectorAttentionTest.assertAgrees(checkpoint, BertModule.Kernels.ONEDNN);
    System.exit(0);
  }
}
