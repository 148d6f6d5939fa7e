package io.github.semblance.bert;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.semblance.bert.checkpoint.Architecture;
import io.github.semblance.bert.checkpoint.BertConfig;
import io.github.semblance.bert.checkpoint.BertConfig.Activation;
import io.github.semblance.bert.checkpoint.Checkpoint;
import io.github.semblance.bert.checkpoint.Pooling;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class QueryEncoderTest {
  private static final double TOLERANCE = 1e-5;

  private static final int[] LENGTHS = {1, 2, 3, 4, 5, 8, 12, 13, 23, 24, 25, 48};

  /** Of a vector computed with weights of 16 bits to one with all of theirs. */
  private static final double ROUNDING = 4e-5;

  /** For a process that computes with vectors which its processor does not have. */
  private static final int LIMIT_S = 120;

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

  /** 192 is a whole number of each tile, whatever the width of vectors. */
  @ParameterizedTest
  @EnumSource(BertModule.Kernels.class)
  void eachTileAgreesWithTheWrittenOutModel(BertModule.Kernels kernels) {
    assertAgrees(RandomCheckpoint.of(new Architecture.Bert(), 192), kernels, 4, LENGTHS);
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

  @ParameterizedTest
  @ValueSource(ints = {128, 256, 512})
  void vectorsOfEachWidthAgreeWithTheWrittenOutModel(int bits)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dsemblance.vector.bits=" + bits,
                "--add-modules=jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                VectorWidthTrial.class.getName())
            .redirectErrorStream(true)
            .start();
    try {
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertTrue(process.waitFor(LIMIT_S, TimeUnit.SECONDS), output);
      assertEquals(0, process.exitValue(), output);
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void attentionWithABiasStaysWithLibtorch() {
    assertHasNone(
        RandomCheckpoint.of(new Architecture.MpNet(32), 48),
        "vectors do not fit its layers or its attention");
  }

  @Test
  void widthsThatVectorsDoNotDivideStayWithLibtorch() {
    assertHasNone(
        RandomCheckpoint.of(new Architecture.Bert(), 20),
        "vectors do not fit its layers or its attention");
  }

  /** Rounding shows, and is all that shows. */
  @Test
  void weightsOf16BitsChangeVectorsByLittle() {
    Checkpoint checkpoint = checkpoint(48, 4, Activation.GELU_ERF, Pooling.MEAN, true);
    try (BertModule module =
        new BertModule(checkpoint, checkpoint.facts(), BertModule.Kernels.ONEDNN)) {
      long[] ids = new Random(5).longs(29, 0, checkpoint.config().vocabulary()).toArray();
      float[] exact = module.embed(new TokenBatch(List.of(ids)))[0];
      float[] rounded = encoders(module).get(0).embed(ids, 1);
      assertArrayEquals(exact, rounded, (float) ROUNDING);
      assertNotEquals(0, largestDifference(exact, rounded), 1e-7);
    }
  }

  /** Inputs of 7 bits cost precision, weights of 8 the rest: a query has only the latter. */
  @Test
  void queriesOfInt8AreNearerToFullPrecisionThanPassages() {
    Checkpoint checkpoint = checkpoint(192, 4, Activation.GELU_ERF, Pooling.MEAN, true);
    ReferenceBert reference = new ReferenceBert(checkpoint);
    Random random = new Random(7);
    double own = 0;
    double libtorchs = 0;
    try (BertModule module =
        new BertModule(checkpoint, checkpoint.facts(), BertModule.Kernels.INT8)) {
      for (int text = 0; text < 20; text++) {
        long[] ids = random.longs(12, 0, checkpoint.config().vocabulary()).toArray();
        double[] expected = reference.vector(ids);
        own += cosine(expected, encoders(module).get(0).embed(ids, 1));
        libtorchs += cosine(expected, module.embed(new TokenBatch(List.of(ids)))[0]);
      }
    }
    assertTrue(own > libtorchs, own / 20 + " is not above " + libtorchs / 20);
  }

  private static double cosine(double[] expected, float[] vector) { // both are of length 1
    double cosine = 0;
    for (int i = 0; i < expected.length; i++) {
      cosine += expected[i] * vector[i];
    }
    return cosine;
  }

  private static double largestDifference(float[] one, float[] other) {
    double difference = 0;
    for (int i = 0; i < one.length; i++) {
      difference = Math.max(difference, Math.abs(one[i] - other[i]));
    }
    return difference;
  }

  private static void assertHasNone(Checkpoint checkpoint, String reason) {
    try (BertModule module =
        new BertModule(checkpoint, checkpoint.facts(), BertModule.Kernels.ONEDNN)) {
      assertEquals(QueryCandidates.none(reason), module.forQueries());
    }
  }

  private static List<QueryEncoder> encoders(BertModule module) {
    QueryCandidates candidates = module.forQueries();
    assertEquals("", candidates.reason());
    return candidates.encoders();
  }

  private static void assertAgrees(Checkpoint checkpoint, BertModule.Kernels kernels) {
    assertAgrees(checkpoint, kernels, 1, LENGTHS);
  }

  /**
   * Compares with the written out model of the same rounded weights.
   *
   * @param tiles how many encoders there are at least, all of which give the same bits
   */
  static void assertAgrees(
      Checkpoint checkpoint, BertModule.Kernels kernels, int tiles, int... lengths) {
    Random random = new Random(3);
    try (BertModule module = new BertModule(checkpoint, checkpoint.facts(), kernels)) {
      ReferenceBert reference =
          new ReferenceBert(
              kernels == BertModule.Kernels.INT8
                  ? RoundedCheckpoint.of(checkpoint, module)
                  : RoundedCheckpoint.of(checkpoint));
      List<QueryEncoder> encoders = encoders(module);
      assertTrue(encoders.size() >= tiles, encoders.size() + " tiles");
      for (int length : lengths) {
        long[] ids = random.longs(length, 0, checkpoint.config().vocabulary()).toArray();
        double[] expected = reference.vector(ids);
        float[] vector = encoders.get(0).embed(ids, 1);
        for (int i = 0; i < expected.length; i++) {
          assertEquals(expected[i], vector[i], TOLERANCE);
        }
        for (QueryEncoder encoder : encoders) {
          for (int cores : new int[] {1, 2, 5}) {
            assertArrayEquals(vector, encoder.embed(ids, cores)); // to the last bit
          }
        }
      }
    }
  }

  /** As wide as three vectors of 4, 8 or 16 floats need. */
  static Checkpoint checkpoint(
      int width, int heads, Activation activation, Pooling pooling, boolean normalized) {
    return RandomCheckpoint.of(
        new BertConfig(2, width, heads, 2 * width, 30522, 64, activation, 1e-12),
        new Checkpoint.Facts(48, pooling, normalized, "", "", 0));
  }
}
