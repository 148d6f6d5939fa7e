package io.github.semblance.cli;

import io.github.semblance.search.Hit;
import io.github.semblance.search.Place;
import io.github.semblance.search.Question;
import io.github.semblance.search.SearchMode;
import io.github.semblance.search.SearchRequest;
import io.github.semblance.search.SearchResults;
import io.github.semblance.search.Snippet;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
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

  /** What a terminal may be told to lead to: no control characters, nothing but the web. */
  private static final Pattern WEB = Pattern.compile("https?://[!-~]{1,2000}");

  /** Begins and ends a hyperlink (OSC 8), with an address and {@link #STRING_END} behind it. */
  private static final String LINK = "\u001B]8;;";

  private static final String STRING_END = "\u001B\\";

  private final PrintWriter out;
  private final int columns;
  private final ShownFields shown;
  private final boolean colours;
  private final String bold;
  private final String plain;

  /** Shows the fields in which hits differ. */
  HitPrinter(Streams streams) {
    this(streams, new ShownFields());
  }

  HitPrinter(Streams streams, ShownFields shown) {
    this.out = streams.out();
    this.columns = streams.columns();
    this.shown = shown;
    this.colours = streams.outTerminal() && Ansi.AUTO.enabled();
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
    List<String> fields = shown.of(results.hits());
    for (Hit hit : results.hits()) {
      out.printf(Locale.ROOT, "%2d. ", hit.rank());
      out.println(
          lines(title(hit)).stream()
              .map(line -> linked(bold + line + plain, hit))
              .collect(Collectors.joining("\n    ")));
      out.printf(Locale.ROOT, "    %.4f  %s%n", hit.score(), legs(hit, results.request()));
      printIndented(fieldsOf(hit, fields));
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
    if (results.emptyFilter()) {
      SearchRequest request = results.request();
      return request.filters().size() + request.ranges().size() == 1
          ? "No document passes the filter."
          : "No document passes all filters.";
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

  /** Shows all that an index holds of a document. */
  void printWhole(Hit hit) {
    lines(title(hit)).forEach(line -> out.println(linked(bold + line + plain, hit)));
    out.println("[" + Printable.line(hit.id()) + "]");
    hit.fields().forEach((name, values) -> out.println(field(name, values)));
    out.println();
    for (String paragraph : hit.text().split("\\R", -1)) {
      String text = Printable.sameLength(paragraph).replace("" + Printable.GONE, "");
      TextColumns.lines(text, columns).forEach(out::println);
    }
  }

  private void printIndented(String text) {
    if (!text.isEmpty()) {
      lines(text).forEach(line -> out.println(" ".repeat(INDENT) + line));
    }
  }

  private static String fieldsOf(Hit hit, List<String> names) {
    return names.stream()
        .filter(hit.fields()::containsKey)
        .map(name -> field(name, hit.fields().getOrDefault(name, List.of())))
        .collect(Collectors.joining(" · "));
  }

  private static String field(String name, List<String> values) {
    return Printable.line(name)
        + ": "
        + values.stream().map(Printable::line).collect(Collectors.joining(", "));
  }

  /** A text that leads to the first address on the web among a document's fields, if any. */
  private String linked(String text, Hit hit) {
    if (!colours) {
      return text;
    }
    return hit.fields().values().stream()
        .flatMap(List::stream)
        .filter(value -> WEB.matcher(value).matches())
        .findFirst()
        .map(address -> LINK + address + STRING_END + text + LINK + STRING_END)
        .orElse(text);
  }

  /** Breaks a text between words, for the columns that there are beside the indent. */
  private List<String> lines(String text) {
    return TextColumns.lines(text, columns - INDENT);
  }

  private static String legs(Hit hit, SearchRequest request) {
    String lexical = leg("lexical", hit.lexical());
    String semantic = leg("semantic", hit.semantic());
    String where =
        switch (request.mode()) {
          case BM25 -> hit.lexical() == null ? "" : lexical;
          case SEMANTIC -> semantic;
          case HYBRID ->
              request.question() instanceof Question.Syntax ? "" : lexical + ", " + semantic;
        };
    String reranked = request.rerank() == null ? "" : ", " + leg("reranker", hit.rerank());
    Place place =
        hit.highlight() == null || hit.passage() == null
            ? hit.snippet().place()
            : hit.passage().place();
    return where
        + reranked
        + group(hit.group())
        + "  ["
        + Printable.line(hit.id() + (place.equals(Place.UNKNOWN) ? "" : ", " + place))
        + "]";
  }

  private static String group(Hit.@Nullable Group group) {
    if (group == null) {
      return "";
    }
    String value = group.value() == null ? "no value" : Printable.line(group.value());
    return String.format(Locale.ROOT, ", best of %,d with %s", group.count(), value);
  }

  private static String leg(String name, Hit.@Nullable Leg leg) {
    return leg == null
        ? name + " –"
        : String.format(Locale.ROOT, "%s #%d (%.3f)", name, leg.rank(), leg.score());
  }
}
