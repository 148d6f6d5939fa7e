package io.github.semblance.opensearch;

import static io.github.semblance.opensearch.TestCluster.ids;
import static io.github.semblance.opensearch.TestCluster.json;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.semblance.cluster.ClusterClient;
import io.github.semblance.cluster.LocalCluster;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What an operator has of any search holds for this one: partial answers, limits, pipelines,
 * statistics, profiles; and embedding that is shared out. Needs profile {@code cluster}.
 */
@SuppressWarnings("NullAway.Init") // fields are set before all tests
final class OperationsIT {
  private static final String BODY = "{'query': {'semblance': {'query': 'docker container'}}}";

  private static TestCluster cluster;

  @BeforeAll
  static void index() throws IOException {
    cluster = TestCluster.get();
    cluster.index("operated", 2, TestCluster.documents().subList(0, 40));
  }

  private static JsonNode search(String path, String body) throws IOException {
    return cluster.require("POST", "/" + path, json(body));
  }

  @Test
  void livingShardsAnswerForARedIndex() throws IOException {
    cluster.require(
        "PUT",
        "/red?wait_for_active_shards=0",
        json(
            "{'settings': {'index.routing.allocation.require._name': 'nobody'}, 'mappings':"
                + " {'properties': {'passages': {'type': 'nested', 'properties': {'vector':"
                + " {'type': 'semblance_vector'}}}}}}"));
    JsonNode partial = search("red,operated/_search", BODY);
    assertEquals(3, partial.path("_shards").path("total").asInt(), partial::toString);
    assertEquals(2, partial.path("_shards").path("successful").asInt(), partial::toString);
    assertFalse(ids(partial).isEmpty());
    cluster.require("DELETE", "/red", null);
  }

  @Test
  void theWindowOfResultsIsThatOfAnySearch() throws IOException {
    cluster.assertRefused(
        "POST",
        "/operated/_search",
        json("{'from': 9995, 'size': 10, 'query': {'semblance': {'query': 'docker'}}}"),
        "Result window is too large");
  }

  @Test
  void thePluginReadsNoFolderThatNobodyNamed() throws IOException {
    cluster.assertRefused(
        "PUT",
        "/elsewhere",
        json(
            "{'mappings': {'properties': {'passages': {'type': 'nested', 'properties': {'vector':"
                + " {'type': 'semblance_vector', 'model': '"
                + cluster.elsewhere()
                + "'}}}}}}"),
        "is in no folder that the plugin may read",
        "-Dsemblance.models.path=FOLDER");
  }

  @Test
  void aSearchPipelineAppliesToAllOfIt() throws IOException {
    cluster.require(
        "PUT",
        "/_search/pipeline/one",
        json(
            "{'request_processors': [{'filter_query': {'query': {'term': {'course':"
                + " 'machine-learning'}}}}], 'response_processors': [{'rename_field':"
                + " {'field': 'title', 'target_field': 'heading'}}]}"));
    cluster.require("PUT", "/operated/_settings", json("{'index.search.default_pipeline': 'one'}"));
    try {
      JsonNode found = search("operated/_search", BODY);
      for (JsonNode hit : found.path("hits").path("hits")) {
        assertTrue(hit.path("_source").has("heading"), hit::toString);
        assertEquals("machine-learning", hit.path("_source").path("course").path(0).asString());
      }
    } finally {
      cluster.require(
          "PUT", "/operated/_settings", json("{'index.search.default_pipeline': '_none'}"));
    }
  }

  private static long queries() throws IOException {
    return cluster
        .require("GET", "/operated/_stats/search", null)
        .at("/_all/total/search/query_total")
        .asLong();
  }

