package io.github.semblance.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.semblance.search.Highlight;
import io.github.semblance.search.Hit;
import io.github.semblance.search.ResultsJson;
import io.github.semblance.search.SearchMode;
import io.github.semblance.search.SearchRequest;
import io.github.semblance.search.SearchResults;
import io.github.semblance.search.Snippet;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.lucene.search.TotalHits;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is shown of a hit, and where its title leads to in a terminal. */
final class HitPrinterTest {
  private static final String ANSI = "picocli.ansi";
  private static final String LINK = "\u001B]8;;";
  private static final String END = "\u001B\\";

  @BeforeEach
  void coloursAreKnown() {
    System.setProperty(ANSI, "true");
  }

  @AfterEach
  void coloursAreAsBefore() {
    System.clearProperty(ANSI);
  }

  private static String shown(boolean terminal, int columns, String address) {
    return printed(
        results(hit("text", Map.of("source", List.of("no address", address)), null), false),
        terminal,
        columns);
  }

  private static Hit hit(
      String text, Map<String, List<String>> fields, @Nullable Highlight highlight) {
    return new Hit(
        1,
        2,
        "a",
        null,
        null,
        null,
        null,
        "a long title",
        text,
        fields,
        null,
        new Snippet("Come in.", List.of()),
        highlight,
        null);
  }

  private static SearchResults results(Hit hit, boolean timedOut) {
    return new SearchResults(
        SearchRequest.builder("x").mode(SearchMode.BM25).build(),
        new TotalHits(100_000, TotalHits.Relation.GREATER_THAN_OR_EQUAL_TO),
        Duration.ofMillis(3),
        List.of(hit),
        Map.of(),
        0,
        0,
        timedOut,
        null,
        null,
        false);
  }

  private static String printed(SearchResults results, boolean terminal, int columns) {
    StringWriter out = new StringWriter();
    PrintWriter printer = new PrintWriter(out);
    new HitPrinter(
            new Streams(
                InputStream.nullInputStream(), printer, printer, false, terminal, false, columns))
        .print(results);
    return out.toString();
  }

  @Test
  void theClosestSentenceIsShownInPlaceOfTheSnippet() {
    Highlight highlight =
        new Highlight(
            new Hit.PassageText("The door is open.", 9, 26),
            0.5f,
            List.of(),
            new Hit.PassageText("Come in. The door is open.", 0, 26));
    Hit hit = hit("Come in. The door is open.", Map.of(), highlight);
    String out = printed(results(hit, false), false, 80);
    assertTrue(out.contains("\n    The door is open.\n"), out);
    assertFalse(out.contains("Come in."), out);
  }

  @Test
  void lowerBoundsAreSaid() {
    for (boolean timedOut : new boolean[] {false, true}) {
      SearchResults many = results(hit("text", Map.of(), null), timedOut);
      String found = timedOut ? "1 of at least 100,000 hits, 3 ms" : "1 of more than 100,000 hits,";
      String out = printed(many, false, 80);
      assertTrue(out.contains("\n" + found), out);
      assertEquals("gte", ResultsJson.of(many).get("total_relation"));
      assertEquals(100_000L, ResultsJson.of(many).get("total"));
      assertEquals(timedOut, ResultsJson.of(many).get("timed_out"));
    }
  }

  @Test
  void aTitleLeadsToItsAddress() {
    String bold = "\u001B[1ma long title\u001B[0m";
    String shown = shown(true, 80, "https://example.org/a?b=c");
    assertTrue(
        shown.startsWith(
            " 1. " + LINK + "https://example.org/a?b=c" + END + bold + LINK + END + "\n"),
        shown);
    assertEquals(2, shown.split("\\Q" + LINK + "\\E", -1).length - 1, shown);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "file:///etc/passwd",
        "javascript:alert(1)",
        "https://example.org/\u001B\\a",
        "https://example.org/a b",
        "https://"
      })
  void nothingElseIsLedTo(String address) {
    assertFalse(shown(true, 80, address).contains(LINK), address);
  }

  /** A pipe or a file gets the text alone. */
  @Test
  void nothingLeadsAnywhereOutsideOfATerminal() {
    String shown = shown(false, 80, "https://example.org/a");
    assertTrue(shown.startsWith(" 1. a long title\n"), shown);
    assertFalse(shown.contains("\u001B"), shown);
  }
}
