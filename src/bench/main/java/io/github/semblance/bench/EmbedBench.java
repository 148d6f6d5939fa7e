package io.github.semblance.bench;

import ai.djl.ModelException;
import ai.onnxruntime.OrtException;
import io.github.semblance.bert.Precision;
import io.github.semblance.bert.checkpoint.BertConfig;
import io.github.semblance.bert.checkpoint.Checkpoint;
import io.github.semblance.bert.checkpoint.ModelCatalogue;
import io.github.semblance.bert.checkpoint.ModelStore;
import io.github.semblance.index.SourceDocument;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.apache.lucene.util.VectorUtil;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Compares embedders on the same texts, in one process, in turns. */
@Command(
    name = "embed",
    description =
        "Embeds the same texts with Semblance and with what else a Java program could use, in"
            + " turns, and prints medians; the last line is JSON.",
    mixinStandardHelpOptions = true)
final class EmbedBench implements Callable<Integer> {
  /** A round in which others had more than this share of the cores is marked and not counted. */
  private static final double MOST_FOR_OTHERS = 0.1;

  private static final int STARTS = 3;
  private static final int WARM_UP_QUERIES = 20;
  private static final double GIGA = 1e9;

  @Option(
      names = "--model",
      defaultValue = ModelCatalogue.DEFAULT_MODEL,
      description = "Another than ${DEFAULT-VALUE} runs without peers.")
  private String model = "";

  @Option(names = "--rounds", defaultValue = "5", description = "(${DEFAULT-VALUE})")
  private int rounds;

  @Option(names = "--texts", defaultValue = "200", description = "Per round (${DEFAULT-VALUE}).")
  private int textCount;

  @Option(names = "--queries", defaultValue = "200", description = "Per round (${DEFAULT-VALUE}).")
  private int queryCount;

  @Option(
      names = "--memory-texts",
      defaultValue = "20000",
      description = "Texts that a process embeds whose memory is watched (${DEFAULT-VALUE}).")
  private int memoryTexts;

  @Option(
      names = "--throughput-only",
      description = "Leave out latency, threads, indexing, start-up and memory.")
  private boolean throughputOnly;

  @Option(
      names = "--python",
      defaultValue = "python3",
      paramLabel = "COMMAND",
      description =
          "Where to look for ONNX Runtime and sentence-transformers, which take part where they are"
              + " installed (${DEFAULT-VALUE}).")
  private String python = "";

  @Option(
      names = "--python-model",
      defaultValue = "sentence-transformers/all-MiniLM-L6-v2",
      paramLabel = "NAME",
      description =
          "For sentence-transformers: a folder, or a name in its cache (${DEFAULT-VALUE}).")
  private String pythonModel = "";

  @Option(
      names = "--publish",
      paramLabel = "FILE",
      description = "Add a row to this Markdown file's table of this kind of processor.")
  private @Nullable Path published;

  @Option(
      names = "--brief",
      description = "Leave out threads, indexing, start-up and memory: some minutes less.")
  private boolean brief;

  private final int cores = Runtime.getRuntime().availableProcessors();
  private final List<Lane> lanes = new ArrayList<>();
  private final ObjectNode json = JsonMapper.shared().createObjectNode();

  EmbedBench() {}

  @Override
  public Integer call() throws IOException, OrtException, ModelException, InterruptedException {
    Checkpoint checkpoint = (Checkpoint) ModelStore.system().open(model);
    SemblanceContender fp32 = SemblanceContender.load(checkpoint, Precision.FP32, cores);
    lanes.add(new Lane(fp32));
    SemblanceContender int8 = SemblanceContender.load(checkpoint, Precision.INT8, cores);
    lanes.add(new Lane(int8));
    if (model.equals(ModelCatalogue.DEFAULT_MODEL)) {
      // First, because DJL wants to be the one that starts ONNX Runtime.
      lanes.add(new Lane(new DjlContender()));
      for (Precision precision : Precision.values()) {
        lanes.add(new Lane(new OnnxRuntimeContender(precision)));
        lanes.add(new Lane(LangChainContender.load(precision)));
      }
      PythonContender.installed(python, pythonModel).forEach(peer -> lanes.add(new Lane(peer)));
    }
    double load = Machine.load();
    json.put("model", model).put("processor", Machine.processor()).put("load", load);
    try {
      double share = throughput(checkpoint.config());
      fidelity(fp32, int8);
      if (!throughputOnly) {
        latency(fp32);
      }
      if (!throughputOnly && !brief) {
        scaling(checkpoint, fp32);
        indexing(fp32);
        startUp();
        memory();
      }
      if (published != null) {
        SpeedTable.add(published, Machine.processor(), SpeedTable.row(lanes, load, share));
      }
    } finally {
      lanes.forEach(lane -> lane.contender.close());
    }
    System.out.println(json);
    return 0;
  }