  @Test
  void searchesAreCountedAndProfiled() throws IOException {
    long before = queries();
    JsonNode profiled = search("operated/_search", BODY.replaceFirst("\\{", "{'profile': true, "));
    assertEquals(2, queries() - before, "one for each shard");
    int searches = 0;
    for (JsonNode shard : profiled.path("profile").path("shards")) {
      for (JsonNode query : shard.at("/searches/0/query")) {
        // The search is within the first scorer, and a search of vectors takes its time.
        assertTrue(query.path("breakdown").path("build_scorer").asLong() > 50_000, query::toString);
        searches++;
      }
    }
    assertEquals(2, searches);
  }

  @Test
  void slowSearchesAreLoggedWithTheQuestion() throws IOException {
    String threshold = "{'index.search.slowlog.threshold.query.warn': ";
    String question = "a ship at " + System.nanoTime();
    cluster.require("PUT", "/operated/_settings", json(threshold + "'0ms'}"));
    try {
      search("operated/_search", "{'query': {'semblance': {'query': '" + question + "'}}}");
    } finally {
      cluster.require("PUT", "/operated/_settings", json(threshold + "null}"));
    }
    int logged = 0;
    for (int node = 0; node < 3; node++) {
      Path log = cluster.nodes().slowLog(node);
      if (Files.exists(log)) {
        logged +=
            (int)
                Files.readAllLines(log).stream()
                    .filter(line -> line.contains("[operated]") && line.contains(question))
                    .filter(line -> line.contains("\"semblance\":{"))
                    .count();
      }
    }
    assertEquals(2, logged, "one line for each shard");
  }

  @Test
  void aRunningSearchIsATaskThatCanBeCancelled() throws IOException {
    cluster.client().createIndex("slow", 2, 0, "none");
    for (int i = 0; i < 10; i++) {
      cluster.require(
          "POST",
          "/_reindex?refresh=true",
          json(
              "{'source': {'index': 'operated'}, 'dest': {'index': 'slow', 'pipeline': '_none'},"
                  + " 'script': {'source': 'ctx._id += params.i', 'params': {'i': '-"
                  + i
                  + "'}}}"));
    }
    // Some ten milliseconds for each of 200 documents on a shard, in each of several steps.
    String script =
        "{'script': {'script': {'source': 'double x = 0; for (int i = 0; i < 900000; i++)"
            + " { x += Math.sqrt(i); } return x > ";
    StringBuilder filter = new StringBuilder();
    for (int i = 0; i < 6; i++) {
      filter.append(i == 0 ? "" : ", ").append(script).append(i).append(";'}}}");
    }
    String body =
        "{'query': {'semblance': {'query': 'a very slow question', 'lexical': {'match_all': {}},"
            + " 'filter': {'bool': {'filter': ["
            + filter
            + "]}}}}}";
    CompletableFuture<ClusterClient.Reply> running =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return cluster.client().send("POST", "/slow/_search", json(body));
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
    String task = null;
    long limit = System.nanoTime() + 60_000_000_000L;
    while (task == null && !running.isDone() && System.nanoTime() < limit) {
      for (JsonNode node :
          cluster
              .require("GET", "/_tasks?detailed&actions=indices:data/read/search", null)
              .path("nodes")) {
        for (JsonNode one : node.path("tasks")) {
          if (one.path("description").asString("").contains("a very slow question")) {
            assertTrue(one.path("cancellable").asBoolean(), one::toString);
            task = one.path("node").asString() + ":" + one.path("id").asLong();
          }
        }
      }
    }
    assertNotNull(task, () -> "no such task; the search ended: " + running.isDone());
    cluster.require("POST", "/_tasks/" + task + "/_cancel", null);
    ClusterClient.Reply cancelled = running.join();
    assertFalse(cancelled.isOk(), cancelled.body()::toString);
    assertTrue(cancelled.body().toString().contains("cancelled"), cancelled.body()::toString);
  }

