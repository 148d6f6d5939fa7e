package io.github.semblance.bert;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.semblance.bert.checkpoint.Checkpoint;
import io.github.semblance.bert.checkpoint.CheckpointException;
import io.github.semblance.bert.checkpoint.ModelStore;
import io.github.semblance.embed.EmbeddingException;
import io.github.semblance.embed.PassageScorer;
import io.github.semblance.embed.Relevance;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Against what transformers computes for each pair alone. */
final class CrossEncoderTest {
  private static final KnownAnswers KNOWN = KnownAnswers.of("cross-encoder");

  @TempDir private Path home;

  private CrossEncoder load(Precision precision) throws CheckpointException {
    return CrossEncoder.load(
        KnownAnswers.store(home).openScorer(KNOWN.folder.toString()),
        BertEmbedder.Options.defaults()
            .withThreads(2)
            .withTokensPerCall(100)
            .withPrecision(precision));
  }

  private static String text(int pair, int side) {
    return KNOWN.expected.get("pairs").get(pair).get(side).asString();
  }

  private static int pairs() {
    return KNOWN.expected.get("pairs").size();
  }

  private static float logit(int pair) {
    return KNOWN.expected.get("logits").get(pair).floatValue();
  }

  private static long[] longs(JsonNode row) {
    return row.valueStream().mapToLong(JsonNode::longValue).toArray();
  }

  @Test
  void idsAndTypesAreThoseOfTransformers() throws CheckpointException {
    String json = KnownAnswers.store(home).openScorer(KNOWN.folder.toString()).tokenizerJson();
    try (WordPieceEncoder tokenizer = new WordPieceEncoder("t", json, 64)) {
      int cut = 0;
      for (int pair = 0; pair < pairs(); pair++) {
        TokenPair encoded = tokenizer.encode(text(pair, 0), text(pair, 1));
        assertArrayEquals(longs(KNOWN.expected.get("ids").get(pair)), encoded.ids());
        assertArrayEquals(longs(KNOWN.expected.get("token_types").get(pair)), encoded.types());
        cut += encoded.dropped() > 0 ? 1 : 0;
      }
      assertTrue(cut > 0, "some pairs are longer than the window");
    }
  }

  /** Of a text that is not seen at once, what the window holds is the same. */
  @Test
  void longTextsAreCutAsShortOnes() throws CheckpointException {
    String json = KnownAnswers.store(home).openScorer(KNOWN.folder.toString()).tokenizerJson();
    String some = "word, ".repeat(100);
    String more = "word, ".repeat(TextChunks.LONGEST);
    try (WordPieceEncoder tokenizer = new WordPieceEncoder("t", json, 64)) {
      for (String other : List.of("a", "word, ".repeat(50))) {
        TokenPair first = tokenizer.encode(more, other);
        assertArrayEquals(tokenizer.encode(some, other).ids(), first.ids());
        TokenPair second = tokenizer.encode(other, more);
        assertArrayEquals(tokenizer.encode(other, some).ids(), second.ids());
        assertTrue(second.dropped() > TextChunks.LONGEST / 2, "dropped: " + second.dropped());
      }
      assertArrayEquals(
          tokenizer.encode("a", "\uFFFD").ids(), tokenizer.encode("a", "\uD800").ids());
    }
  }

  @Test
  void typesThatTheWeightsDoNotHaveAreRefused() throws CheckpointException {
    Checkpoint good = KnownAnswers.store(home).openScorer(KNOWN.folder.toString());
    String json = good.tokenizerJson().replaceAll("\"type_id\":\\s*1", "\"type_id\":2");
    Checkpoint bad =
        new Checkpoint(
            "bad",
            good.config(),
            good.weights(),
            good.dense(),
            json,
            good.facts(),
            good.fingerprint());
    EmbeddingException refused =
        assertThrows(
            EmbeddingException.class,
            () -> CrossEncoder.load(bad, BertEmbedder.Options.defaults()));
    assertEquals(
        "bad: tokenizer.json must have token types below 2, as the weights have, got: 2",
        refused.getMessage());
  }

  @Test
  void logitsAreThoseOfTransformersAlone() throws CheckpointException {
    try (PassageScorer scorer = load(Precision.FP32)) {
      for (int pair = 0; pair < pairs(); pair++) {
        List<Relevance> scores = scorer.score(text(pair, 0), List.of(text(pair, 1)));
        assertEquals(logit(pair), scores.get(0).logit(), 1e-5f, text(pair, 1));
      }
    }
  }

  @Test
  void logitsAreThoseOfTransformersInABatch() throws CheckpointException {
    Map<String, List<Integer>> byQuery = new LinkedHashMap<>();
    for (int pair = 0; pair < pairs(); pair++) {
      byQuery.computeIfAbsent(text(pair, 0), query -> new ArrayList<>()).add(pair);
    }
    try (PassageScorer scorer = load(Precision.FP32)) {
      for (Map.Entry<String, List<Integer>> query : byQuery.entrySet()) {
        List<Integer> asked = query.getValue();
        List<Relevance> scores =
            scorer.score(query.getKey(), asked.stream().map(pair -> text(pair, 1)).toList());
        for (int i = 0; i < asked.size(); i++) {
          assertEquals(logit(asked.get(i)), scores.get(i).logit(), 1e-5f, text(asked.get(i), 1));
        }
      }
      assertTrue(byQuery.values().stream().anyMatch(asked -> asked.size() > 5));
      assertTrue(scorer.score("nothing to score", List.of()).isEmpty());
    }
  }

  @Test
  void int8StaysClose() throws CheckpointException {
    try (PassageScorer scorer = load(Precision.INT8)) {
      for (int pair = 0; pair < pairs(); pair++) {
        float scored = scorer.score(text(pair, 0), List.of(text(pair, 1))).get(0).logit();
        assertEquals(logit(pair), scored, 0.1f, text(pair, 1));
      }
    }
  }

  /** The figures of its model card; skipped unless {@code models pull} has fetched it. */
  @Test
  void msMarcoMiniLmAgreesWithItsModelCard() throws CheckpointException {
    String model = "hf:cross-encoder/ms-marco-MiniLM-L6-v2";
    assumeTrue(
        ModelStore.system().describe(model).isHere(),
        model + " is not here: fetch it with `semblance models pull`");
    try (PassageScorer scorer = CrossEncoder.load(model)) {
      List<Relevance> scores =
          scorer.score(
              "How many people live in Berlin?",
              List.of(
                  "Berlin had a population of 3,520,031 registered inhabitants in an area of 891.82"
                      + " square kilometers.",
                  "Berlin is well known for its museums."));
      assertEquals(8.607138f, scores.get(0).logit(), 1e-4f);
      assertEquals(-4.320078f, scores.get(1).logit(), 1e-4f);
    }
  }

  @Test
  void saysWhatIsNoCrossEncoder() {
    String encoder = KnownAnswers.of("bert-uncased").folder.toString();
    CheckpointException refused =
        assertThrows(CheckpointException.class, () -> KnownAnswers.store(home).openScorer(encoder));
    String message = String.valueOf(refused.getMessage());
    assertTrue(
        message.contains("must be a class …ForSequenceClassification, got: [\"BertModel"), message);
  }

  @Test
  void nothingIsScoredOnceClosed() throws CheckpointException {
    CrossEncoder scorer = load(Precision.FP32);
    scorer.close();
    scorer.close();
    assertThrows(EmbeddingException.class, () -> scorer.score("query", List.of("passage")));
  }
}
