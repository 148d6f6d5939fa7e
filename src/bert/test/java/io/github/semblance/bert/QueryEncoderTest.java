package io.github.semblance.bert;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.semblance.bert.checkpoint.Architecture;
import io.github.semblance.bert.checkpoint.BertConfig;
import io.github.semblance.bert.checkpoint.BertConfig.Activation;
import io.github.semblance.bert.checkpoint.Checkpoint;
import io.github.semblance.bert.checkpoint.Pooling;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class QueryEncoderTest {
  private static final double TOLERANCE = 1e-5;

  @BeforeAll
  static void startEngine() {
    TorchRuntime.start();
  }

  @ParameterizedTest
  @EnumSource(Pooling.class)
  void eachPoolingAgreesWithTheWrittenOutModel(Pooling pooling) {
    for (boolean normalized : new boolean[] {true, false}) {
      assertAgrees(
          checkpoint(48, 4, Activation.GELU_ERF, pooling, normalized), BertModule.Kernels.ONEDNN);
    }
  }

  @ParameterizedTest
  @EnumSource(Activation.class)
  void eachActivationAgreesWithTheWrittenOutModel(Activation activation) {
    assertAgrees(checkpoint(48, 4, activation, Pooling.MEAN, true), BertModule.Kernels.PLAIN);
  }

  /** Heads of 18 are no whole number of vectors and end in the middle of a panel. */
  @Test
  void headsNeedNotBeMadeOfWholeVectors() {
    assertAgrees(
        checkpoint(144, 8, Activation.GELU_ERF, Pooling.MEAN, true), BertModule.Kernels.ONEDNN);
  }

  @Test
  void knowsWhereOtherFamiliesCountPositionsFrom() {
    for (Architecture architecture :
        List.of(new Architecture.Roberta("roberta", 1), new Architecture.DistilBert())) {
      assertAgrees(RandomCheckpoint.of(architecture, 48), BertModule.Kernels.PLAIN);
    }
  }

  @Test
  void attentionWithABiasStaysWithLibtorch() {
    assertHasNone(RandomCheckpoint.of(new Architecture.MpNet(32), 48), BertModule.Kernels.ONEDNN);
  }

  @Test
  void agreesWithTheModuleItIsMadeFrom() {
    Checkpoint checkpoint = checkpoint(48, 4, Activation.GELU_ERF, Pooling.MEAN, true);
    try (BertModule module =
        new BertModule(checkpoint, checkpoint.facts(), BertModule.Kernels.ONEDNN)) {
      QueryEncoder queries = module.forQueries().orElseThrow();
      long[] ids = new Random(5).longs(29, 0, checkpoint.config().vocabulary()).toArray();
      assertArrayEquals(
          module.embed(new TokenBatch(List.of(ids)))[0], queries.embed(ids, 1), 1e-6f);
    }
  }

  @Test
  void widthsThatVectorsDoNotDivideStayWithLibtorch() {
    assertHasNone(
        RandomCheckpoint.small(Activation.GELU_ERF, Pooling.MEAN, true), BertModule.Kernels.ONEDNN);
  }

  @Test
  void int8StaysWithLibtorch() {
    assertHasNone(
        checkpoint(48, 4, Activation.GELU_ERF, Pooling.MEAN, true), BertModule.Kernels.INT8);
  }

  private static void assertHasNone(Checkpoint checkpoint, BertModule.Kernels kernels) {
    try (BertModule module = new BertModule(checkpoint, checkpoint.facts(), kernels)) {
      assertTrue(module.forQueries().isEmpty());
    }
  }

  private static void assertAgrees(Checkpoint checkpoint, BertModule.Kernels kernels) {
    ReferenceBert reference = new ReferenceBert(checkpoint);
    Random random = new Random(3);
    try (BertModule module = new BertModule(checkpoint, checkpoint.facts(), kernels)) {
      QueryEncoder queries = module.forQueries().orElseThrow();
      for (int length : new int[] {1, 2, 3, 4, 5, 23, 24, 25, 48}) {
        long[] ids = random.longs(length, 0, checkpoint.config().vocabulary()).toArray();
        double[] expected = reference.vector(ids);
        float[] vector = queries.embed(ids, 1);
        for (int i = 0; i < expected.length; i++) {
          assertEquals(expected[i], vector[i], TOLERANCE);
        }
        for (int cores : new int[] {2, 5}) {
          assertArrayEquals(vector, queries.embed(ids, cores)); // to the last bit
        }
      }
    }
  }

  /** As wide as panels of three vectors need: of 4, 8 or 16 floats. */
  static Checkpoint checkpoint(
      int width, int heads, Activation activation, Pooling pooling, boolean normalized) {
    return RandomCheckpoint.of(
        new BertConfig(2, width, heads, 2 * width, 30522, 64, activation, 1e-12),
        new Checkpoint.Facts(48, pooling, normalized, "", "", 0));
  }
}