  /** Returns the share of the ceiling that our linear layers reach. */
  private double throughput(BertConfig config) {
    List<String> texts = BenchTexts.documents(textCount);
    Map<Integer, Long> tokens = tokensByWindow(texts);
    System.out.printf(
        Locale.ROOT,
        "Throughput: %d texts of %s, %d word pieces at most, %d threads%n%-6s",
        texts.size(),
        BenchTexts.source(),
        tokens.getOrDefault(ours(Precision.FP32).contender.maxTokens(), 0L),
        cores,
        "round");
    lanes.forEach(lane -> System.out.printf(Locale.ROOT, "%20s", lane.contender.name()));
    System.out.printf(Locale.ROOT, "%15s%n", "sgemm GFLOP/s");
    lanes.forEach(lane -> lane.contender.warmUp(texts));
    Samples ceilings = new Samples();
    for (int round = 0; round < rounds; round++) {
      Map<Lane, String> cells = new HashMap<>();
      for (Lane lane : inTurn(round)) {
        Machine.Time start = Machine.Time.now(lane.contender.cpuSecondsElsewhere());
        lane.contender.embed(texts);
        Machine.Time time = Machine.Time.now(lane.contender.cpuSecondsElsewhere()).since(start);
        double rate = tokens.getOrDefault(lane.contender.maxTokens(), 0L) / time.seconds();
        boolean disturbed = time.otherShare() > MOST_FOR_OTHERS;
        (disturbed ? lane.disturbedRates : lane.rates).add(rate);
        cells.put(
            lane,
            String.format(
                Locale.ROOT,
                "%.0f (%.0f%% cpu)%s",
                rate,
                100 * time.ownShare(),
                disturbed ? "!" : ""));
      }
      double ceiling = SgemmCeiling.flops(cores);
      ceilings.add(ceiling);
      System.out.printf(Locale.ROOT, "%-6d", round + 1);
      lanes.forEach(lane -> System.out.printf(Locale.ROOT, "%20s", cells.get(lane)));
      System.out.printf(Locale.ROOT, "%15.0f%n", ceiling / GIGA);
    }
    System.out.printf(Locale.ROOT, "%-6s", "median");
    lanes.forEach(lane -> System.out.printf(Locale.ROOT, "%20.0f", lane.rate()));
    System.out.printf(
        Locale.ROOT,
        "%15.0f%nReal word pieces per second. \"!\": others had more than %.0f %% of the cores; not"
            + " counted. LangChain4j cuts texts at 128 word pieces, the others at 256.%n",
        ceilings.median() / GIGA,
        100 * MOST_FOR_OTHERS);
    double flops = ours(Precision.FP32).rate() * linearFlops(config);
    System.out.printf(
        Locale.ROOT,
        "Linear layers, fp32: %.0f GFLOP/s, %.2f of the ceiling%n",
        flops / GIGA,
        flops / ceilings.median());
    json.put("fp32_over_ceiling", rounded(flops / ceilings.median()));
    for (Precision precision : Precision.values()) {
      Lane.bestPeer(lanes, precision, Lane::rate)
          .ifPresent(
              peer -> {
                double ratio = ours(precision).rate() / peer.rate();
                System.out.printf(
                    Locale.ROOT,
                    "%s: %.2f x the best peer, %s%n",
                    precision,
                    ratio,
                    peer.contender.name());
                json.put(lowerCase(precision) + "_vs_best_peer", rounded(ratio));
              });
    }
    ObjectNode rates = json.putObject("tokens_per_second");
    lanes.forEach(lane -> rates.put(lane.contender.name(), Math.round(lane.rate())));
    return flops / ceilings.median();
  }