  @Test
  void whatIsLongerThanTheModelReadsIsTold() throws IOException {
    HttpRequest question =
        HttpRequest.newBuilder(cluster.nodes().url(0).resolve("/operated/_search"))
            .header("Content-Type", "application/json")
            .POST(
                BodyPublishers.ofString(
                    json("{'query': {'semantic': {'query': '" + "harbour ".repeat(400) + "'}}}")))
            .build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<String> answer = client.send(question, BodyHandlers.ofString());
      assertEquals(200, answer.statusCode());
      String warning = String.valueOf(answer.headers().firstValue("Warning").orElse(null));
      assertTrue(warning.contains("word pieces more than the model all-MiniLM-L6-v2"), warning);
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  @Test
  void anIndexHasAWeightOfItsOwn() throws IOException {
    cluster.require("POST", "/operated/_refresh", null); // other tests write to it
    String weighted =
        "{'query': {'semblance': {'query': 'docker container', 'semantic_weight': 1}}}";
    JsonNode wanted = search("operated/_search", weighted);
    assertFalse(wanted.path("hits").equals(search("operated/_search", BODY).path("hits")));
    String mapping =
        "{'properties': {'passages': {'type': 'nested', 'properties': {'vector': {'type':"
            + " 'semblance_vector', 'semantic_weight': %s}}}}}";
    cluster.require("PUT", "/operated/_mapping", json(String.format(Locale.ROOT, mapping, "1")));
    assertEquals(wanted.path("hits"), search("operated/_search", BODY).path("hits"));
    cluster.require("PUT", "/operated/_mapping", json(String.format(Locale.ROOT, mapping, "0.45")));
    cluster.assertRefused(
        "PUT",
        "/operated/_mapping",
        json(String.format(Locale.ROOT, mapping, "1.5")),
        "semantic_weight must be from 0 to 1, got: 1.5");
  }

  @Test
  void equalTextIsNotEmbeddedAgain() throws IOException {
    long before = cluster.embedded("documents");
    String id = ids(search("operated/_search", BODY)).getFirst();
    cluster.require("POST", "/operated/_update/" + id, json("{'doc': {'note': 'x'}}"));
    cluster.client().createIndex("again", 1, 0, "none");
    cluster.require(
        "POST",
        "/_reindex?refresh=true",
        json("{'source': {'index': 'operated'}, 'dest': {'index': 'again'}}"));
    cluster.require("POST", "/again/_update_by_query?pipeline=semblance", null);
    assertEquals(before, cluster.embedded("documents"));
    JsonNode count = cluster.require("GET", "/again/_count", null);
    assertEquals(40, count.path("count").asInt());
  }

  @Test
  void largeRequestsDoNotHoldUpASmallOne() throws IOException {
    cluster.client().createIndex("turns", 1, 0, "none");
    StringBuilder large = new StringBuilder();
    for (int i = 0; i < 300; i++) {
      ObjectNode document = TestCluster.JSON.createObjectNode();
      document.put("text", "Note " + i + " on harbours. " + "Ships wait for the tide. ".repeat(20));
      large.append("{\"index\": {}}\n").append(document).append('\n');
    }
    // On the node that is asked, whose two threads they would have to themselves.
    CompletableFuture<JsonNode> one = bulk(large.toString());
    CompletableFuture<JsonNode> other = bulk(large.toString());
    long queued = System.nanoTime() + 60_000_000_000L;
    while (active() < 2 && System.nanoTime() < queued) {
      LocalCluster.pause();
    }
    cluster.require("PUT", "/turns/_doc/small", json("{'text': 'a small one'}"));
    assertFalse(one.isDone() && other.isDone(), "the small one came last");
    assertFalse(one.join().path("errors").asBoolean());
    assertFalse(other.join().path("errors").asBoolean());
    cluster.require("POST", "/turns/_refresh", null);
    assertEquals(601, cluster.require("GET", "/turns/_count", null).path("count").asInt());
  }

  private static CompletableFuture<JsonNode> bulk(String lines) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return cluster.require("POST", "/turns/_bulk", lines);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  private static int active() throws IOException {
    JsonNode local = cluster.require("GET", "/_semblance/stats/_local", null).path("nodes");
    return local.iterator().next().path("documents").path("active").asInt();
  }
}
