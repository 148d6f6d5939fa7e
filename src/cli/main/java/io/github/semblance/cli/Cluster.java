package io.github.semblance.cli;

import io.github.semblance.cluster.ClusterClient;
import io.github.semblance.cluster.LocalCluster;
import io.github.semblance.corpus.CorpusReader;
import io.github.semblance.corpus.CorpusRecord;
import io.github.semblance.corpus.FieldMapping;
import io.github.semblance.index.SourceDocument;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** {@code cluster}: three nodes of OpenSearch with the plugin, on this machine. */
@Command(
    name = "cluster",
    description = {
      "Starts nodes of OpenSearch with the Semblance plugin on the loopback interface, loads"
          + " documents, shows how to ask, and stops all of it with Ctrl-C."
    })
final class Cluster implements Callable<Integer> {
  private static final String INDEX = "semblance";
  private static final String QUESTION = "I just signed up. Is it too late to join the course?";
  private static final int BATCH = 100;

  /** More would not find the memory; and 100 ports above each is its transport. */
  private static final int MOST_NODES = 20;

  @ParentCommand private Semblance semblance;
  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "FILE",
      description = "What to load, as for 'index'; the sample of the source checkout by default.")
  private List<String> inputs = List.of();

  @Option(
      names = "--nodes",
      paramLabel = "N",
      defaultValue = "3",
      description = "How many nodes (default: ${DEFAULT-VALUE}).")
  private int nodes;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "9200",
      description = {
        "HTTP port of the first node; the others follow, and 100 above each is its transport"
            + " port (default: ${DEFAULT-VALUE})."
      })
  private int port;

  @Option(
      names = "--heap",
      paramLabel = "SIZE",
      defaultValue = "512m",
      description = "Java heap of each node (default: ${DEFAULT-VALUE}).")
  private String heap;

  @Option(names = "--once", description = "Stop as soon as one question was answered.")
  private boolean once;

  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  Cluster() {}

  @Override
  public Integer call() throws IOException, CommandFailure {
    if (nodes < 1 || nodes > MOST_NODES) {
      throw new ParameterException(
          spec.commandLine(), "--nodes must be from 1 to " + MOST_NODES + ", got: " + nodes);
    }
    Path target = SourceCheckout.find().resolve("target/semblance-opensearch");
    Path distribution = target.resolve("opensearch.zip");
    Path plugin = target.resolve("semblance-opensearch.zip");
    for (Path zip : List.of(distribution, plugin)) {
      if (!Files.exists(zip)) {
        throw new CommandFailure(zip + " is missing; 'mvn -Pcluster -DskipTests package' makes it");
      }
    }
    say("installing the plugin into OpenSearch");
    try (LocalCluster cluster = LocalCluster.install(distribution, plugin, nodes, port, heap);
        ClusterClient client = new ClusterClient(cluster.url(0))) {
      run(cluster, client);
    }
    return 0;
  }

  private void run(LocalCluster cluster, ClusterClient client) throws IOException, CommandFailure {
    say("starting " + nodes + " nodes; each unpacks libtorch and loads the model");
    for (int node = 0; node < nodes; node++) {
      cluster.start(node);
    }
    for (int node = 0; node < nodes; node++) {
      cluster.await(node, nodes);
    }
    client.createIndex(INDEX, nodes, nodes > 1 ? 1 : 0, "none");
    long documents = load(client);
    client.require("POST", "/" + INDEX + "/_refresh", null);
    print(cluster, client, documents);
    if (!once) {
      say("running; Ctrl-C stops the nodes and deletes their data");
      awaitForever();
    }
  }

  private long load(ClusterClient client) throws IOException, CommandFailure {
    List<String> files =
        inputs.isEmpty()
            ? List.of(SourceCheckout.sample(SourceCheckout.find()).toString())
            : inputs;
    AtomicLong done = new AtomicLong();
    AtomicLong bytes = new AtomicLong();
    try (CorpusReader corpus = CorpusReader.open(files, FieldMapping.DEFAULT);
        Progress progress =
            new Progress(
                semblance.streams(),
                "Loading",
                () ->
                    new Progress.State(
                        (double) bytes.get() / Math.max(1, corpus.totalBytes()),
                        done.get(),
                        "documents"))) {
      List<SourceDocument> batch = new ArrayList<>(BATCH);
      while (corpus.hasNext()) {
        switch (corpus.next()) {
          case CorpusRecord.Document document -> batch.add(document.document());
          case CorpusRecord.Rejected bad -> progress.say(bad.location() + ": " + bad.reason());
        }
        if (batch.size() == BATCH || !corpus.hasNext()) {
          done.addAndGet(client.index(INDEX, batch, progress::say));
          bytes.set(corpus.bytesRead());
          batch.clear();
        }
      }
    }
    return done.get();
  }

  private void print(LocalCluster cluster, ClusterClient client, long documents)
      throws IOException {
    var out = semblance.streams().out();
    out.println(nodes + " nodes, " + documents + " documents in the index \"" + INDEX + "\":");
    for (int node = 0; node < nodes; node++) {
      out.println("  " + LocalCluster.name(node) + "  " + cluster.url(node));
    }
    out.println();
    out.println("Question: " + QUESTION);
    String question =
        "{\"size\": 3, \"_source\": [\"title\"], \"query\": {\"semblance\": {\"query\": \""
            + QUESTION
            + "\"}}}";
    String path = "/" + INDEX + "/_search";
    for (JsonNode hit : client.require("POST", path, question).path("hits").path("hits")) {
      out.printf(
          Locale.ROOT,
          "  %.4f  %s%n",
          hit.path("_score").asDouble(),
          Printable.line(hit.path("_source").path("title").asString()));
    }
    out.println();
    out.println("Try next:");
    String curl = "  curl -H content-type:application/json " + cluster.url(nodes - 1);
    out.println(curl + path + "?pretty -d '" + question + "'");
    out.println(
        curl
            + "/"
            + INDEX
            + "/_search?pretty -d '{\"_source\": [\"title\"], \"query\": {\"semantic\": {\"query\":"
            + " \"container cannot reach database\"}}}'");
    out.println("  curl " + cluster.url(0) + "/_semblance/stats?pretty");
    out.println("  curl " + cluster.url(0) + "/_cat/nodes?v");
    out.flush();
  }

  private void say(String message) {
    semblance.streams().err().println("semblance: " + Printable.message(message));
    semblance.streams().err().flush();
  }

  private static void awaitForever() {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
