package io.github.semblance.opensearch;

import static io.github.semblance.opensearch.TestCluster.ids;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.semblance.bert.BertEmbedder;
import io.github.semblance.cluster.ClusterClient;
import io.github.semblance.cluster.LocalCluster;
import io.github.semblance.embed.TextEmbedder;
import io.github.semblance.index.SourceDocument;
import io.github.semblance.search.Hit;
import io.github.semblance.search.SearchMode;
import io.github.semblance.search.SearchRequest;
import io.github.semblance.search.SemanticSearcher;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.lucene.store.ByteBuffersDirectory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Three processes of OpenSearch with the plugin as it was packaged: the same answers as the
 * library, refusals, and nodes that are killed. Needs profile {@code cluster}.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@SuppressWarnings("NullAway.Init") // fields are set before all tests
final class ClusterIT {
  private static final JsonMapper JSON = new JsonMapper();
  private static final List<String> QUESTIONS =
      List.of(
          "I just signed up. Is it too late to join the course?",
          "container cannot reach database",
          "do I get a certificate",
          "how long does homework take",
          "docker",
          "What do I need to install before we begin?",
          "out of memory when training");

  private static TestCluster cluster;
  private static List<SourceDocument> documents;

  @BeforeAll
  static void start() throws IOException {
    cluster = TestCluster.get();
    documents = TestCluster.documents();
  }

  /** With the vectors that the other index has: nothing is embedded again. */
  private static void copy(String from, String to, int shards, int replicas, String quantization)
      throws IOException {
    cluster.client().createIndex(to, shards, replicas, quantization);
    long before = cluster.embedded("documents");
    cluster.copy(from, to);
    JsonNode count = cluster.require("GET", "/" + to + "/_count", null);
    assertEquals(documents.size(), count.path("count").asInt());
    assertEquals(before, cluster.embedded("documents"));
  }

  private static ObjectNode question(String text) {
    return JSON.createObjectNode().put("query", text);
  }

  private static String page(ObjectNode query, int from, int size) {
    ObjectNode body = JSON.createObjectNode().put("from", from).put("size", size);
    body.putObject("query").set("semblance", query);
    body.putObject("ext").putObject("semblance");
    body.putObject("_source").putArray("excludes").add("passages");
    return body.toString();
  }

  private static JsonNode hybrid(String index, ObjectNode query, int size) throws IOException {
    return cluster.require("POST", "/" + index + "/_search", page(query, 0, size));
  }

  private static JsonNode legs(JsonNode hit) {
    return hit.path("fields").path("_semblance").path(0);
  }

  @Test
  @Order(1)
  void oneShardRanksAsTheLibraryDoes() throws IOException {
    long before = cluster.embedded("documents");
    cluster.index("one", 1, documents);
    assertEquals(documents.size(), cluster.embedded("documents") - before);
    try (TextEmbedder embedder = BertEmbedder.load("all-MiniLM-L6-v2");
        ByteBuffersDirectory directory = new ByteBuffersDirectory()) {
      TestCluster.fillLibrary(directory, embedder, documents);
      try (SemanticSearcher library = SemanticSearcher.open(directory, embedder)) {
        for (String text : QUESTIONS) {
          compare(
              library
                  .search(SearchRequest.builder(text).mode(SearchMode.HYBRID).top(20).build())
                  .hits(),
              hybrid("one", question(text), 20));
          JsonNode semantic =
              cluster.require(
                  "POST",
                  "/one/_search",
                  "{\"size\": 20, \"query\": {\"semantic\": " + question(text) + "}}");
          assertEquals(
              library
                  .search(SearchRequest.builder(text).mode(SearchMode.SEMANTIC).top(20).build())
                  .hits()
                  .stream()
                  .map(Hit::id)
                  .toList(),
              ids(semantic));
        }
      }
    }
  }

  private static void compare(List<Hit> expected, JsonNode response) {
    assertEquals(expected.stream().map(Hit::id).toList(), ids(response));
    JsonNode hits = response.path("hits").path("hits");
    for (int i = 0; i < expected.size(); i++) {
      assertEquals(expected.get(i).score(), hits.get(i).path("_score").asDouble(), 1e-5);
      Hit.PassageText passage = expected.get(i).passage();
      if (passage != null) {
        JsonNode shown = legs(hits.get(i)).path("passages").path(0);
        assertEquals(passage.start(), shown.path("start").asInt(), hits.get(i)::toString);
        assertEquals(passage.text(), shown.path("text").asString());
      }
    }
  }

