package io.github.semblance.opensearch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.semblance.cluster.ClusterClient;
import io.github.semblance.cluster.LocalCluster;
import io.github.semblance.corpus.CorpusReader;
import io.github.semblance.corpus.CorpusRecord;
import io.github.semblance.corpus.FieldMapping;
import io.github.semblance.embed.TextEmbedder;
import io.github.semblance.index.SemanticIndexWriter;
import io.github.semblance.index.SemanticIndexWriterConfig;
import io.github.semblance.index.SourceDocument;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.store.Directory;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The processes of OpenSearch that all integration tests share, with the plugin as it was packaged;
 * they end with this process. For one thread.
 */
final class TestCluster {
  private static final int FIRST_PORT = 19260;
  private static final int SIZE = 3;
  private static final Path TARGET = Path.of("target/semblance-opensearch").toAbsolutePath();
  static final JsonMapper JSON = new JsonMapper();

  private static final Path MODELS = Path.of("../shared/data/models").toAbsolutePath().normalize();

  /** Tiny, of 32 dimensions or so. */
  static final Path OTHER_MODEL = MODELS.resolve("bert-uncased");

  private static @Nullable TestCluster instance;

  private final LocalCluster nodes;
  private ClusterClient client;

  /** Where anyone may read a model, and the plugin may not. */
  private final Path elsewhere;

  /** Starts a node, or starts it again as it was. */
  void start(int node) throws IOException {
    nodes.start(node, "semblance.models: [\"" + OTHER_MODEL + "\", \"" + elsewhere + "\"]");
  }

  Path elsewhere() {
    return elsewhere;
  }

  private TestCluster(LocalCluster nodes) throws IOException {
    this.nodes = nodes;
    this.elsewhere = Files.createTempDirectory("semblance-elsewhere");
    elsewhere.toFile().deleteOnExit();
    Files.writeString(elsewhere.resolve("modules.json"), "[]").toFile().deleteOnExit();
    Files.setPosixFilePermissions(elsewhere, PosixFilePermissions.fromString("rwxr-xr-x"));
    this.client = new ClusterClient(nodes.url(0));
  }

  private static LocalCluster install(@Nullable Path plugin) throws IOException {
    return LocalCluster.install(TARGET.resolve("opensearch.zip"), plugin, SIZE, FIRST_PORT, "512m");
  }

  /** From which nodes without the plugin can be started, which join the others. */
  static LocalCluster withoutPlugin() throws IOException {
    return install(null);
  }

  /** Starts the nodes for the first that asks. */
  static synchronized TestCluster get() throws IOException {
    TestCluster known = instance;
    if (known == null) {
      LocalCluster nodes = install(TARGET.resolve("semblance-opensearch.zip"));
      nodes.allowModels(MODELS);
      known = new TestCluster(nodes);
      for (int node = 0; node < SIZE; node++) {
        known.start(node);
      }
      for (int node = 0; node < SIZE; node++) {
        nodes.await(node, SIZE);
      }
      instance = known;
    }
    return known;
  }

  /** To be stopped and started. */
  LocalCluster nodes() {
    return nodes;
  }

  ClusterClient client() {
    return client;
  }

  /** Asks another node from now on. */
  void ask(int node) {
    client.close();
    client = new ClusterClient(nodes.url(node));
  }

  JsonNode require(String method, String path, @Nullable String body) throws IOException {
    return client.require(method, path, body);
  }

  /** The documents of the sample corpus. */
  static List<SourceDocument> documents() throws IOException {
    List<SourceDocument> documents = new ArrayList<>();
    try (CorpusReader corpus =
        CorpusReader.open(List.of("data/faq/documents.json"), FieldMapping.DEFAULT)) {
      while (corpus.hasNext()) {
        documents.add(((CorpusRecord.Document) corpus.next()).document());
      }
    }
    return documents;
  }

  /** Makes the library's index of some documents. */
  static void fillLibrary(
      Directory directory, TextEmbedder embedder, List<SourceDocument> documents)
      throws IOException {
    SemanticIndexWriterConfig config = new SemanticIndexWriterConfig();
    try (IndexWriter lucene = new IndexWriter(directory, config.indexWriterConfig(embedder));
        SemanticIndexWriter writer = new SemanticIndexWriter(lucene, embedder, config)) {
      for (SourceDocument document : documents) {
        writer.updateDocument(document);
      }
      writer.commit();
    }
  }

  /** Makes an index of some documents. */
  void index(String name, int shards, List<SourceDocument> documents) throws IOException {
    client.createIndex(name, shards, 0, "none");
    List<String> refused = new ArrayList<>();
    for (int from = 0; from < documents.size(); from += 100) {
      client.index(
          name, documents.subList(from, Math.min(documents.size(), from + 100)), refused::add);
    }
    assertEquals(List.of(), refused);
    client.require("POST", "/" + name + "/_refresh", null);
  }

  /** With the vectors that the other index has: nothing is embedded again. */
  void copy(String from, String to) throws IOException {
    client.require(
        "POST",
        "/_reindex?refresh=true",
        String.format(
            Locale.ROOT,
            """
        {"source": {"index": "%s"}, "dest": {"index": "%s", "pipeline": "_none"}}
        """,
            from,
            to));
  }

  /** Until so many nodes have all copies. */
  void awaitGreen(int nodes) throws IOException {
    client.require(
        "GET",
        "/_cluster/health?wait_for_status=green&timeout=90s&wait_for_no_relocating_shards=true"
            + "&wait_for_nodes="
            + nodes,
        null);
  }

  /** How many texts all nodes have embedded. */
  long embedded(String what) throws IOException {
    long sum = 0;
    for (JsonNode node : client.require("GET", "/_semblance/stats", null).path("nodes")) {
      sum +=
          what.equals("queries")
              ? node.path("queries").path("embedded").asLong()
              : node.path("documents").path("embedded").asLong();
    }
    return sum;
  }

  void assertRefused(String method, String path, @Nullable String body, String... reasons)
      throws IOException {
    ClusterClient.Reply reply = client.send(method, path, body);
    assertEquals(400, reply.status(), reply.body()::toString);
    for (String reason : reasons) {
      assertTrue(reply.body().toString().contains(reason), reply.body()::toString);
    }
  }

  /** JSON with apostrophes for quotation marks. */
  static String json(String apostrophes) {
    return apostrophes.replace('\'', '"');
  }

  static ObjectNode object(String apostrophes) {
    return (ObjectNode) JSON.readTree(json(apostrophes));
  }

  static List<String> ids(JsonNode response) {
    List<String> ids = new ArrayList<>();
    response.path("hits").path("hits").forEach(hit -> ids.add(hit.path("_id").asString()));
    return ids;
  }
}
