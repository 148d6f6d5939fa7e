package io.github.semblance.opensearch;

import static io.github.semblance.opensearch.TestCluster.json;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.semblance.cluster.ClusterClient;
import io.github.semblance.cluster.LocalCluster;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * Two nodes more than the others have: one that may use no model, and one without the plugin. Needs
 * profile {@code cluster}.
 */
@SuppressWarnings("NullAway.Init") // fields are set before all tests
final class NodesWithoutModelIT {
  private static final int NO_MODEL = 3;
  private static final int NO_PLUGIN = 4;

  private static TestCluster cluster;
  private static LocalCluster bare;
  private static ClusterClient noModel;
  private static ClusterClient noPlugin;

  @BeforeAll
  static void start() throws IOException {
    cluster = TestCluster.get();
    cluster.ask(0);
    cluster.client().createIndex("asked", 1, 2, "none"); // a copy on each of the three
    List<String> refused = new ArrayList<>();
    cluster.client().index("asked", TestCluster.documents().subList(0, 60), refused::add);
    assertEquals(List.of(), refused);
    cluster.require("POST", "/asked/_refresh", null);
    rebalance("'none'"); // what other tests made stays where it is
    cluster.nodes().start(NO_MODEL, "node.roles: [data]", "semblance.models_loaded: 0");
    bare = TestCluster.withoutPlugin();
    bare.start(NO_PLUGIN, "node.roles: [data]");
    cluster.nodes().await(NO_MODEL, 5);
    bare.await(NO_PLUGIN, 5);
    noModel = new ClusterClient(cluster.nodes().url(NO_MODEL));
    noPlugin = new ClusterClient(bare.url(NO_PLUGIN));
    cluster.require(
        "PUT",
        "/spread", // over five, were it not for its vectors
        json(
            "{'settings': {'number_of_shards': 10, 'number_of_replicas': 0, 'default_pipeline':"
                + " 'semblance'}, 'mappings': {'properties': {'passages': {'type': 'nested',"
                + " 'properties': {'vector': {'type': 'semblance_vector'}}}}}}"));
  }

  @AfterAll
  static void stop() throws IOException {
    noModel.close();
    noPlugin.close();
    bare.close();
    cluster.nodes().kill(NO_MODEL);
    cluster.require("DELETE", "/asked,spread", null);
    rebalance("null");
    cluster.awaitGreen(3);
  }

  private static void rebalance(String which) throws IOException {
    cluster.require(
        "PUT",
        "/_cluster/settings",
        json("{'transient': {'cluster.routing.rebalance.enable': " + which + "}}"));
  }

  private static String query(String kind, String text) {
    return json(
        "{'_source': false, 'ext': {'semblance': {'passages': 2}}, 'query': {'"
            + kind
            + "': {'query': '"
            + text
            + "', 'min_confidence': 0.000001}}}");
  }

  /** How many queries a node has embedded. */
  private static long embedded(String node) throws IOException {
    for (JsonNode one : cluster.require("GET", "/_semblance/stats", null).path("nodes")) {
      if (one.path("name").asString().equals(node)) {
        return one.path("queries").path("embedded").asLong();
      }
    }
    throw new AssertionError("no stats of " + node);
  }

  @Test
  void anotherNodeEmbedsTheQuery() throws IOException {
    for (String kind : List.of("semblance", "semantic")) {
      for (String text : List.of("Is it too late to join?", "docker", "out of memory")) {
        String path = "/asked/_search?preference=p";
        JsonNode expected = cluster.require("POST", path, query(kind, text));
        long before = cluster.embedded("queries");
        JsonNode hits = noModel.require("POST", path, query(kind, text)).path("hits");
        assertFalse(hits.path("hits").isEmpty());
        assertEquals(expected.at("/hits/total"), hits.path("total"));
        for (int i = 0; i < 5; i++) {
          JsonNode one = expected.at("/hits/hits/" + i);
          JsonNode other = hits.path("hits").path(i);
          assertEquals(one.path("_id"), other.path("_id"), kind + ": " + text);
          // Nodes measure which arithmetic is fastest, each for itself.
          assertEquals(one.path("_score").asDouble(), other.path("_score").asDouble(), 1e-4);
        }
        assertEquals(1, cluster.embedded("queries") - before, "embeddings of one query");
      }
    }
    assertEquals(0, embedded(LocalCluster.name(NO_MODEL)));
  }

  /** Whoever names no index, as with a point in time, asks for all models that some node has. */
  @Test
  void aPointInTimeIsAskedOfAnyNode() throws IOException {
    String open = "/asked/_search/point_in_time?keep_alive=1m";
    String id = noModel.require("POST", open, null).path("pit_id").asString();
    String search =
        query("semblance", "docker").replaceFirst("\\{", "{\"pit\":{\"id\":\"" + id + "\"},");
    JsonNode found = noModel.require("POST", "/_search", search);
    assertFalse(found.path("hits").path("hits").isEmpty());
    noModel.require("DELETE", "/_search/point_in_time", json("{'pit_id': ['" + id + "']}"));
  }

  @Test
  void documentsGoToAnIngestNode() throws IOException {
    noModel.require("PUT", "/spread/_doc/1", json("{'text': 'A note on harbours.'}"));
    JsonNode stored = noModel.require("GET", "/spread/_doc/1", null);
    assertTrue(stored.path("_source").path("passages").path(0).has("vector"), stored::toString);
  }

  @Test
  void whatIsTooLongIsRefusedByTheNodeThatIsAsked() throws IOException {
    ClusterClient.Reply reply =
        noModel.send("POST", "/asked/_search", query("semantic", "x".repeat(10_001)));
    assertEquals(400, reply.status(), reply.body()::toString);
    assertTrue(reply.reason().contains("at most 10000 characters"), reply.body()::toString);
  }

