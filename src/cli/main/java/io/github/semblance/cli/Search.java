package io.github.semblance.cli;

import io.github.semblance.embed.PassageScorer;
import io.github.semblance.embed.TextEmbedder;
import io.github.semblance.index.IndexManifest;
import io.github.semblance.search.Question;
import io.github.semblance.search.Reranking;
import io.github.semblance.search.SearchMode;
import io.github.semblance.search.SearchRequest;
import io.github.semblance.search.SearchRequestException;
import io.github.semblance.search.SearchResults;
import io.github.semblance.search.SemanticSearcher;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.apache.lucene.index.QueryTimeout;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code search}: one question, or an interactive session. */
@Command(
    name = "search",
    description = {
      "Answers a question from an index.",
      "Without QUERY and on a terminal, asks for questions until an empty line. Ctrl-C ends a"
          + " search that runs, or else the session.",
      "",
      "With --syntax lucene QUERY may have fields, phrases, + - AND OR NOT, ( ), wild*cards, fuzzy~,"
          + " [ranges TO such], boosts^2, and ~\"a phrase\" that is searched by its meaning:"
          + " +course:search \"start date\" ~\"can I still join\"^20"
    })
final class Search implements Callable<Integer> {
  /** Below one half: to hide what would have helped is worse than to show what does not. */
  private static final float USUAL_CONFIDENCE = 0.3f;