  @Test
  @Order(2)
  void threeShardsRankNearlyAsOne() throws IOException {
    copy("one", "three", 3, 1, "none");
    for (String text : QUESTIONS) {
      long before = cluster.embedded("queries");
      JsonNode all = hybrid("three", question(text), 40);
      assertEquals(1, cluster.embedded("queries") - before, "embeddings of one query");
      assertEquals(3, all.path("_shards").path("successful").asInt());
      // Keywords know the statistics of a shard only, so the order may differ, but not by much.
      Set<String> common = new HashSet<>(ids(all).subList(0, 10));
      common.retainAll(ids(hybrid("one", question(text), 10)));
      assertTrue(common.size() >= 8, () -> text + ": only " + common + " in common");
    }
  }

  @Test
  @Order(3)
  void pagesFitTogether() throws IOException {
    List<String> all = ids(hybrid("three", question(QUESTIONS.getFirst()), 30));
    List<String> paged = new ArrayList<>();
    for (int from = 0; from < 30; from += 7) {
      String page = page(question(QUESTIONS.getFirst()), from, Math.min(7, 30 - from));
      // Whichever node is asked.
      try (ClusterClient one = new ClusterClient(cluster.nodes().url(from % 3))) {
        paged.addAll(ids(one.require("POST", "/three/_search?preference=p", page)));
      }
    }
    assertEquals(new HashSet<>(all), new HashSet<>(paged));
    assertEquals(30, paged.size());
  }

  @Test
  @Order(4)
  void filtersApplyBeforeTheSearch() throws IOException {
    ObjectNode filtered = question("docker");
    filtered.putObject("filter").putObject("term").put("course", "data-engineering");
    JsonNode response = hybrid("three", filtered, 50);
    assertEquals(50, response.path("hits").path("hits").size());
    for (JsonNode hit : response.path("hits").path("hits")) {
      assertEquals("data-engineering", hit.path("_source").path("course").path(0).asString());
    }
  }

  @Test
  @Order(5)
  void quantizedVectorsFindTheSame() throws IOException {
    copy("one", "quantized", 1, 0, "binary");
    for (String text : QUESTIONS) {
      assertEquals(
          ids(hybrid("one", question(text), 10)), ids(hybrid("quantized", question(text), 10)));
    }
  }

  @Test
  @Order(6)
  void longTextsBecomeNestedPassages() throws IOException {
    cluster.client().createIndex("long", 1, 0, "none");
    String filler = "The river carried timber down to the mill all summer. ".repeat(80);
    String text = filler + "A comet appeared above the harbour in December.";
    cluster.require(
        "PUT",
        "/long/_doc/1?refresh=true",
        JSON.createObjectNode().put("title", "Notes").put("text", text).toString());
    JsonNode hits = hybrid("long", question("astronomical sighting"), 5).path("hits").path("hits");
    assertEquals(1, hits.size());
    JsonNode closest = legs(hits.get(0)).path("passages");
    assertEquals(1, closest.size());
    assertTrue(closest.get(0).path("start").asInt() > 3000, hits::toString);
    assertTrue(closest.get(0).path("text").asString().endsWith("in December."), hits::toString);
    assertEquals(
        text.length(),
        closest.get(0).path("start").asInt() + closest.get(0).path("text").asString().length());
    // Several, closest first, and without a source in the answer.
    JsonNode several =
        cluster.require(
            "POST",
            "/long/_search",
            TestCluster.json(
                "{'_source': false, 'ext': {'semblance': {'passages': 3}}, 'query': {'semantic':"
                    + " {'query': 'astronomical sighting'}}}"));
    JsonNode passages = legs(several.path("hits").path("hits").path(0)).path("passages");
    assertEquals(3, passages.size(), several::toString);
    assertFalse(several.path("hits").path("hits").path(0).has("_source"));
    for (int i = 1; i < 3; i++) {
      assertTrue(
          passages.get(i - 1).path("score").asDouble() >= passages.get(i).path("score").asDouble());
      assertTrue(
          passages.get(i).path("text").asString().startsWith("The river"), passages::toString);
    }
  }

  @Test
  @Order(7)
  void malformedRequestsAreRefusedWithTheReason() throws IOException {
    cluster.assertRefused("POST", "/three/_search", "{", "");
    String document = "/three/_doc/refused";
    cluster.assertRefused(
        "PUT", document, "{\"text\": [[7]]}", "must hold strings", "within an array");
    cluster.assertRefused("PUT", document, "{\"other\": \"x\"}", "hold no text to embed");
    cluster.assertRefused(
        "PUT",
        document,
        JSON.createObjectNode().put("text", "x".repeat(1_000_001)).toString(),
        "at most 1000000 characters");
    assertEquals(404, cluster.client().send("GET", document, null).status());
  }

