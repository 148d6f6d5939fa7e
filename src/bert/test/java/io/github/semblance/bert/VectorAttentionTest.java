package io.github.semblance.bert;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.semblance.bert.checkpoint.Architecture;
import io.github.semblance.bert.checkpoint.BertConfig.Activation;
import io.github.semblance.bert.checkpoint.Checkpoint;
import io.github.semblance.bert.checkpoint.Pooling;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Attention of batches in vectors; each width of them is tried with the encoders for queries. */
final class VectorAttentionTest {
  private static final double TOLERANCE = 1e-5;

  @BeforeAll
  static void startEngine() {
    TorchRuntime.start();
  }

  @ParameterizedTest
  @EnumSource(
      value = BertModule.Kernels.class,
      names = {"PLAIN", "ONEDNN"})
  void agreesWithTheWrittenOutModel(BertModule.Kernels kernels) {
    assertAgrees(RandomCheckpoint.of(new Architecture.Bert(), 48), kernels);
  }

  /** Heads of 8, 18 and 32 columns. */
  @ParameterizedTest
  @ValueSource(ints = {8, 144, 64})
  void headsNeedNotBeMadeOfWholeVectors(int width) {
    int heads = width == 8 ? 1 : width / (width == 144 ? 18 : 32);
    assertAgrees(
        QueryEncoderTest.checkpoint(width, heads, Activation.GELU_ERF, Pooling.MEAN, true),
        BertModule.Kernels.PLAIN);
  }

  @Test
  void knowsWhereOtherFamiliesCountPositionsFrom() {
    for (Architecture architecture :
        List.of(new Architecture.Roberta("roberta", 1), new Architecture.DistilBert())) {
      assertAgrees(RandomCheckpoint.of(architecture, 48), BertModule.Kernels.PLAIN);
    }
  }

  /** Of a query the bits stay what they were. */
  @Test
  void queriesStayWithLibtorch() {
    Checkpoint checkpoint = RandomCheckpoint.of(new Architecture.Bert(), 48);
    TokenBatch batch = new TokenBatch(texts(checkpoint));
    try (BertModule module =
        new BertModule(checkpoint, checkpoint.facts(), BertModule.Kernels.ONEDNN)) {
      float[][] before = module.embed(batch);
      module.use(
          new Attention() {
            @Override
            public String name() {
              return "none";
            }

            @Override
            public boolean isWide() {
              return true;
            }

            @Override
            public boolean warmUp(BooleanSupplier stopped) {
              return true;
            }

            @Override
            public void attend(FloatBuffer queryKeyValue, long[] runs, FloatBuffer context) {
              throw new AssertionError("a query came by");
            }
          });
      assertArrayEquals(before, module.embed(batch));
      assertThrows(AssertionError.class, () -> module.embedPassages(batch));
    }
  }

  /** Scores of which only the differences have a power of 2. */
  @Test
  void largeScoresAreNoProblem() {
    int width = 32;
    int rows = 5;
    float[] queryKeyValue = new float[3 * rows * width];
    for (int row = 0; row < rows; row++) {
      Arrays.fill(queryKeyValue, 3 * row * width, (3 * row + 2) * width, 100f + row);
      Arrays.fill(queryKeyValue, (3 * row + 2) * width, 3 * (row + 1) * width, row);
    }
    Checkpoint checkpoint =
        QueryEncoderTest.checkpoint(width, 1, Activation.RELU, Pooling.MEAN, true);
    for (Attention attention : VectorApi.attentions(checkpoint.config())) {
      float[] context = new float[(rows + 2) * width];
      Arrays.fill(context, Float.NaN);
      attention.attend(
          FloatBuffer.wrap(queryKeyValue), new long[] {1, rows}, FloatBuffer.wrap(context));
      float[] expected = new float[context.length]; // rows behind the text become 0
      Arrays.fill(expected, 0, rows * width, rows - 1); // the last key wins by far
      assertArrayEquals(expected, context, 1e-5f);
    }
  }

