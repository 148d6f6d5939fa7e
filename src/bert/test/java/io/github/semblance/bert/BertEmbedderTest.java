package io.github.semblance.bert;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.pytorch.jni.JniUtils;
import io.github.semblance.bert.checkpoint.BertConfig.Activation;
import io.github.semblance.bert.checkpoint.Checkpoint;
import io.github.semblance.bert.checkpoint.Pooling;
import io.github.semblance.embed.Embedding;
import io.github.semblance.embed.EmbeddingException;
import io.github.semblance.embed.WordPiece;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What holds of the embedder whatever its weights are. */
@SuppressWarnings("NullAway.Init") // the embedder is set before all tests
final class BertEmbedderTest {
  private static final BertEmbedder.Options OPTIONS =
      BertEmbedder.Options.defaults().withThreads(2).withTokensPerCall(64);
  private static final Checkpoint CHECKPOINT =
      RandomCheckpoint.small(Activation.GELU_ERF, Pooling.MEAN, true);

  private static BertEmbedder embedder;

  @BeforeAll
  static void loadOne() {
    embedder = load(CHECKPOINT, OPTIONS);
  }

  /** What queries are asked of: by chance some would have rounded weights. */
  private static BertEmbedder load(Checkpoint checkpoint, BertEmbedder.Options options) {
    return BertLoader.load(checkpoint, options, ShortQueries.Choice.NONE);
  }

  @AfterAll
  static void close() {
    embedder.close();
  }

  @Test
  void aTextHasOneVectorWhateverIsEmbeddedWithIt() {
    List<String> texts = new ArrayList<>();
    Random random = new Random(5);
    for (int i = 0; i < 60; i++) {
      texts.add("enrol ".repeat(1 + random.nextInt(30)) + i);
    }
    List<Embedding> together = embedder.embedPassages(texts);
    for (int i = 0; i < texts.size(); i++) {
      float[] alone = embedder.embedQuery(texts.get(i)).vector();
      assertArrayEquals(alone, together.get(i).vector(), 1e-6f, texts.get(i));
    }
  }

