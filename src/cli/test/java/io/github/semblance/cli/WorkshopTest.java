package io.github.semblance.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A corpus of real questions and answers, with the model that is the default. */
@SuppressWarnings("NullAway.Init") // set before all tests
final class WorkshopTest {
  private static final Path CORPUS = Path.of("../shared/data/faq/documents-with-ids.json");

  @TempDir private static Path folder;
  private static String index;

  @BeforeAll
  static void index() {
    assumeTrue(Files.exists(CORPUS), CORPUS + " is not here");
    index = folder.toString();
    JsonNode built =
        Run.withInput(new byte[0], "index", CORPUS.toString(), "--index", index, "--json").json();
    assertEquals(948, built.get("documents").asInt());
    assertEquals(0, built.get("skipped").asInt());
  }

  /** Keyword search is known for missing it. */
  @Test
  void theQuestionFindsItsAnswer() {
    for (String mode : new String[] {"semantic", "hybrid"}) {
      JsonNode hits =
          Run.of(
                  "search",
                  "I just signed up. Is it too late to join the course?",
                  "--index",
                  index,
                  "--mode",
                  mode,
                  "--top",
                  "5",
                  "--filter",
                  "course=data-engineering-zoomcamp",
                  "--json")
              .succeeds()
              .json()
              .get("hits");
      assertEquals(5, hits.size());
      assertTrue(
          hits.valueStream().limit(3).anyMatch(hit -> hit.get("id").asString().equals("7842b56a")),
          mode + ": " + hits);
    }
  }

  /** BM25 reaches .7188 and hybrid .7472. */
  @Test
  void hybridFindsRareWordsBetterThanKeywordsDo() {
    RareWords.assertFoundBetter(index, CORPUS.toString());
  }
}
