package io.github.semblance.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

@SuppressWarnings("NullAway.Init") // set before all tests
final class DemoCommandTest {
  private static Run run;

  @BeforeAll
  static void demo() {
    run = Run.of("demo");
    assertEquals(0, run.code(), run.err());
  }

  @Test
  void answersSideBySide() {
    List<String> lines = run.out().lines().toList();
    assertTrue(lines.get(0).startsWith("Indexed "), run.out());
    assertTrue(run.out().contains("I just signed up. Is it too late to join the course?"));
    int head = 0;
    while (!lines.get(head).matches(" +BM25 +semantic +hybrid *")) {
      head++;
    }
    for (int i = 1; i <= 5; i++) {
      String start = i + ". ";
      assertTrue(lines.stream().anyMatch(line -> line.startsWith(start)), run.out());
    }
    List<String> table = lines.subList(head, head + lines.subList(head, lines.size()).indexOf(""));
    assertTrue(table.stream().allMatch(line -> line.length() <= 100), run.out());
    assertTrue(table.stream().noneMatch(line -> line.contains("--")), run.out());
    // A title of one to three lines, and a line of text.
    assertTrue(table.size() >= 1 + 5 * 2 && table.size() <= 1 + 5 * 4, run.out());
    assertTrue(table.stream().filter(line -> line.endsWith("…")).count() >= 4, run.out());
    assertTrue(run.out().contains("Try next:"), run.out());
  }

  /** BM25 reaches .6717 and hybrid .7521. */
  @Test
  void hybridFindsRareWordsBetterThanKeywordsDo() {
    RareWords.assertFoundBetter("index/demo", "data/faq/documents.json");
  }
}
