package io.github.semblance.bench;

import io.github.semblance.cluster.ClusterClient;
import io.github.semblance.cluster.LocalCluster;
import io.github.semblance.corpus.CorpusReader;
import io.github.semblance.corpus.CorpusRecord;
import io.github.semblance.corpus.FieldMapping;
import io.github.semblance.evaluate.RankingMetric;
import io.github.semblance.evaluate.TestCollection;
import io.github.semblance.evaluate.Topic;
import io.github.semblance.index.SourceDocument;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** {@code bench cluster}: what documents and queries cost on one node and on three. */
@Command(
    name = "cluster",
    mixinStandardHelpOptions = true,
    description = {
      "Loads a corpus into OpenSearch with the plugin and asks its queries.",
      "It does so on one node with one shard and on three nodes with three shards and a replica of",
      "each. All nodes share this machine: costs are in seconds of CPU, summed over the nodes. Needs",
      "opensearch.zip and",
      "semblance-opensearch.zip in target/semblance-opensearch, which `mvn -Pcluster package` makes. The last line is JSON."
    })
final class ClusterBench implements Callable<Integer> {
  private static final String INDEX = "bench";
  private static final int BATCH = 100;
  private static final int CLIENTS = 2;
  private static final int WARM_UP = 50;
  private static final int DEPTH = 100;
  private static final int MEMORY_SAMPLES = 6;

  @Option(
      names = "--corpus",
      paramLabel = "DIR",
      defaultValue = "../shared/data/scifact",
      description = "A BEIR folder (${DEFAULT-VALUE}).")
  private Path corpus = Path.of("");

  @Option(
      names = "--nodes",
      paramLabel = "N",
      split = ",",
      defaultValue = "1,3",
      description = "How many nodes, one run for each number (${DEFAULT-VALUE}).")
  private List<Integer> sizes = List.of();

  @Option(
      names = "--documents",
      paramLabel = "N",
      defaultValue = "2147483647",
      description = "Load only so many documents.")
  private int limit;

  ClusterBench() {}

  @Override
  public Integer call() throws IOException {
    TestCollection tests =
        TestCollection.read(corpus.resolve("queries.jsonl"), corpus.resolve("qrels/test.tsv"));
    List<SourceDocument> documents = read();
    ObjectNode json = JsonMapper.shared().createObjectNode().put("documents", documents.size());
    for (int nodes : sizes) {
      json.set("nodes_" + nodes, measure(nodes, documents, tests));
    }
    System.out.println(json);
    return 0;
  }

  private List<SourceDocument> read() {
    List<SourceDocument> documents = new ArrayList<>();
    try (CorpusReader reader =
        CorpusReader.open(
            List.of(corpus.resolve("corpus.jsonl").toString()), FieldMapping.DEFAULT)) {
      while (reader.hasNext() && documents.size() < limit) {
        if (reader.next() instanceof CorpusRecord.Document document) {
          documents.add(document.document());
        }
      }
    }
    return documents;
  }

  private static ObjectNode measure(int nodes, List<SourceDocument> documents, TestCollection tests)
      throws IOException {
    ObjectNode json = JsonMapper.shared().createObjectNode();
    Path target = Path.of("target/semblance-opensearch").toAbsolutePath();
    try (LocalCluster cluster =
        LocalCluster.install(
            target.resolve("opensearch.zip"),
            target.resolve("semblance-opensearch.zip"),
            nodes,
            19500,
            "512m")) {
      long start = System.nanoTime();
      List<ClusterClient> clients = new ArrayList<>();
      for (int node = 0; node < nodes; node++) {
        cluster.start(node);
        clients.add(new ClusterClient(cluster.url(node)));
      }
      for (int node = 0; node < nodes; node++) {
        cluster.await(node, nodes);
      }
      json.put("start_s", seconds(start));
      clients.getFirst().createIndex(INDEX, nodes, nodes > 1 ? 1 : 0, "none");
      load(cluster, clients, documents, json);
      ask(cluster, clients, tests, json);
      clients.forEach(ClusterClient::close);
    }
    System.out.println(nodes + (nodes == 1 ? " node: " : " nodes: ") + json.toPrettyString());
    return json;
  }