  /** What each window leaves of the texts. */
  private Map<Integer, Long> tokensByWindow(List<String> texts) {
    SemblanceContender counter = (SemblanceContender) ours(Precision.FP32).contender;
    Map<Integer, Long> tokens = new HashMap<>();
    for (String text : texts) {
      int length = counter.embedder().wordPieces(text).size() + 2; // [CLS] and [SEP]
      lanes.stream()
          .map(lane -> lane.contender.maxTokens())
          .distinct()
          .forEach(window -> tokens.merge(window, (long) Math.min(length, window), Long::sum));
    }
    return tokens;
  }

  /** All lanes, beginning with another one in each round. */
  private List<Lane> inTurn(int round) {
    List<Lane> order = new ArrayList<>(lanes);
    Collections.rotate(order, round);
    return order;
  }

  private Lane ours(Precision precision) {
    return Lane.ours(lanes, precision);
  }

  /** Two operations per token and weight of the linear layers. */
  private static double linearFlops(BertConfig config) {
    double hidden = config.hidden();
    return 2 * config.layers() * (4 * hidden * hidden + 2 * hidden * config.intermediate());
  }

  private void fidelity(SemblanceContender fp32, SemblanceContender int8) {
    List<String> texts = BenchTexts.documents(textCount);
    List<float[]> exact = fp32.embed(texts);
    List<float[]> coarse = int8.embed(texts);
    Samples cosines = new Samples();
    for (int i = 0; i < texts.size(); i++) {
      cosines.add(VectorUtil.cosine(exact.get(i), coarse.get(i)));
    }
    System.out.printf(
        Locale.ROOT,
        "int8 vectors against fp32: cosine at least %.4f, median %.4f%n",
        cosines.least(),
        cosines.median());
    json.put("int8_cosine_min", cosines.least()).put("int8_cosine_median", cosines.median());
  }

  private void latency(SemblanceContender fp32) throws InterruptedException {
    List<String> queries = BenchTexts.queries(queryCount);
    for (Precision precision : Precision.values()) {
      String outcome = ((SemblanceContender) ours(precision).contender).embedder().prepareQueries();
      System.out.printf(Locale.ROOT, "%nQueries of %s: %s%n", precision, outcome);
    }
    lanes.forEach(lane -> ask(lane.contender, BenchTexts.queries(WARM_UP_QUERIES), new Samples()));
    for (int round = 0; round < rounds; round++) {
      inTurn(round).forEach(lane -> ask(lane.contender, queries, lane.queryMillis));
    }
    System.out.printf(
        Locale.ROOT,
        "%nLatency of a query of %.0f characters on average%n%-26s%10s%10s%n",
        queries.stream().mapToInt(String::length).average().orElse(0),
        "",
        "p50 ms",
        "p99 ms");
    ObjectNode node = json.putObject("query_ms");
    lanes.forEach(lane -> latency(node, lane.contender.name(), lane.queryMillis));
    latency(node, fp32.name() + ", indexing", whileEmbedding(fp32, queries));
    for (Precision precision : Precision.values()) {
      Lane.bestPeer(lanes, precision, lane -> -lane.queryMillis.median())
          .ifPresent(
              peer ->
                  json.put(
                      lowerCase(precision) + "_query_p50_vs_best_peer",
                      rounded(peer.queryMillis.median() / ours(precision).queryMillis.median())));
    }
  }

  private static void latency(ObjectNode node, String name, Samples millis) {
    System.out.printf(
        Locale.ROOT, "%-26s%10.2f%10.2f%n", name, millis.median(), millis.percentile(99));
    node.putObject(name)
        .put("p50", rounded(millis.median()))
        .put("p99", rounded(millis.percentile(99)));
  }