  @Test
  @Order(8)
  void aPipelineDecidesWhatBecomesOfFailures() throws IOException {
    cluster.require(
        "PUT",
        "/_ingest/pipeline/lenient",
        """
        {"processors": [{"semblance": {"on_failure": [
          {"set": {"field": "why", "value": "{{ _ingest.on_failure_message }}"}}]}}]}
        """);
    cluster.require("PUT", "/three/_doc/lenient?pipeline=lenient", "{\"text\": [[7]]}");
    JsonNode stored = cluster.require("GET", "/three/_doc/lenient", null).path("_source");
    assertTrue(stored.path("why").asString().contains("must hold strings"), stored::toString);
    cluster.require(
        "PUT",
        "/_ingest/pipeline/indifferent",
        "{\"processors\": [{\"semblance\": {\"ignore_failure\": true}}]}");
    cluster.require("PUT", "/three/_doc/lenient?pipeline=indifferent", "{\"text\": [[7]]}");
    assertFalse(
        cluster.require("GET", "/three/_doc/lenient", null).path("_source").has("passages"));
    cluster.require("DELETE", "/three/_doc/lenient", null);
  }

  @Test
  @Order(9)
  void aNodeWithAnotherModelRefuses() throws IOException {
    LocalCluster nodes = cluster.nodes();
    nodes.start(3, "semblance.precision: int8");
    nodes.await(3, 4);
    String ours = fingerprint(cluster.client());
    try (ClusterClient other = new ClusterClient(cluster.nodes().url(3))) {
      String theirs = fingerprint(other);
      assertFalse(ours.equals(theirs));
      for (ClusterClient.Reply reply :
          List.of(
              other.send("POST", "/three/_search", page(question("x"), 0, 10)),
              other.send(
                  "POST", "/three/_search", "{\"query\": {\"semantic\": {\"query\": \"x\"}}}"),
              other.send("PUT", "/three/_doc/refused", "{\"text\": \"x\"}"))) {
        assertEquals(400, reply.status(), reply.body()::toString);
        assertTrue(reply.body().toString().contains(ours), reply.body()::toString);
        assertTrue(reply.body().toString().contains(theirs), reply.body()::toString);
      }
    }
    cluster.nodes().kill(3);
    cluster.awaitGreen(3);
  }

  private static String fingerprint(ClusterClient node) throws IOException {
    JsonNode nodes = node.require("GET", "/_semblance/stats/_local", null).path("nodes");
    assertEquals(1, nodes.size());
    return nodes.iterator().next().path("fingerprint").asString();
  }

  /** Writes and asks all the time through one node, and remembers what was acknowledged. */
  private static final class Load implements AutoCloseable {
    private final int node;
    private final AtomicBoolean stopped = new AtomicBoolean();
    private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
    private final AtomicInteger answers = new AtomicInteger();
    private final AtomicLong longestGapMillis = new AtomicLong();
    private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
    private final List<Thread> threads;
    private final String prefix;

    Load(int node, String prefix) {
      this.node = node;
      this.prefix = prefix;
      this.threads =
          List.of(Thread.startVirtualThread(this::write), Thread.startVirtualThread(this::ask));
    }

    private void write() {
      try (ClusterClient own = new ClusterClient(cluster.nodes().url(node))) {
        for (int i = 0; !stopped.get(); i++) {
          String id = prefix + i;
          String body =
              JSON.createObjectNode()
                  .put("title", "Note " + i)
                  .put("text", "A note on harbours.")
                  .toString();
          try {
            ClusterClient.Reply reply = own.send("PUT", "/faults/_doc/" + id, body);
            if (reply.isOk()) {
              acknowledged.add(id);
            } else {
              failures.add("write: " + reply.status() + " " + reply.reason());
            }
          } catch (IOException e) {
            failures.add("write: " + e);
            LocalCluster.pause();
          }
        }
      } catch (IOException e) {
        failures.add("write: " + e);
      }
    }

    private void ask() {
      long last = System.nanoTime();
      try (ClusterClient own = new ClusterClient(cluster.nodes().url(node))) {
        while (!stopped.get()) {
          try {
            ClusterClient.Reply reply =
                own.send("POST", "/faults/_search", page(question("harbour"), 0, 10));
            if (reply.isOk() && reply.body().path("_shards").path("failed").asInt() == 0) {
              long now = System.nanoTime();
              longestGapMillis.accumulateAndGet((now - last) / 1_000_000, Math::max);
              last = now;
              answers.incrementAndGet();
            } else {
              failures.add("query: " + reply.status() + " " + reply.body().path("_shards"));
            }
          } catch (IOException e) {
            failures.add("query: " + e);
            LocalCluster.pause();
          }
        }
      } catch (IOException e) {
        failures.add("query: " + e);
      }
    }

