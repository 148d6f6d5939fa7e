package io.github.semblance.bench;

import io.github.semblance.bench.FusionPool.Search;
import io.github.semblance.bench.Recipe.Pool;
import io.github.semblance.bert.BertEmbedder;
import io.github.semblance.bert.checkpoint.CheckpointException;
import io.github.semblance.bert.checkpoint.ModelTrust;
import io.github.semblance.embed.TextEmbedder;
import io.github.semblance.evaluate.Phrasing;
import io.github.semblance.evaluate.RankingMetric;
import io.github.semblance.evaluate.TestCollection;
import io.github.semblance.evaluate.Topic;
import io.github.semblance.evaluate.TrecRun;
import io.github.semblance.index.IndexManifest;
import io.github.semblance.search.Candidate;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** {@code bench fusion}: how good are the answers if both legs are fused in other ways? */
@Command(
    name = "fusion",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Ranks what keywords and meaning find in many ways, on one or more sets of queries.",
      "Each set begins with its --index, as `semblance index` makes it; its other options follow.",
      "Prints a table in Markdown; the last line is JSON."
    })
final class FusionBench implements Callable<Integer> {
  /** A set of queries. */
  static final class QuerySet {
    @Option(names = "--index", required = true, paramLabel = "DIR", description = "Index folder.")
    private Path index;

    @Option(names = "--queries", paramLabel = "FILE", description = "As `evaluate` takes them.")
    private @Nullable Path queries;

    @Option(names = "--qrels", paramLabel = "FILE", description = "As `evaluate` takes them.")
    private @Nullable Path qrels;

    @Option(
        names = "--relevant-field",
        paramLabel = "FIELD",
        description = "In place of --qrels: the field of a question that names its answer.")
    private @Nullable String relevantField;

    @Option(
        names = "--filter-field",
        paramLabel = "FIELD",
        description = "With --relevant-field: a field whose value the answer shares.")
    private @Nullable String filterField;

    @Option(
        names = "--rare-words",
        paramLabel = "INPUT",
        description = "In place of --queries: ask for rare words of these documents.")
    private @Nullable String rareWords;

    @Option(
        names = "--phrasing",
        defaultValue = "ALONE",
        paramLabel = "PHRASING",
        description = "With --rare-words: ${COMPLETION-CANDIDATES} (${DEFAULT-VALUE}).")
    private Phrasing phrasing;

    @Option(names = "--rarest-word", description = "Of each query ask for its rarest word only.")
    private boolean rarestWord;

    @SuppressWarnings("NullAway.Init") // picocli sets the fields
    QuerySet() {}
  }

  private static final int RARE_WORDS = 300;

  @ArgGroup(exclusive = false, multiplicity = "1..*")
  private List<QuerySet> sets;

  @Option(
      names = "--seed",
      defaultValue = "42",
      paramLabel = "N",
      description = "Draws the rare words (${DEFAULT-VALUE}, as `evaluate` does).")
  private long seed;

  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  FusionBench() {}

  /** What one set said of all recipes. */
  private record Column(String name, Map<String, String> cells) {}

  /** Sums of scores over queries, one for each metric. */
  private static final class Sum {
    private final double[] values;

    Sum(int metrics) {
      values = new double[metrics];
    }

    void add(double[] scores) {
      Arrays.setAll(values, i -> values[i] + scores[i]);
    }

    static Sum best(List<Sum> sums) {
      Sum best = new Sum(sums.getFirst().values.length);
      for (Sum sum : sums) {
        Arrays.setAll(best.values, i -> Math.max(best.values[i], sum.values[i]));
      }
      return best;
    }
  }

  @Override
  public Integer call() throws IOException, CheckpointException {
    List<Column> columns = new ArrayList<>();
    ObjectNode json = JsonMapper.shared().createObjectNode();
    for (QuerySet set : sets) {
      columns.add(measure(set, json.putObject(name(set))));
    }
    StringBuilder table = new StringBuilder("| |");
    columns.forEach(column -> table.append(' ').append(column.name).append(" |"));
    table.append("\n|---|").append("---|".repeat(columns.size())).append('\n');
    for (String recipe : columns.getFirst().cells.keySet()) {
      table.append("| ").append(recipe).append(" |");
      columns.forEach(column -> table.append(' ').append(column.cells.get(recipe)).append(" |"));
      table.append('\n');
    }
    System.out.print(table);
    System.out.println(json);
    return 0;
  }