  /** A mapping that says all of its model is taken by nodes that lack it. */
  @Test
  void withoutAnyNodeThatHasTheModelItIsSaid() throws IOException {
    cluster.require(
        "PUT",
        "/lost?wait_for_active_shards=0",
        json(
            "{'settings': {'number_of_replicas': 0}, 'mappings': {'properties': {'passages':"
                + " {'type': 'nested', 'properties': {'vector': {'type': 'semblance_vector',"
                + " 'model': 'lost', 'fingerprint': 'f00d', 'dimension': 3}}}}}}"));
    for (ClusterClient asked : List.of(cluster.client(), noModel)) {
      ClusterClient.Reply reply = asked.send("POST", "/lost/_search", query("semantic", "x"));
      assertEquals(503, reply.status(), reply.body()::toString);
      assertTrue(
          reply.reason().contains("no node of the cluster may use the model [lost]; name it in"),
          reply.body()::toString);
    }
    // Nor does the manager need it.
    cluster.require("PUT", "/lost/_mapping", json("{'properties': {'day': {'type': 'date'}}}"));
    cluster.require("DELETE", "/lost", null);
  }

  @Test
  void shardsWithVectorsStayAwayFromBoth() throws IOException {
    int placed = 0;
    for (JsonNode shard : cluster.require("GET", "/_cat/shards/asked,spread?format=json", null)) {
      assertEquals("STARTED", shard.path("state").asString(), shard::toString);
      assertFalse(
          Stream.of(NO_MODEL, NO_PLUGIN)
              .map(LocalCluster::name)
              .anyMatch(shard.path("node").asString()::equals),
          shard::toString);
      placed++;
    }
    assertEquals(13, placed);
    JsonNode explained =
        cluster.require(
            "POST",
            "/_cluster/allocation/explain",
            json("{'index': 'spread', 'shard': 0, 'primary': true}"));
    for (int node : new int[] {NO_MODEL, NO_PLUGIN}) {
      JsonNode decision = null;
      for (JsonNode one : explained.path("node_allocation_decisions")) {
        decision =
            one.path("node_name").asString().equals(LocalCluster.name(node)) ? one : decision;
      }
      assertTrue(
          String.valueOf(decision)
              .contains("which the node may not use: install the plugin there, and name the model"),
          explained::toString);
    }
    // Others go there.
    cluster.require(
        "PUT", "/plain", json("{'settings': {'number_of_shards': 1, 'number_of_replicas': 4}}"));
    cluster.require("GET", "/_cluster/health/plain?wait_for_status=green&timeout=60s", null);
    cluster.require("DELETE", "/plain", null);
  }

  @Test
  void aNodeWithoutThePluginKnowsNoneOfItsQueries() throws IOException {
    String semantic = json("{'query': {'semantic': {'query': 'docker'}}}");
    ClusterClient.Reply reply = noPlugin.send("POST", "/asked/_search", semantic);
    assertEquals(400, reply.status(), reply.body()::toString);
    assertTrue(reply.reason().contains("[semantic]"), reply.body()::toString);
    // So OpenSearch lets nobody make a pipeline that fails there.
    cluster.assertRefused(
        "PUT",
        "/_ingest/pipeline/another",
        json("{'processors': [{'semblance': {}}]}"),
        "Processor type [semblance] is not installed on node");
    String words = json("{'_source': false, 'query': {'match': {'text': 'homework'}}}");
    JsonNode expected = cluster.require("POST", "/asked/_search?preference=p", words);
    JsonNode found = noPlugin.require("POST", "/asked/_search?preference=p", words);
    assertFalse(found.path("hits").path("hits").isEmpty());
    assertEquals(expected.path("hits"), found.path("hits"));
  }

  /** Which was asked by some of the queries, and is asked for its shard too. */
  @Test
  void aNodeThatLeavesIsReplacedByAnother() throws IOException {
    AtomicBoolean stopped = new AtomicBoolean();
    AtomicInteger answers = new AtomicInteger();
    Queue<String> failures = new ConcurrentLinkedQueue<>();
    List<Thread> load =
        Stream.generate(() -> Thread.startVirtualThread(() -> ask(stopped, answers, failures)))
            .limit(4)
            .toList();
    int victim = 2;
    await(answers, 40, failures);
    cluster.nodes().kill(victim);
    await(answers, answers.get() + 40, failures);
    stopped.set(true);
    for (Thread thread : load) {
      assertTrue(join(thread), "a query has no answer");
    }
    cluster.start(victim);
    cluster.nodes().await(victim, 5);
    cluster.awaitGreen(5);
    assertEquals(List.of(), List.copyOf(failures));
  }

  private static boolean join(Thread thread) throws IOException {
    try {
      return thread.join(Duration.ofSeconds(60));
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  private static void ask(AtomicBoolean stopped, AtomicInteger answers, Queue<String> failures) {
    try (ClusterClient own = new ClusterClient(cluster.nodes().url(NO_MODEL))) {
      while (!stopped.get()) {
        ClusterClient.Reply reply =
            own.send("POST", "/asked/_search", query("semantic", "docker " + answers.get()));
        if (reply.isOk()) {
          answers.incrementAndGet();
        } else {
          failures.add(reply.status() + " " + reply.reason());
        }
      }
    } catch (IOException e) {
      failures.add(e.toString());
    }
  }

  private static void await(AtomicInteger answers, int wanted, Queue<String> failures)
      throws IOException {
    long deadline = System.nanoTime() + 120_000_000_000L;
    while (answers.get() < wanted) {
      assertTrue(System.nanoTime() < deadline, () -> "no answers: " + failures);
      LocalCluster.pause();
    }
  }
}
