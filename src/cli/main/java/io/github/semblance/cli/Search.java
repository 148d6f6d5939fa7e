package io.github.semblance.cli;

import io.github.semblance.embed.PassageScorer;
import io.github.semblance.embed.TextEmbedder;
import io.github.semblance.index.IndexManifest;
import io.github.semblance.search.Question;
import io.github.semblance.search.SearchMode;
import io.github.semblance.search.SearchRequest;
import io.github.semblance.search.SemanticSearcher;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code search}: one question, a session of a person, or questions that a program writes. */
@Command(
    name = "search",
    description = {
      "Answers a question from an index.",
      "Without QUERY and on a terminal, asks for questions, and :help tells what else can be typed."
          + " Without QUERY elsewhere, each line of standard input is a question.",
      "",
      "With --syntax lucene QUERY may have fields, phrases, + - AND OR NOT, ( ), wild*cards, fuzzy~,"
          + " [ranges TO such], boosts^2, and ~\"a phrase\" that is searched by its meaning:"
          + " +course:search \"start date\" ~\"can I still join\"^20"
    })
final class Search implements Callable<Integer> {
  /** Below one half: to hide what would have helped is worse than to show what does not. */
  static final float USUAL_CONFIDENCE = 0.3f;

  @ParentCommand private Semblance semblance;
  @Spec private CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "QUERY",
      description = "The question, in plain words or in --syntax.")
  private @Nullable String query;

  @Option(names = "--index", required = true, paramLabel = "DIR", description = "Index folder.")
  private Path folder;

  @Mixin private RequestOptions options;
  @Mixin private NamedModel model;
  @Mixin private RerankOptions rerank;
  @Mixin private ShownFields shown;

  @Option(names = "--json", description = "Print the hits as one JSON object.")
  private boolean json;

  /** Null until a model is loaded that tells a confidence. */
  private @Nullable Float usualConfidence;

  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  Search() {}

  @Override
  @SuppressWarnings("try") // requests name the scorer through their options
  public Integer call() throws IOException, CommandFailure {
    Streams streams = semblance.streams();
    if (query != null && options.isLike()) {
      throw new ParameterException(spec.commandLine(), "QUERY and --like exclude each other");
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
      searcher.check(checked);
      if (query != null || options.isLike()) {
        SearchRequest request = request(query == null ? "*" : query);
        ResultsPrinter printer = printer(searcher);
        return printer.print(searcher.search(request), () -> false) ? 0 : 1;
      }
      return streams.inTerminal() ? converse(searcher) : answerLines(searcher);
    }
  }

  private int converse(SemanticSearcher searcher) throws IOException {
    Streams streams = semblance.streams();
    SessionSettings settings =
        new SessionSettings(spec, this::with, search -> search.check(searcher));
    try (Interruption interruption = Interruption.ofProcess();
        TypedLines lines =
            streams.outTerminal()
                ? EditedLines.atTerminal(
                    new SessionCompleter(
                        settings.options(),
                        SearchSession.commands(settings),
                        searcher.keywordValues()),
                    interruption)
                : TypedLines.unedited(streams)) {
      new SearchSession(streams, searcher, settings, interruption).run(lines);
    }
    return 0;
  }

  private int answerLines(SemanticSearcher searcher) throws IOException {
    PipedQueries.Outcome outcome = new PipedQueries(semblance.streams(), this).run(searcher);
    if (outcome.questions() == 0) {
      throw new ParameterException(
          spec.commandLine(),
          "QUERY is missing; give it as an argument, or questions as lines of standard input");
    }
    return outcome.whole() ? 0 : 1;
  }

  /** This command with other options for its questions; what is opened stays. */
  private Search with(List<String> arguments) {
    Search other = new Search();
    List<String> all = new ArrayList<>(List.of("--index", folder.toString()));
    all.addAll(arguments);
    new CommandLine(other)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .parseArgs(all.toArray(String[]::new));
    other.semblance = semblance;
    other.rerank = rerank;
    other.usualConfidence = usualConfidence;
    return other;
  }

  /** Refuses options with which no question of this index can be answered. */
  private void check(SemanticSearcher searcher) {
    searcher.check(request("*"));
    shown.check(searcher.keywordValues());
  }

  /** Shows what is found as the options say. */
  ResultsPrinter printer(SemanticSearcher searcher) {
    shown.check(searcher.keywordValues());
    return new ResultsPrinter(semblance.streams(), json, shown, searcher.keywordValues());
  }

  /** The request for documents like one, with what options apply to it. */
  SearchRequest like(String id) {
    return options.like(id);
  }

  /** The mode that tells whether a model is needed; a document's vectors are in the index. */
  private static SearchMode needs(SearchRequest request) {
    return request.question() instanceof Question.Like ? SearchMode.BM25 : request.mode();
  }

  /** The request for a question. */
  SearchRequest request(String text) {
    return options.request(text, rerank.plan().orElse(null), usualConfidence);
  }
}
