package io.github.semblance.cli;

import io.github.semblance.search.Hit;
import io.github.semblance.search.Question;
import io.github.semblance.search.SearchMode;
import io.github.semblance.search.SearchRequest;
import io.github.semblance.search.SearchResults;
import io.github.semblance.search.Snippet;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.apache.lucene.search.TotalHits;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Help.Ansi;

/** Shows hits to people. */
final class HitPrinter {
  private static final int INDENT = 4;

  /** Mark the highlights until lines are broken; no text has them, for control characters go. */
  private static final char HIGHLIGHT = '\u0001';

  private static final char END = '\u0002';

  private final PrintWriter out;
  private final int columns;
  private final String bold;
  private final String plain;

  HitPrinter(Streams streams) {
    this.out = streams.out();
    this.columns = streams.columns();
    boolean colours = streams.outTerminal() && Ansi.AUTO.enabled();
    this.bold = colours ? "\u001B[1m" : "";
    this.plain = colours ? "\u001B[0m" : "";
  }

  /** Prints hits for a person. */
  void print(SearchResults results) {
    if (results.withheld()) {
      out.printf(
          Locale.ROOT,
          "Nothing here seems to answer this (confidence %.2f); --min-confidence 0 shows what is"
              + " closest.%n",
          results.confidence());
      return;
    }
    if (results.hits().isEmpty()) {
      out.println(none(results));
      printFacets(results);
      return;
    }
    for (Hit hit : results.hits()) {
      out.printf(Locale.ROOT, "%2d. ", hit.rank());
      out.println(bold + String.join(plain + "\n    " + bold, lines(title(hit))) + plain);
      out.printf(Locale.ROOT, "    %.4f  %s%n", hit.score(), legs(hit, results.request()));
      for (String line : lines(snippet(hit))) {
        out.println("    " + line.replace("" + HIGHLIGHT, bold).replace("" + END, plain));
      }
      if (hit.explanation() != null) {
        hit.explanation()
            .toString()
            .lines()
            .forEach(line -> out.println(" ".repeat(INDENT) + Printable.message(line)));
      }
      out.println();
    }
    printFacets(results);
    int from = results.request().page().from();
    out.printf(
        Locale.ROOT,
        "%s%,d of %s, %d ms%n",
        from == 0 ? "" : String.format(Locale.ROOT, "%,d to ", from + 1),
        from + results.hits().size(),
        found(results),
        results.took().toMillis());
  }

  private static String none(SearchResults results) {
    if (results.timedOut()) {
      return "No hits in the time given.";
    }
    return results.total().value() == 0 ? "No hits." : "No more hits: " + found(results) + ".";
  }

  private void printFacets(SearchResults results) {
    results
        .facets()
        .forEach(
            (field, counts) -> {
              String values =
                  counts.stream()
                      .map(
                          count ->
                              String.format(
                                  Locale.ROOT,
                                  "%s (%,d)",
                                  Printable.line(count.value()),
                                  count.count()))
                      .collect(Collectors.joining(", "));
              out.println(Printable.line(field) + ": " + (values.isEmpty() ? "none" : values));
            });
  }

  /** What was found in all: matches, or candidates where a ranking ends at a depth. */
  private static String found(SearchResults results) {
    boolean exact = results.total().relation() == TotalHits.Relation.EQUAL_TO;
    boolean everyMatch =
        results.request().mode() == SearchMode.BM25
            || results.request().question() instanceof Question.Syntax;
    return String.format(
        Locale.ROOT,
        "%s%,d %s",
        exact ? "" : results.timedOut() ? "at least " : "more than ",
        results.total().value(),
        everyMatch ? "hits" : "candidates");
  }

  /** A title to show, for documents that have none too. */
  static String title(Hit hit) {
    return Printable.line(hit.title().isBlank() ? hit.id() : hit.title());
  }

  private static String snippet(Hit hit) {
    Snippet snippet = hit.highlight() == null ? hit.snippet() : hit.highlight().snippet();
    // Each character becomes one other: the highlights keep their places.
    String text = Printable.sameLength(snippet.text());
    String marked = new Snippet(text, snippet.highlights()).marked("" + HIGHLIGHT, "" + END);
    return marked.replace("" + Printable.GONE, "").strip().replaceAll("\\s+", " ");
  }

  /** Breaks a text between words, for the columns that there are beside the indent. */
  private List<String> lines(String text) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    int width = 0;
    for (String word : text.split(" ", -1)) {
      int length = (int) word.chars().filter(c -> c != HIGHLIGHT && c != END).count();
      if (width > 0 && width + 1 + length > columns - INDENT) {
        lines.add(line.toString());
        line.setLength(0);
        width = 0;
      }
      line.append(width > 0 ? " " : "").append(word);
      width += (width > 0 ? 1 : 0) + length;
    }
    lines.add(line.toString());
    return lines;
  }

  private static String legs(Hit hit, SearchRequest request) {
    String lexical = leg("lexical", hit.lexical());
    String semantic = leg("semantic", hit.semantic());
    String where =
        switch (request.mode()) {
          case BM25 -> lexical;
          case SEMANTIC -> semantic;
          case HYBRID ->
              request.question() instanceof Question.Syntax ? "" : lexical + ", " + semantic;
        };
    String reranked = request.rerank() == null ? "" : ", " + leg("reranker", hit.rerank());
    return where + reranked + "  [" + Printable.line(hit.id()) + "]";
  }

  private static String leg(String name, Hit.@Nullable Leg leg) {
    return leg == null
        ? name + " –"
        : String.format(Locale.ROOT, "%s #%d (%.3f)", name, leg.rank(), leg.score());
  }
}