  @ParentCommand private Semblance semblance;
  @Spec private CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "QUERY",
      description = "The question, in plain words or in --syntax.")
  private @Nullable String query;

  @Option(names = "--index", required = true, paramLabel = "DIR", description = "Index folder.")
  private Path folder;

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

  @Option(
      names = "--filter",
      paramLabel = "FIELD=VALUE",
      description =
          "Only documents with this keyword; repeatable: any of one field's values, all fields.")
  private List<String> filters = List.of();

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

  @Mixin private NamedModel model;

  @Option(
      names = "--timeout",
      defaultValue = "60s",
      paramLabel = "TIME",
      converter = DurationConverter.class,
      description =
          "How long a search may take, the model's loading aside: 5s, 500ms, 2m (${DEFAULT-VALUE})."
              + " What was found by then is shown, and the exit code is 1.")
  private Duration timeout;

  @Mixin private RerankOptions rerank;

  @Option(names = "--explain", description = "Show how each score came about.")
  private boolean explain;

  @Option(names = "--json", description = "Print the hits as one JSON object.")
  private boolean json;

  /** Null until a model is loaded that tells a confidence. */
  private @Nullable Float usualConfidence;

  /** How a query is read. */
  private enum Syntax {
    PLAIN,
    LUCENE
  }

  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  Search() {}

  @Override
  @SuppressWarnings("try") // requests name the scorer through their options
  public Integer call() throws IOException, CommandFailure {
    Streams streams = semblance.streams();
    if (query != null && like != null) {
      throw new ParameterException(spec.commandLine(), "QUERY and --like exclude each other");
    }
    if (query == null && like == null && !streams.inTerminal()) {
      throw new ParameterException(spec.commandLine(), "QUERY is missing");
    }
    model.check();
    // Mistyped options are told before a model is loaded.
    SearchRequest checked = request(query == null ? "*" : query);
    IndexManifest manifest = IndexManifest.read(folder);
    try (TextEmbedder embedder =
            IndexedModel.load(folder, manifest, Set.of(needs(checked)), model);
        SemanticSearcher searcher =
            embedder == null
                ? SemanticSearcher.openForKeywords(folder)
                : SemanticSearcher.open(folder, embedder);
        PassageScorer scorer = rerank.open()) {
      if (embedder != null && embedder.calibration().isPresent()) {
        usualConfidence = USUAL_CONFIDENCE;
      }
      if (query == null && like == null) {
        converse(searcher);
        return 0;
      }
      return answer(searcher, request(query == null ? "*" : query), () -> false) ? 0 : 1;
    }
  }

  /** The mode that tells whether a model is needed; a document's vectors are in the index. */
  private static SearchMode needs(SearchRequest request) {
    return request.question() instanceof Question.Like ? SearchMode.BM25 : request.mode();
  }

  /**
   * Answers a question.
   *
   * @return whether there was time for all of the answer
   */
  private boolean answer(SemanticSearcher searcher, SearchRequest request, QueryTimeout cancelled)
      throws IOException {
    Streams streams = semblance.streams();
    SearchResults results = searcher.search(request, cancelled);
    if (results.ignoredTerms() > 0) {
      streams
          .err()
          .println(
              "semblance: the query is too long for keyword search; "
                  + results.ignoredTerms()
                  + " of its words were left out of it");
    }
    if (results.droppedTokens() > 0) {
      streams
          .err()
          .println(
              "semblance: the query is longer than the model's window; its last "
                  + results.droppedTokens()
                  + " word pieces were left out of semantic search");
    }
    Reranking reranking = results.reranking();
    if (reranking != null && reranking.read() < reranking.wanted()) {
      streams
          .err()
          .println(
              "semblance: there was time to rerank the first "
                  + reranking.read()
                  + " of "
                  + reranking.wanted()
                  + " hits; the others keep their places");
    }
    if (reranking != null && reranking.cut() > 0) {
      streams
          .err()
          .println(
              "semblance: the reranker's window is too short for "
                  + Amount.of(reranking.cut(), "passage")
                  + ", which it read in part");
    }
    if (json) {
      streams.out().println(Printable.json(HitPrinter.toJson(results)));
    } else {
      new HitPrinter(streams).print(results);
    }
    streams.out().flush();
    if (results.timedOut()) {
      streams
          .err()
          .println(
              cancelled.shouldExit()
                  ? "semblance: interrupted"
                  : "semblance: the search was not done after "
                      + DurationConverter.words(timeout)
                      + "; what it had found may lack the best; allow more with --timeout");
    }
    return !results.timedOut();
  }

  private void converse(SemanticSearcher searcher) throws IOException {
    Streams streams = semblance.streams();
    Utf8Lines lines = new Utf8Lines(streams.in());
    streams.err().println(searcher.documents() + " documents. An empty line ends.");
    try (Interruption interruption = Interruption.ofProcess()) {
      while (true) {
        streams.err().print("> ");
        streams.err().flush();
        String line = lines.nextTyped();
        if (line == null) {
          streams.err().println();
          return;
        }
        if (line.isBlank()) {
          return;
        }
        interruption.begin();
        try {
          boolean unused = answer(searcher, request(line), interruption);
        } catch (SearchRequestException e) {
          streams.err().println("semblance: " + Printable.message(Failures.text(e)));
        } finally {
          interruption.done();
        }
      }
    }
  }

  private SearchRequest request(String text) {
    SearchRequest.Builder request;
    try {
      request = question(text).top(top).explain(explain).timeLimit(timeout);
    } catch (SearchRequestException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
    if (mode != null) {
      request.mode(mode);
    }
    if (minSimilarity != null) {
      request.minSimilarity(minSimilarity);
    }
    rerank.plan().ifPresent(request::rerank);
    if (semanticWeight != null) {
      request.semanticWeight(semanticWeight);
    }
    Float least = leastConfidence();
    if (least != null) {
      request.minConfidence(least);
    }
    request.feedback(feedback);
    Pairs.forEach(spec.commandLine(), "--filter", filters, request::filter);
    Pairs.forEach(
        spec.commandLine(),
        "--boost",
        boosts,
        (field, weight) -> request.boost(field, weight(weight)));
    try {
      return request.build();
    } catch (SearchRequestException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }

  /** By default one, where it means something. */
  private @Nullable Float leastConfidence() {
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

  private float weight(String text) {
    try {
      return Float.parseFloat(text);
    } catch (NumberFormatException e) {
      throw new ParameterException(
          spec.commandLine(), "--boost must give a number, got: \"" + text + "\"", e);
    }
  }
}
