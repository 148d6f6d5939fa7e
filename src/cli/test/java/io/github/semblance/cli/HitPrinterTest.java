package io.github.semblance.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.semblance.search.Highlight;
import io.github.semblance.search.Hit;
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
    Hit hit =
        new Hit(
            1,
            2,
            "a",
            null,
            null,
            null,
            null,
            "a long title",
            "text",
            Map.of("source", List.of("no address", address)),
            null,
            new Snippet("text", List.of()),
            null,
            null);
    return printed(hit, terminal, columns);
  }

  private static String printed(Hit hit, boolean terminal, int columns) {
    StringWriter out = new StringWriter();
    PrintWriter printer = new PrintWriter(out);
    new HitPrinter(
            new Streams(
                InputStream.nullInputStream(), printer, printer, false, terminal, false, columns))
        .print(
            new SearchResults(
                SearchRequest.builder("x").build(),
                new TotalHits(1, TotalHits.Relation.EQUAL_TO),
                Duration.ofMillis(3),
                List.of(hit),
                Map.of(),
                0,
                0,
                false,
                null,
                null,
                false));
    return out.toString();
  }

  @Test
  void theClosestSentenceIsShownInPlaceOfTheSnippet() {
    Hit hit =
        new Hit(
            1,
            2,
            "a",
            null,
            null,
            null,
            null,
            "t",
            "Come in. The door is open.",
            Map.of(),
            null,
            new Snippet("Come in.", List.of()),
            new Highlight(
                new Hit.PassageText("The door is open.", 9, 26),
                0.5f,
                List.of(),
                new Hit.PassageText("Come in. The door is open.", 0, 26)),
            null);
    String out = printed(hit, false, 80);
    assertTrue(out.contains("\n    The door is open.\n"), out);
    assertFalse(out.contains("Come in."), out);
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
