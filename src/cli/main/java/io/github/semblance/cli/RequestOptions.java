package io.github.semblance.cli;

import io.github.semblance.search.Rerank;
import io.github.semblance.search.SearchMode;
import io.github.semblance.search.SearchRequest;
import io.github.semblance.search.SearchRequestException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options that say what is searched for, among what, and how it is ranked. */
final class RequestOptions {
  private static final String RANGE = "..";

  @Option(
      names = "--like",
      paramLabel = "ID",
      description = "In place of QUERY: find documents close in meaning to the one of this id.")
  private @Nullable String like;

  @Option(
      names = "--syntax",
      defaultValue = "plain",
      paramLabel = "SYNTAX",
      description = "plain or lucene: how QUERY is read (${DEFAULT-VALUE}).")
  private Syntax syntax;

  @Option(
      names = "--mode",
      paramLabel = "MODE",
      description = "hybrid, bm25 or semantic (hybrid; with --like semantic).")
  private @Nullable SearchMode mode;

  @Option(
      names = "--top",
      defaultValue = "10",
      paramLabel = "N",
      description = "How many hits at most (${DEFAULT-VALUE}).")
  private int top;

  @Mixin private PageOptions page;

  @Option(
      names = "--filter",
      paramLabel = "FIELD=VALUE",
      description =
          "Only documents with this keyword; repeatable: any of one field's values, all fields.")
  private List<String> filters = List.of();

  @Option(
      names = "--range",
      paramLabel = "FIELD=LOW..HIGH",
      description =
          "Only documents whose keyword is such a number or ISO date, ends included; LOW or HIGH may"
              + " be left out; repeatable.")
  private List<String> ranges = List.of();

  @Option(
      names = "--boost",
      paramLabel = "FIELD=WEIGHT",
      description = "Let this field's words count extra; repeatable.")
  private List<String> boosts = List.of();

  @Option(
      names = "--min-similarity",
      paramLabel = "COSINE",
      description = "The least similarity at which meaning alone finds a document.")
  private @Nullable Float minSimilarity;

  @Option(
      names = "--semantic-weight",
      paramLabel = "WEIGHT",
      description =
          "How much meaning weighs beside keywords, from 0 to 1: the index's own by default, which"
              + " index measures or is 0.45.")
  private @Nullable Float semanticWeight;

  @Option(
      names = "--feedback",
      description =
          "Search once more, with the query moved towards the two best hits: finds more of what is"
              + " relevant, takes a second search, and is led astray where those are wrong.")
  private boolean feedback;

  @Option(
      names = "--min-confidence",
      paramLabel = "CONFIDENCE",
      description =
          "The least confidence, from 0 to 1, at which hits are shown; 0 shows them always. Default:"
              + " 0.3 where the model tells a confidence.")
  private @Nullable Float minConfidence;

  @Option(
      names = "--timeout",
      defaultValue = "60s",
      paramLabel = "TIME",
      converter = DurationConverter.class,
      description =
          "How long a search may take, the model's loading aside: 5s, 500ms, 2m (${DEFAULT-VALUE})."
              + " What was found by then is shown, and the exit code is 1.")
  private Duration timeout;

  @Option(
      names = "--highlight",
      description =
          "Show the sentence of each hit that is closest in meaning, which takes 3 to 11 ms for each"
              + " that was not shown lately.")
  private boolean highlight;

  @Option(names = "--explain", description = "Show how each score came about.")
  private boolean explain;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  /** How a query is read. */
  private enum Syntax {
    PLAIN,
    LUCENE
  }

  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  RequestOptions() {}

  /** Whether a document takes the place of a query. */
  boolean isLike() {
    return like != null;
  }

  /**
   * The request for a query.
   *
   * @param text ignored where a document takes its place
   * @param rerank how the best are read again; null for not at all
   * @param usualConfidence what hits must reach where the user names no other; null for any
   */
  SearchRequest request(String text, @Nullable Rerank rerank, @Nullable Float usualConfidence) {
    SearchRequest.Builder request;
    try {
      request = question(text).top(top).explain(explain).highlight(highlight).timeLimit(timeout);
    } catch (SearchRequestException e) {
      throw new ParameterException(command.commandLine(), e.getMessage(), e);
    }
    if (mode != null) {
      request.mode(mode);
    }
    if (minSimilarity != null) {
      request.minSimilarity(minSimilarity);
    }
    if (rerank != null) {
      request.rerank(rerank);
    }
    if (semanticWeight != null) {
      request.semanticWeight(semanticWeight);
    }
    Float least = leastConfidence(usualConfidence);
    if (least != null) {
      request.minConfidence(least);
    }
    request.feedback(feedback);
    page.applyTo(request);
    narrow(request);
    Pairs.forEach(
        command.commandLine(),
        "--boost",
        boosts,
        (field, weight) -> request.boost(field, weight(weight)));
    try {
      return request.build();
    } catch (SearchRequestException e) {
      throw new ParameterException(command.commandLine(), e.getMessage(), e);
    }
  }

  /** The request for documents like one, with those options that apply to it. */
  SearchRequest like(String id) {
    SearchRequest.Builder request =
        SearchRequest.like(id).top(top).explain(explain).timeLimit(timeout);
    if (minSimilarity != null) {
      request.minSimilarity(minSimilarity);
    }
    page.applyTo(request);
    narrow(request);
    return request.build();
  }

  private void narrow(SearchRequest.Builder request) {
    Pairs.forEach(command.commandLine(), "--filter", filters, request::filter);
    Pairs.forEach(
        command.commandLine(), "--range", ranges, (field, ends) -> addRange(request, field, ends));
  }

  /** By default one, where it means something. */
  private @Nullable Float leastConfidence(@Nullable Float usualConfidence) {
    boolean tells = like == null && syntax == Syntax.PLAIN && mode != SearchMode.BM25;
    return minConfidence != null ? minConfidence : tells ? usualConfidence : null;
  }

  private SearchRequest.Builder question(String text) {
    if (like != null) {
      return SearchRequest.like(like);
    }
    return switch (syntax) {
      case PLAIN -> SearchRequest.builder(text);
      case LUCENE -> SearchRequest.syntax(text);
    };
  }

  private void addRange(SearchRequest.Builder request, String field, String ends) {
    int between = ends.indexOf(RANGE);
    if (between < 0) {
      throw new ParameterException(
          command.commandLine(),
          "--range must have the form field=low"
              + RANGE
              + "high, got: \""
              + field
              + "="
              + ends
              + "\"");
    }
    String low = ends.substring(0, between);
    String high = ends.substring(between + RANGE.length());
    try {
      request.range(field, low.isEmpty() ? null : low, high.isEmpty() ? null : high);
    } catch (SearchRequestException e) {
      throw new ParameterException(command.commandLine(), e.getMessage(), e);
    }
  }

  private float weight(String text) {
    try {
      return Float.parseFloat(text);
    } catch (NumberFormatException e) {
      throw new ParameterException(
          command.commandLine(), "--boost must give a number, got: \"" + text + "\"", e);
    }
  }
}
