package io.github.semblance.cli;

import static java.util.Objects.requireNonNull;

import io.github.semblance.embed.PassageScorer;
import io.github.semblance.embed.TextEmbedder;
import io.github.semblance.evaluate.HybridSettings;
import io.github.semblance.evaluate.Judgements;
import io.github.semblance.evaluate.SearchExperiment;
import io.github.semblance.evaluate.TestCollection;
import io.github.semblance.evaluate.TimedRun;
import io.github.semblance.evaluate.TrecRun;
import io.github.semblance.evaluate.WeightCurve;
import io.github.semblance.index.IndexManifest;
import io.github.semblance.index.Tuning;
import io.github.semblance.index.TuningStore;
import io.github.semblance.search.SearchMode;
import io.github.semblance.search.SemanticSearcher;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code evaluate}: how good are the answers of an index, or of run files? */
@Command(
    name = "evaluate",
    description = {
      "Measures answers against judgements, as trec_eval does: every judged query counts, and one"
          + " without a hit counts as 0.",
      "Asks an index each query in each mode, to a depth of 100 documents, one query after the"
          + " other; or measures run files, alone or beside the modes. All are compared pairwise.",
      "Judgements: --qrels, or --relevant-field if each query names the document that answers it, or"
          + " --rare-words, which makes queries and judgements from the documents.",
      "With --rerank, hybrid search is also asked with its best hits read again, as hybrid+rerank.",
      "Latency is the time from a query's text to the ids of its hits, embedding included, snippets"
          + " not."
    })
final class Evaluate implements Callable<Integer> {
  @ParentCommand private Semblance semblance;
  @Spec private CommandSpec spec;

  @Option(names = "--index", paramLabel = "DIR", description = "Index folder.")
  private @Nullable Path folder;

  @Mixin private JudgedQueries judged;

  @Option(
      names = "--modes",
      split = ",",
      defaultValue = "bm25,semantic,hybrid",
      paramLabel = "MODE",
      description = "What to ask the index with (${DEFAULT-VALUE}).")
  private LinkedHashSet<SearchMode> modes;

  @Option(
      names = "--run",
      paramLabel = "FILE",
      description = "A TREC run to measure too, or alone without --index; repeatable.")
  private List<Path> runs = List.of();

  @Option(
      names = "--metric",
      defaultValue = "ndcg@10",
      paramLabel = "NAME",
      description =
          "What comparisons and the report go by, a column of the table (${DEFAULT-VALUE}).")
  private String metric;

  @Option(
      names = "--semantic-weight",
      paramLabel = "WEIGHT",
      description =
          "How much meaning weighs in hybrid mode, from 0 to 1: by default the index's own.")
  private @Nullable Float semanticWeight;

  @Option(
      names = "--feedback",
      description = "In hybrid mode search once more, moved towards the two best hits.")
  private boolean feedback;

  @Option(
      names = "--save",
      description =
          "Write the weight of meaning that is best by --metric to the index, with what says so:"
              + " searches then go by it.")
  private boolean save;

  @Mixin private NamedModel model;

  @Mixin private RerankOptions rerank;

  @Option(
      names = "--trec-run",
      paramLabel = "FILE",
      description =
          "Write the answers as a TREC run; of several modes one file each, the mode before the"
              + " extension: out.trec becomes out.bm25.trec, out.semantic.trec, out.hybrid.trec.")
  private @Nullable Path trecRun;

  @Option(
      names = "--per-query",
      paramLabel = "FILE",
      description = "Write the figures of each query and mode as a table with tabs.")
  private @Nullable Path perQuery;

  @Option(
      names = "--report",
      paramLabel = "FILE",
      description =
          "Write a page that shows the table, how the first and the last mode compare on each"
              + " query, and the queries that gained and lost most.")
  private @Nullable Path report;

  @Option(names = "--json", description = "Print the figures as one JSON object.")
  private boolean json;

  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  Evaluate() {}

  @Override
  @SuppressWarnings("try") // requests name the scorer through their options
  public Integer call() throws IOException, CommandFailure {
    checkOptions();
    TestCollection collection = judged.collection();
    Judgements judgements = collection == null ? judged.judgements() : collection.judgements();
    if (folder == null) {
      EvaluationPrinter unused = print(judgements, measuredRuns(judgements), null);
      return 0;
    }
    TestCollection asked = requireNonNull(collection); // as checked
    Set<SearchMode> needed = new LinkedHashSet<>(modes);
    if (rerank.plan().isPresent()) {
      needed.add(SearchMode.HYBRID);
    }
    try (TextEmbedder embedder =
            IndexedModel.load(folder, IndexManifest.read(folder), needed, model);
        PassageScorer scorer = rerank.open()) {
      List<EvaluatedSystem> systems = new ArrayList<>();
      WeightCurve curve =
          modes.contains(SearchMode.HYBRID)
              ? new WeightCurve(EvaluatedSystem.metric(metric), judgements)
              : null;
      for (TimedRun timed : ask(folder, embedder, asked, curve)) {
        systems.add(EvaluatedSystem.of(timed.run().tag(), timed.run(), timed, judgements));
        writeRun(timed.run(), needed.size() > 1 || rerank.plan().isPresent());
      }
      systems.addAll(measuredRuns(judgements));
      EvaluationPrinter printer = print(judgements, systems, curve);
      if (report != null) {
        try (SemanticSearcher searcher = SearchExperiment.open(folder, embedder)) {
          new EvaluationReport(
                  searcher,
                  asked,
                  systems.get(0),
                  systems.get(modes.size() - 1),
                  metric,
                  settings())
              .write(report, printer.toJson(), folder.toString());
        }
      }
      if (save && curve != null) {
        save(folder, curve);
      }
    }
    return 0;
  }

