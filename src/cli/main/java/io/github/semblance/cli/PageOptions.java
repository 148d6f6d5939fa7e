package io.github.semblance.cli;

import io.github.semblance.search.FieldOrder;
import io.github.semblance.search.SearchRequest;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that choose from what a search finds, and tell of all of it. */
final class PageOptions {
  private static final int VALUES = 10;
  private static final Pattern FACET = Pattern.compile("(?<field>.+):(?<values>[0-9]{1,9})");

  @Option(
      names = "--from",
      defaultValue = "0",
      paramLabel = "N",
      description = "How many of the best hits to leave out, to page through them (0).")
  private int from;

  @Option(
      names = "--sort",
      paramLabel = "FIELD[:asc|:desc]",
      description =
          "Order what was found by this field, numbers and dates by size, instead of by score;"
              + " repeatable: the next one where values are equal.")
  private List<String> sort = List.of();

  @Option(
      names = "--diversify",
      paramLabel = "DIVERSITY",
      defaultValue = "0",
      description =
          "How much hits are to differ from those before them, from 0 to 1, so that near-duplicates"
              + " do not fill a page (${DEFAULT-VALUE}).")
  private float diversity;

  @Option(
      names = "--group-by",
      paramLabel = "FIELD",
      description = "Show of each value of this keyword field only the best hit.")
  private @Nullable String groupBy;

  @Option(
      names = "--facet",
      paramLabel = "FIELD[:N]",
      description =
          "Count the values of this keyword field over all that was found, and show the N most"
              + " frequent ("
              + VALUES
              + "); repeatable.")
  private List<String> facets = List.of();

  /** Completes a request; what is wrong with it is told when it is built. */
  void applyTo(SearchRequest.Builder request) {
    request.from(from).diversity(diversity);
    if (groupBy != null) {
      request.groupBy(groupBy);
    }
    sort.forEach(order -> request.sort(FieldOrder.parse(order)));
    for (String facet : facets) {
      Matcher limited = FACET.matcher(facet);
      if (limited.matches()) {
        request.facet(limited.group("field"), Integer.parseInt(limited.group("values")));
      } else {
        request.facet(facet, VALUES);
      }
    }
  }
}