    void awaitAnswers(int more) throws IOException {
      int wanted = answers.get() + more;
      long deadline = System.nanoTime() + 120_000_000_000L;
      while (answers.get() < wanted) {
        assertTrue(System.nanoTime() < deadline, () -> "no answers: " + failures);
        LocalCluster.pause();
      }
    }

    @Override
    public void close() throws IOException {
      stopped.set(true);
      for (Thread thread : threads) {
        try {
          thread.join();
        } catch (InterruptedException e) {
          throw new IOException(e);
        }
      }
    }
  }

  @Test
  @Order(10)
  void killedNodesLoseNoAcknowledgedDocument() throws IOException {
    cluster.client().createIndex("faults", 3, 1, "none");
    cluster.awaitGreen(3);
    Set<String> acknowledged = new HashSet<>();
    String manager =
        cluster
            .require("GET", "/_cat/cluster_manager?format=json", null)
            .path(0)
            .path("node")
            .asString();
    int managing = Integer.parseInt(manager.substring(manager.length() - 1)) - 1;
    int data = (managing + 1) % 3;
    int asked = (managing + 2) % 3;
    // A data node, then the manager, both while another node is asked; then that node itself.
    kill("a data node", data, asked, acknowledged);
    kill("the elected manager", managing, asked, acknowledged);
    kill("the node that is asked", asked, asked, acknowledged);
    requireAll(acknowledged);
  }

  private static void requireAll(Set<String> acknowledged) throws IOException {
    cluster.require("POST", "/faults/_refresh", null);
    List<String> lost = new ArrayList<>();
    for (String id : acknowledged) {
      if (!cluster.client().send("GET", "/faults/_doc/" + id, null).isOk()) {
        lost.add(id);
      }
    }
    assertEquals(List.of(), lost, "acknowledged and gone");
    System.out.println("faults: none of " + acknowledged.size() + " acknowledged documents lost");
  }

  @Test
  @Order(11)
  void aRollingRestartLosesNoAcknowledgedDocument() throws IOException {
    cluster.ask(0);
    cluster.awaitGreen(3);
    Set<String> acknowledged = new HashSet<>();
    for (int node = 0; node < 3; node++) {
      // Documents come in through another node until this one is back and has its copies again.
      Load load = new Load((node + 1) % 3, "rolling-" + node + "-");
      try (load) {
        load.awaitAnswers(5);
        cluster.nodes().stop(node);
        load.awaitAnswers(5);
        cluster.start(node);
        cluster.nodes().await(node, 3);
        cluster.ask(node);
        cluster.awaitGreen(3);
        load.awaitAnswers(5);
      }
      assertFalse(load.acknowledged.isEmpty(), () -> "nothing acknowledged: " + load.failures);
      acknowledged.addAll(load.acknowledged);
      System.out.printf(
          Locale.ROOT,
          "faults: restarted node %d: %d documents acknowledged meanwhile, %d answers, longest gap"
              + " %d ms, %d requests failed%n",
          node,
          load.acknowledged.size(),
          load.answers.get(),
          load.longestGapMillis.get(),
          load.failures.size());
    }
    requireAll(acknowledged);
  }

  private static void kill(String what, int victim, int asked, Set<String> acknowledged)
      throws IOException {
    Load load = new Load(asked, what.replace(" ", "-") + "-");
    try (load) {
      load.awaitAnswers(10);
      cluster.nodes().kill(victim);
      if (victim != asked) {
        load.awaitAnswers(10);
      }
    }
    long stopped = System.nanoTime();
    cluster.start(victim);
    cluster.nodes().await(victim, 3);
    cluster.ask(victim);
    cluster.awaitGreen(3);
    assertFalse(load.acknowledged.isEmpty(), () -> "nothing acknowledged: " + load.failures);
    acknowledged.addAll(load.acknowledged);
    System.out.printf(
        Locale.ROOT,
        "faults: killed %s: %d documents acknowledged, %d answers, longest gap %d ms, %d requests"
            + " failed, green again %.0f s after the restart%n",
        what,
        load.acknowledged.size(),
        load.answers.get(),
        load.longestGapMillis.get(),
        load.failures.size(),
        (System.nanoTime() - stopped) / 1e9);
  }
}