  /** What is no number must reach whoever checks vectors. */
  @Test
  void whatIsNoNumberStaysNone() {
    Checkpoint checkpoint = QueryEncoderTest.checkpoint(32, 1, Activation.RELU, Pooling.MEAN, true);
    float[] queryKeyValue = new float[96];
    queryKeyValue[0] = Float.NaN;
    float[] context = new float[32];
    VectorApi.attentions(checkpoint.config())
        .get(0)
        .attend(FloatBuffer.wrap(queryKeyValue), new long[] {1, 1}, FloatBuffer.wrap(context));
    assertTrue(Float.isNaN(context[0]), Arrays.toString(context));
  }

  @Test
  void attentionWithABiasStaysWithLibtorch() {
    Checkpoint checkpoint = RandomCheckpoint.of(new Architecture.MpNet(32), 48);
    assertEquals(List.of(), VectorApi.attentions(checkpoint.config()));
    try (BertModule module =
        new BertModule(checkpoint, checkpoint.facts(), BertModule.Kernels.ONEDNN)) {
      assertTrue(module.prepareForPassages(() -> false).orElseThrow().startsWith("libtorch"));
    }
  }

  /**
   * Whose codes another attention would change: a passage alone has the bits it has among others.
   */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void int8DependsOnNoOtherPassage(boolean own) {
    Checkpoint checkpoint = RandomCheckpoint.of(new Architecture.Bert(), 192);
    List<long[]> texts = texts(checkpoint);
    TokenBatch batch = new TokenBatch(texts);
    try (BertModule module =
        new BertModule(checkpoint, checkpoint.facts(), BertModule.Kernels.INT8)) {
      assertTrue(module.preparesBeforePassages());
      if (own) {
        module.use(VectorApi.attentions(checkpoint.config()).get(0));
      }
      float[][] together = module.embedPassages(batch);
      for (int place = 0; place < batch.size(); place++) {
        TokenBatch alone = new TokenBatch(List.of(batch.idsAt(place)));
        assertArrayEquals(together[place], module.embedPassages(alone)[0]);
      }
    }
  }

  /** Whichever is faster here, vectors are the same but for what rounding makes of sums. */
  @Test
  void choosingChangesNoVector() {
    Checkpoint checkpoint = RandomCheckpoint.of(new Architecture.Bert(), 192);
    TokenBatch batch = new TokenBatch(texts(checkpoint));
    try (BertModule module =
        new BertModule(checkpoint, checkpoint.facts(), BertModule.Kernels.ONEDNN)) {
      float[][] before = module.embedPassages(batch);
      Optional<String> unused = module.prepareForPassages(() -> false);
      float[][] after = module.embedPassages(batch);
      for (int i = 0; i < before.length; i++) {
        assertArrayEquals(before[i], after[i], (float) TOLERANCE);
      }
    }
  }

  /** Compares each way with the model written out. */
  static void assertAgrees(Checkpoint checkpoint, BertModule.Kernels kernels) {
    ReferenceBert reference = new ReferenceBert(checkpoint);
    List<long[]> texts = texts(checkpoint);
    List<Attention> attentions = VectorApi.attentions(checkpoint.config());
    assertEquals(2, attentions.size());
    try (BertModule module = new BertModule(checkpoint, checkpoint.facts(), kernels)) {
      for (Attention attention : attentions) {
        // Each but the first with what the one before has left.
        for (List<long[]> some : List.of(texts.subList(0, 2), texts, texts.subList(3, 6))) {
          TokenBatch batch = new TokenBatch(some);
          float[][] vectors = module.embed(batch, attention);
          for (int place = 0; place < batch.size(); place++) {
            double[] expected = reference.vector(batch.idsAt(place));
            for (int i = 0; i < expected.length; i++) {
              assertEquals(expected[i], vectors[place][i], TOLERANCE);
            }
          }
        }
      }
    }
  }

  private static List<long[]> texts(Checkpoint checkpoint) {
    Random random = new Random(3);
    List<long[]> texts = new ArrayList<>();
    for (int length : new int[] {3, 9, 48, 9, 17, 13, 3, 1, 12, 25, 48, 47, 46}) {
      texts.add(random.longs(length, 10, checkpoint.config().vocabulary()).toArray());
    }
    return texts;
  }
}
