package io.github.semblance.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import tools.jackson.databind.JsonNode;

/** What hybrid search must not do to someone who looks up a name or a code. */
final class RareWords {
  /**
   * Three standard errors of the difference over so many words. Fusing by rank, which buries exact
   * matches, loses .05 on the sample and .11 on the course FAQ.
   */
  private static final double CHANCE = 0.03;

  private RareWords() {}

  /** Checks that hybrid's MRR@10 is not below BM25's by more than chance may do. */
  static void assertNotBuried(String index, String documents) {
    JsonNode figures =
        Run.of(
                "evaluate",
                "--index",
                index,
                "--rare-words",
                documents,
                "--modes",
                "bm25,hybrid",
                "--json")
            .succeeds()
            .json();
    assertEquals(300, figures.get("queries").asInt());
    double bm25 = figures.get("modes").get("bm25").get("mrr@10").asDouble();
    double hybrid = figures.get("modes").get("hybrid").get("mrr@10").asDouble();
    assertTrue(hybrid >= bm25 - CHANCE, "BM25 " + bm25 + ", hybrid " + hybrid);
  }
}
