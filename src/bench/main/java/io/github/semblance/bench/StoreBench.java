package io.github.semblance.bench;

import io.github.semblance.analysis.NamedAnalyzer;
import io.github.semblance.embed.Embedding;
import io.github.semblance.index.IndexSchema;
import io.github.semblance.index.Quantization;
import io.github.semblance.search.SearchMode;
import io.github.semblance.search.SearchRequest;
import io.github.semblance.search.SemanticQuery;
import io.github.semblance.search.SemanticSearcher;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.util.IOUtils;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** {@code bench store}: what each way of keeping vectors costs, and how well it finds, by size. */
@Command(
    name = "store",
    mixinStandardHelpOptions = true,
    description = {
      "Compares the ways of keeping vectors at one or several sizes.",
      "Tells time to index, merges, disk, memory, recall and latency, the latter two also under",
      "filters, and latency of BM25 and of hybrid search. Vectors are made up, in clusters; texts are",
      "real ones with words exchanged.",
      "The last line is JSON."
    })
final class StoreBench implements Callable<Integer> {
  private static final int TOP = 10;
  private static final long SEED = 42;

  /** Real texts that the passages are made of. */
  private static final int TEXTS = 6_000;

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  @Option(
      names = "--vectors",
      split = ",",
      defaultValue = "200000",
      paramLabel = "N",
      description = "How many passages, with a vector of 384 dimensions each (${DEFAULT-VALUE}).")
  private List<Integer> counts = List.of();

  @Option(
      names = "--queries",
      defaultValue = "500",
      paramLabel = "N",
      description = "How many queries (${DEFAULT-VALUE}).")
  private int queries;

  @Option(
      names = "--quantize",
      split = ",",
      defaultValue = "none,int8,int4,binary",
      paramLabel = "KIND",
      description = "Which ways (${DEFAULT-VALUE}).")
  private List<Quantization> quantizations = List.of();

  @Option(
      names = "--keep",
      paramLabel = "FOLDER",
      description = {
        "Keeps the indexes and what is found exactly. A later run with the same folder measures",
        "only searches, and repeats what indexing took."
      })
  private @Nullable Path keep;

  @Option(
      names = "--chart",
      paramLabel = "FILE",
      description = "An SVG image of cost against size, of the first of the ways.")
  private @Nullable Path chart;

  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  StoreBench() {}

  @Override
  public Integer call() throws IOException {
    if (queries < 1 || counts.stream().anyMatch(count -> count < 1)) {
      throw new ParameterException(
          spec.commandLine(),
          "--vectors and --queries must be at least 1, got: " + counts + " and " + queries);
    }
    ObjectNode json =
        JsonMapper.shared()
            .createObjectNode()
            .put("processor", Machine.processor())
            .put("dimension", ClusteredVectors.DIMENSION)
            .put("queries", queries)
            .put("texts", BenchTexts.source());
    Path folder = keep == null ? Files.createTempDirectory("semblance-store") : keep;
    try {
      Files.createDirectories(folder);
      CostChart costs = new CostChart();
      for (int count : counts) {
        measure(count, folder, json.putObject(Integer.toString(count)), costs);
      }
      if (chart != null) {
        Files.writeString(chart, costs.svg());
      }
    } finally {
      if (keep == null) {
        IOUtils.rm(folder);
      }
    }
    System.out.println("searched: the graph and the vectors that it compares, outside the heap");
    System.out.println("touched: pages of the index's files that the searches had in memory");
    System.out.println(json);
    return 0;
  }

  private void measure(int count, Path folder, ObjectNode json, CostChart costs)
      throws IOException {
    ClusteredVectors vectors = new ClusteredVectors(SEED, count);
    VariedTexts texts = new VariedTexts(SEED, BenchTexts.documents(TEXTS));
    System.out.printf(
        Locale.ROOT,
        "%n%,d passages, vectors of %d dimensions, words of %s; %,d queries, one after the other%n",
        count,
        ClusteredVectors.DIMENSION,
        BenchTexts.source(),
        queries);
    ExactNeighbours exact =
        exact(folder.resolve(count + "-" + queries + "-exact.json"), vectors, count);
    for (Quantization quantization : quantizations) {
      PassageIndex index = PassageIndex.in(folder, quantization, count, vectors, texts);
      ObjectNode node = json.putObject(quantization.name().toLowerCase(Locale.ROOT));
      search(index, vectors, exact, node);
      if (quantization == quantizations.getFirst()) {
        costs.add(count, node);
      }
      if (keep == null) {
        IOUtils.rm(index.folder());
      }
    }
  }

  private ExactNeighbours exact(Path file, ClusteredVectors vectors, int count) throws IOException {
    if (Files.exists(file)) {
      return ExactNeighbours.read(file);
    }
    ExactNeighbours exact = ExactNeighbours.of(vectors, count, queries, TOP);
    exact.write(file);
    return exact;
  }

