package io.github.semblance.server;

import io.github.semblance.search.FieldOrder;
import io.github.semblance.search.SearchMode;
import io.github.semblance.search.SearchRequest;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** The names by which a search is asked for, and the request that they mean. Stateless. */
final class SearchArguments {
  /** What any search takes. */
  private static final List<String> ANY =
      List.of(
          "index",
          "top",
          "from",
          "filter",
          "range",
          "sort",
          "group_by",
          "diversity",
          "facet",
          "facet_values",
          "text",
          "explain");

  /** What a search for words takes. */
  static final List<String> SEARCH =
      Stream.concat(
              Stream.of(
                  "q",
                  "mode",
                  "syntax",
                  "boost",
                  "min_similarity",
                  "min_confidence",
                  "semantic_weight",
                  "feedback",
                  "highlight"),
              ANY.stream())
          .toList();

  /** What a search for similar documents takes. */
  static final List<String> SIMILAR = ANY;

  static final int MOST_HITS = 100;
  private static final int DEEPEST = 10_000;
  private static final int LONGEST_QUESTION = 4_000;
  private static final int MOST_FACET_VALUES = 100;

  private SearchArguments() {}

  /** A search for words, without its time limit. */
  static SearchRequest.Builder search(Arguments arguments) {
    String question = arguments.required("q");
    if (question.length() > LONGEST_QUESTION) {
      throw new RequestRefused(
          400,
          "\"q\" must be at most " + LONGEST_QUESTION + " characters, got: " + question.length());
    }
    SearchRequest.Builder request =
        arguments.word("syntax", List.of("plain", "lucene")).equals("lucene")
            ? SearchRequest.syntax(question)
            : SearchRequest.builder(question);
    request.mode(
        SearchMode.valueOf(
            arguments
                .word("mode", List.of("hybrid", "bm25", "semantic"))
                .toUpperCase(Locale.ROOT)));
    arguments.weights("boost", request::boost);
    arguments.number("min_similarity").ifPresent(request::minSimilarity);
    arguments.number("min_confidence").ifPresent(request::minConfidence);
    arguments.number("semantic_weight").ifPresent(request::semanticWeight);
    request.feedback(arguments.flag("feedback")).highlight(arguments.flag("highlight"));
    return any(arguments, request);
  }

  /** A search for documents close to one, without its time limit. */
  static SearchRequest.Builder similar(Arguments arguments, String id) {
    return any(arguments, SearchRequest.like(id));
  }

  private static SearchRequest.Builder any(Arguments arguments, SearchRequest.Builder request) {
    request
        .top(arguments.whole("top", 10, 1, MOST_HITS))
        .from(arguments.whole("from", 0, 0, DEEPEST))
        .explain(arguments.flag("explain"));
    arguments.pairs("filter", request::filter);
    arguments.pairs("range", (field, ends) -> range(request, field, ends));
    arguments.all("sort").forEach(sort -> request.sort(FieldOrder.parse(sort)));
    arguments.one("group_by").ifPresent(request::groupBy);
    arguments.number("diversity").ifPresent(request::diversity);
    int values = arguments.whole("facet_values", 10, 1, MOST_FACET_VALUES);
    arguments.all("facet").forEach(field -> request.facet(field, values));
    return request;
  }

  /** As in {@code 20..30}; an end may be missing. */
  private static void range(SearchRequest.Builder request, String field, String ends) {
    int dots = ends.indexOf("..");
    if (dots < 0 || ends.length() == 2) {
      throw new RequestRefused(400, "\"range\" must be like field:low..high, got: " + ends);
    }
    String low = ends.substring(0, dots);
    String high = ends.substring(dots + 2);
    request.range(field, low.isEmpty() ? null : low, high.isEmpty() ? null : high);
  }
}