  @Test
  void queriesKeepTheirVectorsOnceTheyHaveAnEncoderOfTheirOwn() throws Exception {
    Checkpoint checkpoint =
        QueryEncoderTest.checkpoint(384, 12, Activation.GELU_ERF, Pooling.MEAN, true);
    String query = "Is it too late to join the course?";
    try (BertEmbedder queried = BertLoader.load(checkpoint, OPTIONS, ShortQueries.Choice.FIRST);
        ExecutorService callers = Executors.newFixedThreadPool(4)) {
      float[] expected = queried.embedQuery(query).vector();
      float[] own = awaitOwnEncoder(queried, query, expected);
      assertArrayEquals(expected, own, 1e-4f); // weights drawn at random are hard to round
      List<Future<Embedding>> calls = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        calls.add(callers.submit(() -> queried.embedQuery(query)));
      }
      for (Future<Embedding> call : calls) {
        assertArrayEquals(own, call.get().vector(), 1e-6f);
      }
    }
  }

  /** Asks until the last bits change, which shows that another encoder answers. */
  private static float[] awaitOwnEncoder(BertEmbedder embedder, String query, float[] first) {
    for (int i = 0; i < 100_000; i++) {
      float[] vector = embedder.embedQuery(query).vector();
      if (!Arrays.equals(first, vector)) {
        return vector;
      }
    }
    throw new AssertionError("queries never got an encoder of their own");
  }

  @Test
  void manyThreadsGetTheVectorsThatOneGets() throws Exception {
    List<String> texts = Collections.nCopies(20, "Is it too late?");
    float[] expected = embedder.embedQuery(texts.get(0)).vector();
    try (ExecutorService callers = Executors.newFixedThreadPool(8)) {
      List<Future<List<Embedding>>> calls = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        calls.add(callers.submit(() -> embedder.embedPassages(texts)));
        calls.add(callers.submit(() -> List.of(embedder.embedQuery(texts.get(0)))));
      }
      for (Future<List<Embedding>> call : calls) {
        for (Embedding embedding : call.get()) {
          assertArrayEquals(expected, embedding.vector(), 1e-5f);
        }
      }
    }
  }

  @Test
  void embeddersShareTheThreadThatHasAllCores() throws Exception {
    float[] expected = embedder.embedQuery("late").vector();
    try (ExecutorService callers = Executors.newFixedThreadPool(4)) {
      List<Future<float[]>> calls = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        calls.add(
            callers.submit(
                () -> {
                  try (BertEmbedder other = load(CHECKPOINT, OPTIONS)) {
                    return other.embedQuery("late").vector();
                  }
                }));
        calls.add(callers.submit(() -> embedder.embedQuery("late").vector()));
      }
      for (Future<float[]> call : calls) {
        assertArrayEquals(expected, call.get(), 1e-6f);
      }
    }
  }

  @Test
  void anInterruptedQueryDoesNotOutliveItsEmbedder() {
    for (int i = 0; i < 50; i++) {
      BertEmbedder other = load(CHECKPOINT, OPTIONS);
      Thread.currentThread().interrupt();
      try {
        assertEquals(42, other.embedQuery("word ".repeat(40)).tokens()); // done before it was seen
      } catch (EmbeddingException e) {
        assertEquals("interrupted while embedding", e.getMessage());
      }
      assertTrue(Thread.interrupted());
      other.close(); // would crash the process if it did not wait for what computes
    }
  }

  @Test
  void otherThreadsComputeAlone() throws Exception {
    try (BertEmbedder narrow = load(CHECKPOINT, OPTIONS.withThreads(1));
        ExecutorService caller = Executors.newSingleThreadExecutor()) {
      // With two cores, which is what new threads begin with.
      assertEquals(3, embedder.embedQuery("late").tokens());
      caller
          .submit(
              () -> {
                int tokens = narrow.embedQuery("late").tokens();
                assertEquals(1, JniUtils.getNumThreads(), "threads for " + tokens + " tokens");
              })
          .get();
    }
  }

  @Test
  void whatLiesBeyondTheWindowIsCounted() {
    Embedding whole = embedder.embedQuery("word ".repeat(46));
    assertEquals(48, whole.tokens());
    assertEquals(0, whole.droppedTokens());
    Embedding cut = embedder.embedQuery("word ".repeat(50));
    assertEquals(48, cut.tokens());
    assertEquals(4, cut.droppedTokens());
    assertArrayEquals(whole.vector(), cut.vector(), 1e-6f);
  }

  @Test
  void emptyTextsAndEmptyListsAreEmbedded() {
    assertEquals(2, embedder.embedQuery("").tokens());
    assertEquals(List.of(), embedder.embedPassages(List.of()));
  }

  @Test
  void prefixesBelongToTheModel() {
    Checkpoint prefixed =
        RandomCheckpoint.of(
            CHECKPOINT.config(),
            new Checkpoint.Facts(48, Pooling.MEAN, true, "query: ", "passage: ", 0));
    try (BertEmbedder other = load(prefixed, OPTIONS)) {
      assertArrayEquals(
          embedder.embedQuery("query: late").vector(), other.embedQuery("late").vector(), 1e-6f);
      assertArrayEquals(
          embedder.embedQuery("passage: late").vector(),
          other.embedPassages(List.of("late")).get(0).vector(),
          1e-6f);
    }
  }

  @Test
  void normalizationCanBeTurnedOffAndChangesTheFingerprint() {
    try (BertEmbedder raw = load(CHECKPOINT, OPTIONS.withNormalization(false))) {
      float[] vector = raw.embedQuery("late").vector();
      float[] unit = embedder.embedQuery("late").vector();
      double length = length(vector);
      assertNotEquals(1, length, 1e-3);
      assertEquals(1, length(unit), 1e-6);
      for (int i = 0; i < unit.length; i++) {
        assertEquals(unit[i], vector[i] / length, 1e-6);
      }
      assertNotEquals(embedder.model().fingerprint(), raw.model().fingerprint());
    }
  }

  @Test
  void wordPiecesPointIntoTheText() {
    String text = "Enrolment: 𝒳 naïve 日本 e\u0301!";
    List<WordPiece> pieces = embedder.wordPieces(text);
    List<String> covered = new ArrayList<>();
    int end = 0;
    for (WordPiece piece : pieces) {
      assertTrue(piece.start() >= end && piece.end() > piece.start(), piece.toString());
      end = piece.end();
      covered.add(text.substring(piece.start(), piece.end()));
    }
    assertEquals(List.of("En", "rol", "ment", ":", "𝒳", "naïve", "日", "本", "e", "!"), covered);
  }

  @Test
  void halfASurrogatePairIsReplacedAndTheRestCounts() {
    for (String text : List.of("rocket \ud83d", "\ude80 rocket", "rocket \ud83d end", "a\ud800")) {
      String mended = text.replaceAll("[\ud800-\udfff]", "\ufffd");
      float[] expected = embedder.embedQuery(mended).vector();
      assertArrayEquals(expected, embedder.embedQuery(text).vector());
      assertArrayEquals(
          expected, embedder.embedPassages(List.of("a", text)).get(1).vector(), 1e-6f);
      assertEquals(embedder.wordPieces(mended), embedder.wordPieces(text));
    }
  }

  @Test
  void aClosedEmbedderSaysSo() {
    BertEmbedder closed = load(CHECKPOINT, OPTIONS);
    closed.close();
    closed.close();
    EmbeddingException e =
        assertThrows(EmbeddingException.class, () -> closed.embedQuery("anything"));
    assertEquals("the embedder of random is closed", e.getMessage());
  }

  @Test
  void optionsAreChecked() {
    assertEquals(
        "threads must be at least 1, got: 0",
        assertThrows(IllegalArgumentException.class, () -> OPTIONS.withThreads(0)).getMessage());
    assertEquals(
        "tokensPerCall must be at least 1, got: -1",
        assertThrows(IllegalArgumentException.class, () -> OPTIONS.withTokensPerCall(-1))
            .getMessage());
  }

  private static double length(float[] vector) {
    double sum = 0;
    for (float value : vector) {
      sum += (double) value * value;
    }
    return Math.sqrt(sum);
  }
}