  private static void load(
      LocalCluster cluster,
      List<ClusterClient> clients,
      List<SourceDocument> documents,
      ObjectNode json)
      throws IOException {
    double cpu = cpu(cluster, clients.size());
    long start = System.nanoTime();
    AtomicInteger next = new AtomicInteger();
    AtomicInteger refused = new AtomicInteger();
    int batches = (documents.size() + BATCH - 1) / BATCH;
    List<String> memory = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> loading = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        loading.add(
            threads.submit(
                () -> {
                  for (int batch = next.getAndIncrement();
                      batch < batches;
                      batch = next.getAndIncrement()) {
                    int from = batch * BATCH;
                    clients
                        .get(batch % clients.size())
                        .index(
                            INDEX,
                            documents.subList(from, Math.min(documents.size(), from + BATCH)),
                            reason -> refused.incrementAndGet());
                    if (batch % Math.max(1, batches / MEMORY_SAMPLES) == 0) {
                      synchronized (memory) {
                        memory.add(memory(cluster, clients.size()));
                      }
                    }
                  }
                  return null;
                }));
      }
      for (Future<?> one : loading) {
        try {
          one.get();
        } catch (InterruptedException | ExecutionException e) {
          throw new IOException("loading failed: " + e.getMessage(), e);
        }
      }
    }
    double wall = seconds(start);
    ClusterClient client = clients.getFirst();
    client.require("POST", "/" + INDEX + "/_flush", null);
    client.require("POST", "/" + INDEX + "/_refresh", null);
    double spent = cpu(cluster, clients.size()) - cpu;
    long passages = embedded(clients, "passages");
    json.put("ingest_s", wall)
        .put("documents_per_s", rounded(documents.size() / wall))
        .put("refused", refused.get())
        .put("passages", passages)
        .put(
            "embedded_per_document",
            rounded((double) embedded(clients, "documents") / documents.size()))
        .put("ingest_cpu_ms_per_passage", rounded(1000 * spent / passages))
        .put(
            "store_bytes_per_passage_and_copy",
            client
                    .require("GET", "/" + INDEX + "/_stats/store", null)
                    .at("/_all/primaries/store/size_in_bytes")
                    .asLong()
                / passages);
    json.set("memory_mb_over_time", JsonMapper.shared().valueToTree(memory));
  }

  private static void ask(
      LocalCluster cluster, List<ClusterClient> clients, TestCollection tests, ObjectNode json)
      throws IOException {
    List<Topic> topics = tests.topics();
    for (Topic topic : topics.subList(0, Math.min(WARM_UP, topics.size()))) {
      search(clients.getFirst(), topic, 10);
    }
    long embedded = embedded(clients, "queries");
    long bytes = transported(clients.getFirst());
    double cpu = cpu(cluster, clients.size());
    Samples millis = new Samples();
    for (int i = 0; i < topics.size(); i++) {
      long start = System.nanoTime();
      search(clients.get(i % clients.size()), topics.get(i), 10);
      millis.add((System.nanoTime() - start) / 1e6);
    }
    double spent = cpu(cluster, clients.size()) - cpu;
    json.put("query_p50_ms", rounded(millis.median()))
        .put("query_p99_ms", rounded(millis.percentile(99)))
        .put("query_cpu_ms", rounded(1000 * spent / topics.size()))
        .put("network_bytes_per_query", (transported(clients.getFirst()) - bytes) / topics.size())
        .put(
            "embeddings_per_query",
            rounded((double) (embedded(clients, "queries") - embedded) / topics.size()));
    double ndcg = 0;
    double recall = 0;
    for (Topic topic : topics) {
      List<String> ranking = search(clients.getFirst(), topic, DEPTH);
      var grades = tests.judgements().grades(topic.id());
      ndcg += RankingMetric.ndcg(10).score(ranking, grades);
      recall += RankingMetric.recall(DEPTH).score(ranking, grades);
    }
    json.put("ndcg@10", rounded(ndcg / topics.size()))
        .put("recall@100", rounded(recall / topics.size()));
  }

  private static List<String> search(ClusterClient client, Topic topic, int size)
      throws IOException {
    ObjectNode body = JsonMapper.shared().createObjectNode().put("size", size);
    body.putObject("query").putObject("semblance").put("query", topic.text());
    if (size <= 10) {
      body.putObject("_source").putArray("excludes").add("passages");
    } else {
      body.put("_source", false);
    }
    List<String> ids = new ArrayList<>();
    for (JsonNode hit :
        client
            .require("POST", "/" + INDEX + "/_search", body.toString())
            .path("hits")
            .path("hits")) {
      ids.add(hit.path("_id").asString());
    }
    return ids;
  }

  private static long embedded(List<ClusterClient> clients, String what) throws IOException {
    long sum = 0;
    String path = "/_semblance/stats";
    for (JsonNode node : clients.getFirst().require("GET", path, null).path("nodes")) {
      sum +=
          switch (what) {
            case "queries" -> node.path("queries").path("embedded").asLong();
            case "passages" -> node.path("documents").path("passages").asLong();
            default -> node.path("documents").path("embedded").asLong();
          };
    }
    return sum;
  }

  /** Bytes that the nodes sent each other; what they say to themselves all the time included. */
  private static long transported(ClusterClient client) throws IOException {
    long sum = 0;
    for (JsonNode node : client.require("GET", "/_nodes/stats/transport", null).path("nodes")) {
      sum += node.at("/transport/tx_size_in_bytes").asLong();
    }
    return sum;
  }

  private static double cpu(LocalCluster cluster, int nodes) {
    double sum = 0;
    for (int node = 0; node < nodes; node++) {
      sum += Machine.cpuSeconds(cluster.pid(node));
    }
    return sum;
  }

  private static String memory(LocalCluster cluster, int nodes) {
    List<String> all = new ArrayList<>();
    for (int node = 0; node < nodes; node++) {
      all.add(Long.toString(Math.round(Machine.memoryMb(cluster.pid(node), "VmRSS"))));
    }
    return String.join(" ", all);
  }

  private static double seconds(long start) {
    return rounded((System.nanoTime() - start) / 1e9);
  }

  private static double rounded(double value) {
    return Double.parseDouble(String.format(Locale.ROOT, "%.4g", value));
  }
}
