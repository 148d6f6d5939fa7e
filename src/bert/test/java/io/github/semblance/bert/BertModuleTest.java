package io.github.semblance.bert;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.semblance.bert.checkpoint.Architecture;
import io.github.semblance.bert.checkpoint.BertConfig.Activation;
import io.github.semblance.bert.checkpoint.Checkpoint;
import io.github.semblance.bert.checkpoint.Pooling;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class BertModuleTest {
  private static final double TOLERANCE = 2e-5;

  @BeforeAll
  static void startEngine() {
    TorchRuntime.start();
  }

  @ParameterizedTest
  @EnumSource(Pooling.class)
  void eachPoolingAgreesWithTheWrittenOutModel(Pooling pooling) {
    for (boolean normalized : new boolean[] {true, false}) {
      assertAgrees(
          RandomCheckpoint.small(Activation.GELU_ERF, pooling, normalized),
          BertModule.Kernels.PLAIN);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = BertModule.Kernels.class,
      names = {"PLAIN", "ONEDNN"})
  void eachKernelAgreesWithTheWrittenOutModel(BertModule.Kernels kernels) {
    for (Activation activation : Activation.values()) {
      assertAgrees(RandomCheckpoint.small(activation, Pooling.MEAN, true), kernels);
    }
  }

  /** Texts that are long enough for every bucket of distances; ids small enough for padding. */
  @ParameterizedTest
  @EnumSource(
      value = BertModule.Kernels.class,
      names = {"PLAIN", "ONEDNN"})
  void eachFamilyAgreesWithTheWrittenOutModel(BertModule.Kernels kernels) {
    List<long[]> texts = new ArrayList<>();
    for (int length : new int[] {1, 2, 7, 131, 7, 200}) {
      texts.add(new Random(length).longs(length, 0, 10).toArray());
    }
    for (Architecture architecture :
        List.of(
            new Architecture.Bert(),
            new Architecture.DistilBert(),
            new Architecture.Roberta("roberta", 1),
            new Architecture.Roberta("xlm-roberta", 0),
            new Architecture.MpNet(32),
            new Architecture.MpNet(12))) {
      assertAgrees(RandomCheckpoint.of(architecture, 16), kernels, texts);
    }
  }

  /** Weights drawn at random are as hard to round as weights get: no direction matters more. */
  @ParameterizedTest
  @EnumSource(Activation.class)
  void int8StaysCloseToTheWrittenOutModel(Activation activation) {
    Checkpoint checkpoint = RandomCheckpoint.small(activation, Pooling.MEAN, true);
    ReferenceBert reference = new ReferenceBert(checkpoint);
    TokenBatch batch = new TokenBatch(randomTexts(checkpoint));
    try (BertModule module =
        new BertModule(checkpoint, checkpoint.facts(), BertModule.Kernels.INT8)) {
      float[][] vectors = module.embed(batch);
      for (int place = 0; place < batch.size(); place++) {
        double[] expected = reference.vector(batch.idsAt(place));
        double cosine = 0; // both are of length 1
        for (int i = 0; i < expected.length; i++) {
          cosine += expected[i] * vectors[place][i];
        }
        assertTrue(cosine > 0.999, "cosine " + cosine);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(BertModule.Kernels.class)
  void aTextHasOneVectorWhateverIsInTheBatch(BertModule.Kernels kernels) {
    Checkpoint checkpoint = RandomCheckpoint.small(Activation.GELU_ERF, Pooling.MEAN, true);
    TokenBatch batch = new TokenBatch(randomTexts(checkpoint));
    try (BertModule module = new BertModule(checkpoint, checkpoint.facts(), kernels)) {
      float[][] together = module.embed(batch);
      for (int place = 0; place < batch.size(); place++) {
        float[] alone = module.embed(new TokenBatch(List.of(batch.idsAt(place))))[0];
        // Sums of integers are exact; those of floats depend on how a kernel splits the rows.
        float tolerance = kernels == BertModule.Kernels.INT8 ? 0 : 1e-6f;
        assertArrayEquals(alone, together[place], tolerance);
      }
    }
  }

  @Test
  void theTwoActivationsDiffer() {
    List<long[]> texts = List.of(new long[] {101, 2023, 2003, 102});
    float[] erf = embed(Activation.GELU_ERF, texts)[0];
    float[] tanh = embed(Activation.GELU_TANH, texts)[0];
    double difference = 0;
    for (int i = 0; i < erf.length; i++) {
      difference = Math.max(difference, Math.abs(erf[i] - tanh[i]));
    }
    assertTrue(difference > 1e-6, "largest difference: " + difference);
  }

  @Test
  void equalLengthsFormOneRun() {
    TokenBatch batch =
        new TokenBatch(List.of(new long[5], new long[3], new long[5], new long[4], new long[3]));
    assertArrayEquals(new long[] {2, 3, 1, 4, 2, 5}, batch.runs());
    assertEquals(20, batch.tokens());
    assertEquals(1, batch.textAt(0));
    assertEquals(2, batch.textAt(4));
  }

  private static float[][] embed(Activation activation, List<long[]> texts) {
    Checkpoint checkpoint = RandomCheckpoint.small(activation, Pooling.MEAN, true);
    try (BertModule module =
        new BertModule(checkpoint, checkpoint.facts(), BertModule.Kernels.PLAIN)) {
      return module.embed(new TokenBatch(texts));
    }
  }

  private static void assertAgrees(Checkpoint checkpoint, BertModule.Kernels kernels) {
    assertAgrees(checkpoint, kernels, randomTexts(checkpoint));
  }

  private static void assertAgrees(
      Checkpoint checkpoint, BertModule.Kernels kernels, List<long[]> texts) {
    ReferenceBert reference = new ReferenceBert(checkpoint);
    TokenBatch batch = new TokenBatch(texts);
    try (BertModule module = new BertModule(checkpoint, checkpoint.facts(), kernels)) {
      float[][] vectors = module.embed(batch);
      for (int place = 0; place < batch.size(); place++) {
        double[] expected = reference.vector(batch.idsAt(place));
        for (int i = 0; i < expected.length; i++) {
          assertEquals(expected[i], vectors[place][i], TOLERANCE);
        }
      }
    }
  }

  private static List<long[]> randomTexts(Checkpoint checkpoint) {
    Random random = new Random(3);
    List<long[]> texts = new ArrayList<>();
    for (int length : new int[] {3, 9, 48, 9, 17, 3, 1}) {
      texts.add(random.longs(length, 0, checkpoint.config().vocabulary()).toArray());
    }
    return texts;
  }
}
