package io.github.semblance.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** What hybrid search does for someone who looks up a name or a code. */
final class RareWords {
  /** About three standard errors of the difference over so many words; without, hybrid is even. */
  private static final double MARGIN = 0.02;

  private RareWords() {}

  /** Checks that hybrid's MRR@10 is clearly above BM25's, also within sentences. */
  static void assertFoundBetter(String index, String documents) {
    assertFoundBetter(index, "--rare-words", documents);
    assertFoundBetter(index, "--rare-words", documents, "--in-sentences");
  }

  private static void assertFoundBetter(String index, String... words) {
    List<String> arguments =
        new ArrayList<>(List.of("evaluate", "--index", index, "--modes", "bm25,hybrid", "--json"));
    arguments.addAll(List.of(words));
    JsonNode figures = Run.of(arguments.toArray(String[]::new)).succeeds().json();
    assertEquals(300, figures.get("queries").asInt());
    double bm25 = figures.get("modes").get("bm25").get("mrr@10").asDouble();
    double hybrid = figures.get("modes").get("hybrid").get("mrr@10").asDouble();
    assertTrue(hybrid > bm25 + MARGIN, "BM25 " + bm25 + ", hybrid " + hybrid);
  }
}