  private Column measure(QuerySet set, ObjectNode json) throws IOException, CheckpointException {
    TestCollection collection = collection(set);
    List<RankingMetric> metrics = metrics(set);
    IndexManifest manifest = IndexManifest.read(set.index);
    Map<String, Sum> sums = new LinkedHashMap<>();
    List<Sum> fixed = new ArrayList<>();
    Sum oracle = new Sum(metrics.size());
    try (TextEmbedder embedder =
            BertEmbedder.load(
                manifest.model().name(),
                BertEmbedder.Options.of(manifest.model()).withTrust(ModelTrust.INSTALLED));
        FusionPool pool = new FusionPool(set.index, embedder)) {
      List<Recipe> recipes = Recipe.all(pool.fusion());
      List<Recipe> weights = Recipe.weights();
      weights.forEach(weight -> fixed.add(new Sum(metrics.size())));
      for (Topic topic : collection.topics()) {
        Map<String, Integer> grades = collection.judgements().grades(topic.id());
        Map<Search, List<Candidate>> found =
            pool.candidates(set.rarestWord ? pool.rarestWord(topic) : topic);
        for (Recipe recipe : recipes) {
          sums.computeIfAbsent(recipe.name(), name -> new Sum(metrics.size()))
              .add(scores(recipe, found, pool, metrics, grades));
        }
        double[] best = new double[metrics.size()];
        for (int i = 0; i < weights.size(); i++) {
          double[] scores = scores(weights.get(i), found, pool, metrics, grades);
          fixed.get(i).add(scores);
          Arrays.setAll(best, metric -> Math.max(best[metric], scores[metric]));
        }
        oracle.add(best);
      }
    }
    sums.put("*limit: best weight for each query*", oracle);
    sums.put("*limit: best weight for each set and measure*", Sum.best(fixed));
    int queries = collection.topics().size();
    json.put("queries", queries);
    Map<String, String> cells = new LinkedHashMap<>();
    sums.forEach(
        (name, sum) -> {
          ObjectNode figures = json.putObject(name.replace("*", ""));
          List<String> cell = new ArrayList<>();
          for (int i = 0; i < metrics.size(); i++) {
            double mean = sum.values[i] / queries;
            figures.put(metrics.get(i).name(), Math.round(mean * 1e4) / 1e4);
            cell.add(String.format(Locale.ROOT, "%.4f", mean).replaceFirst("^0", ""));
          }
          cells.put(name, String.join(" / ", cell));
        });
    return new Column(name(set), cells);
  }

  private static double[] scores(
      Recipe recipe,
      Map<Search, List<Candidate>> found,
      FusionPool pool,
      List<RankingMetric> metrics,
      Map<String, Integer> grades)
      throws IOException {
    List<TrecRun.Answer> answers = new ArrayList<>();
    for (Recipe.Scored ranked :
        recipe.rank(new Pool(found.getOrDefault(recipe.search(), List.of()), pool.cosineFloor()))) {
      answers.add(new TrecRun.Answer(pool.id(ranked.candidate()), (float) ranked.score()));
    }
    List<String> ranking = new TrecRun(recipe.name(), Map.of("", answers)).ranking("");
    return metrics.stream().mapToDouble(metric -> metric.score(ranking, grades)).toArray();
  }

  /** The measures that are customary for such queries. */
  private static List<RankingMetric> metrics(QuerySet set) {
    if (set.rareWords != null) {
      return List.of(RankingMetric.reciprocalRank(10));
    }
    return set.relevantField == null
        ? List.of(RankingMetric.ndcg(10), RankingMetric.recall(100))
        : List.of(RankingMetric.hitRate(5), RankingMetric.reciprocalRank(5));
  }

  private static String name(QuerySet set) {
    String name = set.index.getFileName().toString();
    if (set.qrels != null) {
      name += " " + set.qrels.getFileName().toString().replaceFirst("\\.tsv$", "");
    }
    return name
        + (set.rareWords != null ? ", rare words " + set.phrasing : "")
        + (set.rarestWord ? ", cut" : "");
  }

  private TestCollection collection(QuerySet set) {
    if (set.rareWords != null) {
      return TestCollection.ofRareWords(List.of(set.rareWords), RARE_WORDS, seed, set.phrasing);
    }
    if (set.queries == null || set.qrels == null == (set.relevantField == null)) {
      throw new ParameterException(
          spec.commandLine(),
          "--index "
              + set.index
              + " needs --rare-words, or --queries with either --qrels or --relevant-field");
    }
    return set.relevantField == null
        ? TestCollection.read(set.queries, Objects.requireNonNull(set.qrels))
        : TestCollection.ofQuestions(
            set.queries,
            "question",
            set.relevantField,
            set.filterField == null ? List.of() : List.of(set.filterField));
  }
}
