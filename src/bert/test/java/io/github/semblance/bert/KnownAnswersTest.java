package io.github.semblance.bert;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.semblance.bert.checkpoint.CheckpointException;
import io.github.semblance.embed.Embedding;
import io.github.semblance.embed.TextEmbedder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every architecture and every step after it against what their own libraries compute. */
final class KnownAnswersTest {
  private static final float TOLERANCE = 1e-5f;

  @TempDir private Path home;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bert-uncased",
        "bert-cased",
        "bert-not-normalized-max",
        "bert-short-window",
        "bert-unigram",
        "bert-dense",
        "bert-dense-identity",
        "roberta",
        "xlm-roberta",
        "distilbert",
        "mpnet"
      })
  void vectorsAreThoseOfSentenceTransformers(String model) throws CheckpointException {
    KnownAnswers known = KnownAnswers.of(model);
    try (TextEmbedder embedder = embedder(known, Precision.FP32)) {
      assertAlike(known, "vectors", embedder.embedPassages(known.texts()));
      assertAlike(known, "vectors", alone(embedder, known.texts()));
    }
  }

  @Test
  void promptsArePutBefore() throws CheckpointException {
    KnownAnswers known = KnownAnswers.of("bert-cls-prompts");
    try (TextEmbedder embedder = embedder(known, Precision.FP32)) {
      assertAlike(known, "passage_vectors", embedder.embedPassages(known.texts()));
      assertAlike(known, "query_vectors", alone(embedder, known.texts()));
    }
  }

  /** Small layers of random weights are harder to round than those of trained models. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "bert-uncased",
        "bert-unigram",
        "bert-dense",
        "bert-dense-identity",
        "roberta",
        "xlm-roberta",
        "distilbert",
        "mpnet"
      })
  void int8StaysClose(String model) throws CheckpointException {
    KnownAnswers known = KnownAnswers.of(model);
    try (TextEmbedder embedder = embedder(known, Precision.INT8)) {
      float[][] expected = known.vectors("vectors");
      List<Embedding> actual = embedder.embedPassages(known.texts());
      for (int i = 0; i < expected.length; i++) {
        double cosine = 0; // all are of length 1
        for (int j = 0; j < expected[i].length; j++) {
          cosine += expected[i][j] * actual.get(i).vector()[j];
        }
        assertTrue(cosine > 0.99, model + ", text " + i + ": cosine " + cosine);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"bert-dense, 48", "bert-dense-identity, 24", "mpnet, 32"})
  void theLastLayerDecidesTheDimension(String model, int dimension) throws CheckpointException {
    try (TextEmbedder embedder = embedder(KnownAnswers.of(model), Precision.FP32)) {
      assertEquals(dimension, embedder.model().dimension());
    }
  }

  /** The positions that come after padding are no room for a text. */
  @ParameterizedTest
  @CsvSource({"bert-uncased, 64", "bert-short-window, 16", "roberta, 64", "mpnet, 64"})
  void theWindowIsWhatPositionsAreLeftFor(String model, int window) throws CheckpointException {
    KnownAnswers known = KnownAnswers.of(model);
    assertEquals(window, known.open(home).facts().maxTokens());
  }

  private TextEmbedder embedder(KnownAnswers known, Precision precision)
      throws CheckpointException {
    // Small calls, so that a batch is cut in the middle of the texts, too.
    return BertLoader.load(
        known.open(home),
        BertEmbedder.Options.defaults()
            .withThreads(2)
            .withTokensPerCall(300)
            .withPrecision(precision),
        ShortQueries.Choice.NONE);
  }

  private static List<Embedding> alone(TextEmbedder embedder, List<String> texts) {
    List<Embedding> embeddings = new ArrayList<>();
    for (String text : texts) {
      embeddings.add(embedder.embedQuery(text));
    }
    return embeddings;
  }

  private static void assertAlike(KnownAnswers known, String key, List<Embedding> actual) {
    float[][] expected = known.vectors(key);
    assertEquals(expected.length, actual.size());
    for (int i = 0; i < expected.length; i++) {
      float[] vector = actual.get(i).vector();
      if (key.equals("vectors")) {
        assertEquals(known.ids(i).length, actual.get(i).tokens(), "tokens of text " + i);
      }
      assertArrayEquals(expected[i], vector, TOLERANCE, known.texts().get(i));
    }
  }
}