  private void search(
      PassageIndex index, ClusteredVectors vectors, ExactNeighbours exact, ObjectNode json)
      throws IOException {
    PassageIndex.Building built = index.building();
    double filesBefore = Machine.memoryMb("RssFile");
    try (Directory directory = FSDirectory.open(index.folder());
        DirectoryReader reader = DirectoryReader.open(directory)) {
      json.set("building", JsonMapper.shared().valueToTree(built));
      json.put("segments", reader.leaves().size())
          .put("disk_mb", rounded(index.bytes() / 1e6))
          .put("searched_mb", rounded(index.searchedBytes(reader) / 1e6));
      System.out.printf(
          Locale.ROOT,
          "%n%-7s indexed in %.0f s, %.0f CPU s (others had %.0f %% of the cores); at most %,.0f MB, of"
              + " which heap %,.0f%n%8s%d merges of %,d documents in %.0f s, the longest %.0f;"
              + " stalled %.0f s%n%8s%,.0f MB on disk in %d segments, %,.1f MB searched%n",
          built.quantization().name().toLowerCase(Locale.ROOT),
          built.seconds(),
          built.cpuSeconds(),
          built.otherShare() * 100,
          built.memoryMb(),
          built.heapMb(),
          "",
          built.merges(),
          built.mergedDocuments(),
          built.mergeSeconds(),
          built.longestMergeSeconds(),
          built.stalledSeconds(),
          "",
          json.path("disk_mb").asDouble(),
          reader.leaves().size(),
          json.path("searched_mb").asDouble());
      IndexSearcher searcher = new IndexSearcher(reader);
      System.out.printf(
          Locale.ROOT,
          "%-24s%10s%10s%10s%10s%n",
          "",
          "recall@" + TOP,
          "CPU ms",
          "p50 ms",
          "p99 ms");
      nearest(searcher, Share.ALL, vectors, exact); // so that what is timed is compiled
      for (Share share : Share.values()) {
        Found found = nearest(searcher, share, vectors, exact);
        tell("kNN among " + share.percent() + " %", found.recall, found.times, json);
      }
      words(searcher, vectors, json);
      json.put("touched_mb", rounded(Machine.memoryMb("RssFile") - filesBefore))
          .put("load", Machine.load());
    }
    System.out.printf(
        Locale.ROOT,
        "%8s%,.0f MB touched; load %.1f%n",
        "",
        json.path("touched_mb").asDouble(),
        json.path("load").asDouble());
  }

  private record Found(double recall, Times times) {}

  /** By the clock, and of the processor: a search runs on its caller's thread. */
  private static final class Times {
    private final Samples clock = new Samples();
    private final Samples cpu = new Samples();
    private long begun;
    private long used;

    void begin() {
      begun = System.nanoTime();
      used = THREADS.getCurrentThreadCpuTime();
    }

    void end() {
      cpu.add((THREADS.getCurrentThreadCpuTime() - used) / 1e6);
      clock.add((System.nanoTime() - begun) / 1e6);
    }
  }

  private Found nearest(
      IndexSearcher searcher, Share share, ClusteredVectors vectors, ExactNeighbours exact)
      throws IOException {
    double recall = 0;
    Times times = new Times();
    for (int query = 0; query < queries; query++) {
      float[] vector = vectors.query(query);
      times.begin();
      ScoreDoc[] hits =
          searcher.search(
                  new SemanticQuery(vector, TOP, share.filter(), SemanticQuery.ANY_SIMILARITY), TOP)
              .scoreDocs;
      times.end();
      Set<Integer> found = new HashSet<>();
      for (ScoreDoc hit : hits) {
        found.add(
            Integer.parseInt(
                searcher.storedFields().document(hit.doc, Set.of(IndexSchema.ID)).get("id")));
      }
      recall += exact.recall(query, share, found);
    }
    return new Found(recall / queries, times);
  }

  /** What words and vector find has nothing in common: the most that a hybrid search can cost. */
  private void words(IndexSearcher reader, ClusteredVectors vectors, ObjectNode json)
      throws IOException {
    List<String> questions = BenchTexts.queries(queries);
    Map<String, Embedding> embedded = new HashMap<>();
    for (int query = 0; query < queries; query++) {
      embedded.put(questions.get(query), new Embedding(vectors.query(query), 1, 0));
    }
    try (GivenVectors model = new GivenVectors();
        Analyzer analyzer = NamedAnalyzer.ENGLISH.create(model);
        SemanticSearcher searcher =
            SemanticSearcher.over(reader, new RememberedQueries(model, embedded), analyzer)) {
      time("BM25", questions, q -> searcher.rank(request(q, SearchMode.BM25)), json);
      time("meaning", questions, q -> searcher.rank(request(q, SearchMode.SEMANTIC)), json);
      time("hybrid", questions, q -> searcher.rank(request(q, SearchMode.HYBRID)), json);
      time(
          "hybrid with page", questions, q -> searcher.search(request(q, SearchMode.HYBRID)), json);
    }
  }

  private static SearchRequest request(String question, SearchMode mode) {
    return SearchRequest.builder(question).mode(mode).build();
  }

  /** Something that is asked. */
  @FunctionalInterface
  private interface Ask {
    Object ask(String question) throws IOException;
  }

  private static void time(String name, List<String> questions, Ask ask, ObjectNode json)
      throws IOException {
    Times times = new Times();
    for (String question : questions) {
      Object unusedToCompile = ask.ask(question);
    }
    for (String question : questions) {
      times.begin();
      Object unusedAnswer = ask.ask(question);
      times.end();
    }
    tell(name, null, times, json);
  }

  private static void tell(String name, @Nullable Double recall, Times times, ObjectNode json) {
    System.out.printf(
        Locale.ROOT,
        "%8s%-16s%10s%10.2f%10.2f%10.2f%n",
        "",
        name,
        recall == null ? "" : String.format(Locale.ROOT, "%.4f", recall),
        times.cpu.median(),
        times.clock.median(),
        times.clock.percentile(99));
    ObjectNode node =
        json.putObject(name)
            .put("cpu_ms", rounded(times.cpu.median()))
            .put("p50_ms", rounded(times.clock.median()))
            .put("p99_ms", rounded(times.clock.percentile(99)));
    if (recall != null) {
      node.put("recall@10", rounded(recall));
    }
  }

  private static double rounded(double value) {
    return Math.round(value * 1e4) / 1e4;
  }
}