  private void save(Path index, WeightCurve curve) throws IOException, CommandFailure {
    Tuning best =
        curve
            .best()
            .orElseThrow(
                () ->
                    new CommandFailure(
                        "fewer than two judged queries were asked, so that no weight of meaning"
                            + " can be said to be the best; nothing was saved"));
    TuningStore.save(index, best);
    if (!json) {
      semblance
          .streams()
          .out()
          .println("Saved in " + Printable.line(index.toString()) + "; searches go by it.");
    }
  }

  private List<EvaluatedSystem> measuredRuns(Judgements judgements) throws CommandFailure {
    List<EvaluatedSystem> systems = new ArrayList<>();
    for (Path file : runs) {
      TrecRun run = TrecRun.read(file);
      if (judgements.topics().stream().allMatch(topic -> run.ranking(topic).isEmpty())) {
        throw new CommandFailure(file + " answers none of the judged queries");
      }
      systems.add(EvaluatedSystem.of(file.toString(), run, null, judgements));
    }
    return systems;
  }

  private EvaluationPrinter print(
      Judgements judgements, List<EvaluatedSystem> systems, @Nullable WeightCurve curve)
      throws IOException {
    EvaluationPrinter printer =
        new EvaluationPrinter(judgements.topics().size(), systems, metric, curve);
    if (perQuery != null) {
      printer.writePerQuery(perQuery);
    }
    if (json) {
      semblance.streams().out().println(Printable.json(printer.toJson()));
    } else {
      printer.print(semblance.streams().out());
    }
    return printer;
  }

  private void checkOptions() {
    if (folder == null && runs.isEmpty()) {
      throw wrongUsage("--index or --run is missing: what shall be measured?");
    }
    judged.check(folder != null);
    model.check();
    if (folder == null
        && (trecRun != null
            || report != null
            || model.name().isPresent()
            || model.queryName().isPresent()
            || rerank.plan().isPresent())) {
      throw wrongUsage("--trec-run, --model, --query-model, --rerank and --report go with --index");
    }
    if ((semanticWeight != null || feedback)
        && (folder == null || !modes.contains(SearchMode.HYBRID))) {
      throw wrongUsage("--semantic-weight and --feedback go with --index and the mode hybrid");
    }
    if (semanticWeight != null && !(semanticWeight >= 0 && semanticWeight <= 1)) {
      throw wrongUsage("--semantic-weight must be from 0 to 1, got: " + semanticWeight);
    }
    if (save && (folder == null || !modes.contains(SearchMode.HYBRID))) {
      throw wrongUsage("--save goes with --index and the mode hybrid");
    }
    if (report != null && modes.size() < 2) {
      throw wrongUsage("--report compares two modes at least, got: " + modes);
    }
    if (!EvaluatedSystem.metrics().contains(metric)) {
      throw wrongUsage(
          "--metric must be one of "
              + String.join(", ", EvaluatedSystem.metrics())
              + ", got: \""
              + metric
              + "\"");
    }
  }

  @SuppressWarnings("try") // the report watches the work, which need not know of it
  private List<TimedRun> ask(
      Path index,
      @Nullable TextEmbedder embedder,
      TestCollection collection,
      @Nullable WeightCurve curve)
      throws IOException {
    AtomicInteger asked = new AtomicInteger();
    double total = Math.max(1, collection.topics().size());
    try (Progress progress =
        new Progress(
            semblance.streams(),
            "Evaluating",
            () -> new Progress.State(asked.get() / total, asked.get(), "queries"))) {
      return SearchExperiment.run(
          index,
          embedder,
          collection,
          modes,
          settings(),
          rerank.plan().orElse(null),
          curve,
          asked::set);
    }
  }

  private HybridSettings settings() {
    return new HybridSettings(semanticWeight, feedback);
  }

  private void writeRun(TrecRun run, boolean several) {
    if (trecRun == null) {
      return;
    }
    Path file = trecRun;
    if (several) {
      String name = trecRun.getFileName().toString();
      int dot = name.lastIndexOf('.') < 1 ? name.length() : name.lastIndexOf('.');
      file = trecRun.resolveSibling(name.substring(0, dot) + "." + run.tag() + name.substring(dot));
    }
    run.write(file);
  }

  private ParameterException wrongUsage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