  /** As in a server that answers while it indexes. */
  private Samples whileEmbedding(SemblanceContender embedder, List<String> queries)
      throws InterruptedException {
    AtomicBoolean indexing = new AtomicBoolean(true);
    List<String> texts = BenchTexts.documents(textCount);
    Thread bulk =
        new Thread(
            () -> {
              while (indexing.get()) {
                embedder.embed(texts);
              }
            },
            "bulk");
    bulk.start();
    Samples millis = new Samples();
    ask(embedder, BenchTexts.queries(WARM_UP_QUERIES), new Samples());
    ask(embedder, queries, millis);
    indexing.set(false);
    bulk.join();
    return millis;
  }

  private static void ask(Contender contender, List<String> queries, Samples millis) {
    for (String query : queries) {
      long start = System.nanoTime();
      contender.embedQuery(query);
      millis.add((System.nanoTime() - start) / 1e6);
    }
  }

  private void scaling(Checkpoint checkpoint, SemblanceContender all) {
    List<String> texts = BenchTexts.documents(textCount);
    Samples ratios = new Samples();
    try (SemblanceContender one = SemblanceContender.load(checkpoint, Precision.FP32, 1)) {
      for (int round = 0; round < rounds; round++) {
        ratios.add(seconds(one, texts) / seconds(all, texts));
      }
    }
    System.out.printf(
        Locale.ROOT, "%nfp32 on %d threads: %.2f x one thread%n", cores, ratios.median());
    json.put("threads_speedup", rounded(ratios.median()));
  }

  private void indexing(SemblanceContender fp32) throws IOException {
    List<SourceDocument> documents = BenchTexts.wholeDocuments(textCount);
    Samples ratios = IndexingRate.overEmbedding(fp32.embedder(), documents, rounds);
    System.out.printf(
        Locale.ROOT,
        "fp32, %d documents indexed end to end: %.2f of the rate of embedding their passages%n",
        documents.size(),
        ratios.median());
    json.put("indexing_over_embedding", rounded(ratios.median()));
  }

  private static double seconds(Contender contender, List<String> texts) {
    long start = System.nanoTime();
    contender.embed(texts);
    return (System.nanoTime() - start) / 1e9;
  }

  private void startUp() throws IOException, InterruptedException {
    Samples cold = new Samples();
    Samples warm = new Samples();
    for (int start = 0; start < STARTS; start++) {
      Path cache = Files.createTempDirectory("semblance-bench");
      for (Samples times : List.of(cold, warm)) {
        long begin = System.nanoTime();
        BenchProcess.run(
            Map.of("DJL_CACHE_DIR", cache.toString()), "first-vector", "--model", model);
        times.add((System.nanoTime() - begin) / 1e9);
      }
      try (Stream<Path> files = Files.walk(cache)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
    System.out.printf(
        Locale.ROOT,
        "From the start of a process to its first vector: %.1f s when natives must be unpacked,"
            + " %.1f s later%n",
        cold.median(),
        warm.median());
    json.put("first_vector_cold_s", rounded(cold.median()));
    json.put("first_vector_warm_s", rounded(warm.median()));
  }

  private void memory() throws IOException, InterruptedException {
    for (Precision precision : Precision.values()) {
      String held =
          BenchProcess.run(
              Map.of(),
              "peak-memory",
              "--model",
              model,
              "--precision",
              precision.name(),
              "--texts",
              Integer.toString(memoryTexts));
      System.out.printf(
          Locale.ROOT,
          "Memory over %d texts, %s: %s MB (after each quarter; the peak)%n",
          memoryTexts,
          precision,
          held);
      json.put(
          "peak_rss_mb_" + lowerCase(precision),
          Integer.parseInt(held.substring(held.lastIndexOf(' ') + 1)));
    }
  }

  private static String lowerCase(Precision precision) {
    return precision.name().toLowerCase(Locale.ROOT);
  }

  private static double rounded(double value) {
    return Math.round(value * 1000) / 1000.0;
  }
}
