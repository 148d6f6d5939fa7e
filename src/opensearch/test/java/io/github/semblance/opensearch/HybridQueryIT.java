package io.github.semblance.opensearch;

import static io.github.semblance.opensearch.TestCluster.ids;
import static io.github.semblance.opensearch.TestCluster.json;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.semblance.index.SourceDocument;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * The query {@code semblance} in {@code _search}, with all that OpenSearch does to a query. Needs
 * profile {@code cluster}.
 */
@SuppressWarnings("NullAway.Init") // fields are set before all tests
final class HybridQueryIT {
  private static final int DOCUMENTS = 60;
  private static final String TEXT = "docker container cannot start";
  private static final String QUERY = "{'semblance': {'query': '" + TEXT + "'}}";

  private static TestCluster cluster;

  @BeforeAll
  static void index() throws IOException {
    cluster = TestCluster.get();
    List<SourceDocument> all = TestCluster.documents();
    List<SourceDocument> some = new ArrayList<>();
    for (int i = 0; i < DOCUMENTS; i++) {
      some.add(all.get(i * (all.size() / DOCUMENTS)));
    }
    cluster.index("hybrid1", 1, some);
    cluster.client().createIndex("hybrid3", 3, 0, "none");
    cluster.copy("hybrid1", "hybrid3");
  }

  private static JsonNode search(String index, String body) throws IOException {
    JsonNode answer = cluster.require("POST", "/" + index, json(body));
    assertEquals(0, answer.path("_shards").path("failed").asInt(), answer::toString);
    return answer;
  }

  private static Map<String, Double> scores(JsonNode response) {
    Map<String, Double> scores = new HashMap<>();
    response
        .path("hits")
        .path("hits")
        .forEach(hit -> scores.put(hit.path("_id").asString(), hit.path("_score").asDouble()));
    return scores;
  }

  @Test
  void withGlobalStatisticsThreeShardsScoreAsOne() throws IOException {
    for (String text : List.of(TEXT, "kafka", "is it too late to join the course", "sql")) {
      String body = "{'size': 20, 'query': {'semblance': {'query': '" + text + "'}}}";
      Map<String, Double> one = scores(search("hybrid1/_search", body));
      Map<String, Double> three =
          scores(search("hybrid3/_search?search_type=dfs_query_then_fetch", body));
      assertEquals(one.keySet(), three.keySet());
      one.forEach(
          (id, score) -> assertEquals(score, three.getOrDefault(id, -1.0), 1e-6, text + ": " + id));
    }
  }

  @Test
  void aRequestIsEmbeddedOnce() throws IOException {
    long before = cluster.embedded("queries");
    search("hybrid3/_search", "{'query': " + QUERY + "}");
    assertEquals(1, cluster.embedded("queries") - before);
  }

  @Test
  void itIsAClauseOfOtherQueries() throws IOException {
    JsonNode alone = search("hybrid3/_search", "{'query': " + QUERY + "}");
    double best = alone.path("hits").path("max_score").asDouble();
    Map<String, String> outer = new HashMap<>();
    outer.put("{'bool': {'must': [%s], 'should': [{'match_all': {}}]}}", "plus1");
    outer.put("{'function_score': {'query': %s, 'weight': 2}}", "times2");
    outer.put("{'constant_score': {'filter': %s, 'boost': 3}}", "3");
    outer.put("{'dis_max': {'queries': [%s]}}", "same");
    outer.put("{'script_score': {'query': %s, 'script': {'source': '_score * 2'}}}", "times2");
    outer.put(
        "{'boosting': {'positive': %s, 'negative': {'match_none': {}}, 'negative_boost': 0.5}}",
        "same");
    for (Map.Entry<String, String> one : outer.entrySet()) {
      JsonNode answer =
          search(
              "hybrid3/_search",
              "{'query': " + String.format(Locale.ROOT, one.getKey(), QUERY) + "}");
      double expected =
          switch (one.getValue()) {
            case "plus1" -> best + 1;
            case "times2" -> best * 2;
            case "3" -> 3;
            default -> best;
          };
      assertEquals(expected, answer.path("hits").path("max_score").asDouble(), 1e-5, one.getKey());
      assertEquals(
          alone.path("hits").path("total"), answer.path("hits").path("total"), one.getKey());
    }
  }

  @Test
  void parametersAreKeptTo() throws IOException {
    JsonNode filtered =
        search(
            "hybrid3/_search",
            "{'size': 50, 'query': {'semblance': {'query': '"
                + TEXT
                + "', 'filter': {'term': {'course': 'data-engineering'}}}}}");
    JsonNode courses =
        search("hybrid3/_search", "{'size': 0, 'aggs': {'c': {'terms': {'field': 'course'}}}}");
    assertTrue(courses.path("aggregations").path("c").path("buckets").size() > 1);
    for (JsonNode hit : filtered.path("hits").path("hits")) {
      assertEquals("data-engineering", hit.path("_source").path("course").path(0).asString());
    }
    JsonNode words =
        search(
            "hybrid1/_search",
            "{'query': {'semblance': {'query': 'x', 'k': 5, 'semantic_weight': 0,"
                + " 'min_similarity': 1, 'lexical': {'match': {'text': 'docker'}}}}}");
    JsonNode docker =
        search("hybrid1/_search", "{'size': 5, 'query': {'match': {'text': 'docker'}}}");
    assertEquals(ids(docker), ids(words));
    JsonNode meaning =
        search(
            "hybrid1/_search",
            "{'query': {'semblance': {'query': '"
                + TEXT
                + "', 'k': 5, 'semantic_weight': 1,"
                + " 'lexical': {'match_none': {}}}}}");
    JsonNode semantic =
        search("hybrid1/_search", "{'query': {'semantic': {'query': '" + TEXT + "', 'k': 5}}}");
    assertEquals(ids(semantic), ids(meaning));
  }

  @Test
  void aggregationsCountWhatIsFound() throws IOException {
    JsonNode answer =
        search(
            "hybrid3/_search",
            "{'size': 0, 'query': " + QUERY + ", 'aggs': {'c': {'terms': {'field': 'course'}}}}");
    int sum = 0;
    for (JsonNode bucket : answer.path("aggregations").path("c").path("buckets")) {
      sum += bucket.path("doc_count").asInt();
    }
    assertEquals(answer.path("hits").path("total").path("value").asInt(), sum);
    assertTrue(sum > 0);
  }

  @Test
  void sortsByAField() throws IOException {
    JsonNode answer =
        search(
            "hybrid3/_search",
            "{'size': 60, 'query': "
                + QUERY
                + ", 'sort': [{'course': 'asc'}, {'_score': 'desc'}]}");
    List<String> courses = new ArrayList<>();
    answer
        .path("hits")
        .path("hits")
        .forEach(hit -> courses.add(hit.path("sort").path(0).asString()));
    assertEquals(courses.stream().sorted(Comparator.naturalOrder()).toList(), courses);
    assertTrue(courses.size() > 5);
  }

  @Test
  void pagesHaveNoDoublesAndNoGaps() throws IOException {
    List<String> all = ids(search("hybrid3/_search", "{'size': 40, 'query': " + QUERY + "}"));
    List<String> paged = new ArrayList<>();
    for (int from = 0; from < 40; from += 7) {
      paged.addAll(
          ids(
              search(
                  "hybrid3/_search",
                  "{'from': "
                      + from
                      + ", 'size': "
                      + Math.min(7, 40 - from)
                      + ", 'query': "
                      + QUERY
                      + "}")));
    }
    assertEquals(all, paged);
    List<String> after = new ArrayList<>();
    String last = "";
    while (after.size() < 40) {
      JsonNode page =
          search(
              "hybrid3/_search",
              "{'size': 10, 'query': "
                  + QUERY
                  + ", 'sort': [{'_score': 'desc'}, {'_id': 'asc'}]"
                  + last
                  + "}");
      JsonNode hits = page.path("hits").path("hits");
      after.addAll(ids(page));
      last = ", 'search_after': " + hits.get(hits.size() - 1).path("sort");
    }
    assertEquals(new HashSet<>(all), new HashSet<>(after));
    assertEquals(40, new HashSet<>(after).size());
  }

  @Test
  void collapsesAndRescores() throws IOException {
    JsonNode collapsed =
        search(
            "hybrid3/_search",
            "{'size': 20, 'query': " + QUERY + ", 'collapse': {'field': 'course'}}");
    Set<String> courses = new HashSet<>();
    for (JsonNode hit : collapsed.path("hits").path("hits")) {
      assertTrue(courses.add(hit.path("fields").path("course").path(0).asString()), hit::toString);
    }
    assertTrue(courses.size() > 1);
    JsonNode rescored =
        search(
            "hybrid3/_search",
            "{'size': 20, 'query': {'match_all': {}}, 'rescore': {'window_size': 60, 'query':"
                + " {'query_weight': 0, 'rescore_query': "
                + QUERY
                + "}}}");
    JsonNode plain = search("hybrid3/_search", "{'size': 5, 'query': " + QUERY + "}");
    assertEquals(ids(plain).getFirst(), ids(rescored).getFirst());
  }

  @Test
  void leavesOutWhatScoresLess() throws IOException {
    JsonNode plain = search("hybrid3/_search", "{'size': 60, 'query': " + QUERY + "}");
    double limit = plain.path("hits").path("hits").path(7).path("_score").asDouble();
    JsonNode answer =
        search(
            "hybrid3/_search", "{'size': 60, 'min_score': " + limit + ", 'query': " + QUERY + "}");
    assertEquals(ids(plain).subList(0, 8), ids(answer));
  }

  @Test
  void filtersAfterAndNamesItself() throws IOException {
    JsonNode answer =
        search(
            "hybrid3/_search",
            "{'query': {'bool': {'should': [{'semblance': {'query': '"
                + TEXT
                + "', '_name': 'both'}}, {'term': {'course': {'value': 'none', '_name': 'never'}}}]}},"
                + " 'post_filter': {'term': {'course': 'data-engineering'}}}");
    assertTrue(answer.path("hits").path("hits").size() > 0);
    for (JsonNode hit : answer.path("hits").path("hits")) {
      assertEquals("[\"both\"]", hit.path("matched_queries").toString());
      assertEquals("data-engineering", hit.path("_source").path("course").path(0).asString());
    }
  }

  @Test
  void explainsBothLegs() throws IOException {
    JsonNode answer =
        search("hybrid3/_search", "{'size': 1, 'explain': true, 'query': " + QUERY + "}");
    JsonNode hit = answer.path("hits").path("hits").path(0);
    String explanation = hit.path("_explanation").toString();
    assertEquals(
        hit.path("_score").asDouble(), hit.path("_explanation").path("value").asDouble(), 1e-6);
    assertTrue(explanation.contains("cosine of the closest passage"), explanation);
    assertTrue(explanation.contains("idf"), explanation);
    JsonNode one =
        cluster.require(
            "POST",
            "/hybrid1/_explain/" + hit.path("_id").asString(),
            json("{'query': " + QUERY + "}"));
    assertTrue(one.path("matched").asBoolean(), one::toString);
  }

  @Test
  void tellsWhatEachLegSaysOfAHit() throws IOException {
    for (String index : List.of("hybrid1", "hybrid3")) {
      for (String query :
          List.of(
              QUERY,
              "{'bool': {'must': " + QUERY + "}}",
              "{'function_score': {'query': " + QUERY + "}}")) {
        JsonNode answer =
            search(
                index + "/_search?search_type=dfs_query_then_fetch",
                "{'size': 8, 'ext': {'semblance': {}}, 'query': " + query + "}");
        assertEquals(8, answer.path("hits").path("hits").size());
        for (JsonNode hit : answer.path("hits").path("hits")) {
          JsonNode legs = hit.path("fields").path("_semblance").path(0);
          double bm25 = legs.path("lexical").path("score").asDouble();
          double limit = legs.path("lexical").path("limit").asDouble();
          double cosine = legs.path("semantic").path("score").asDouble();
          assertTrue(limit > 0, hit::toString);
          // The formula of docs/opensearch.md.
          assertEquals(
              hit.path("_score").asDouble(),
              0.55 * bm25 / limit + 0.45 * cosine,
              1e-5,
              hit::toString);
          JsonNode passage = legs.path("passages").path(0);
          String text = hit.path("_source").path("text").asString();
          assertEquals(
              text.substring(passage.path("start").asInt(), passage.path("end").asInt()),
              passage.path("text").asString());
          assertEquals(cosine, passage.path("score").asDouble(), 1e-6);
        }
      }
    }
    JsonNode none =
        search("hybrid1/_search", "{'ext': {'semblance': {}}, 'query': {'match_all': {}}}");
    assertFalse(none.toString().contains("_semblance"));
    cluster.assertRefused(
        "POST",
        "/hybrid1/_search",
        json("{'ext': {'semblance': {'passages': 101}}, 'query': " + QUERY + "}"),
        "passages must be from 0 to 100, got: 101");
  }

  @Test
  void highlightsWords() throws IOException {
    JsonNode answer =
        search(
            "hybrid3/_search",
            "{'size': 3, 'query': "
                + QUERY
                + ", 'highlight': {'require_field_match': false,"
                + " 'fields': {'text': {}}}}");
    assertTrue(answer.toString().contains("<em>"), answer::toString);
  }

  @Test
  void highlightsTheSentenceThatIsClosestInMeaning() throws IOException {
    cluster.client().createIndex("sentences", 1, 0, "none");
    String text =
        "The river carried timber & coal to the mill. A comet was seen above the harbour."
            + " Bread was sold on Mondays.";
    cluster.require(
        "PUT",
        "/sentences/_doc/1?refresh=true",
        json("{'title': 'Notes', 'text': '" + text + "', 'place': 'harbour'}"));
    String search =
        "{'_source': false, 'query': {'%s': {'query': 'astronomers above the harbour'}},"
            + " 'highlight': {'encoder': 'html', 'type': 'semblance', 'fields': {'text': {},"
            + " 'place': {}}}}";
    JsonNode hybrid = search("sentences/_search", String.format(Locale.ROOT, search, "semblance"));
    JsonNode highlight = hybrid.path("hits").path("hits").path(0).path("highlight");
    assertEquals(
        "[\"A comet was seen <em>above</em> the <em>harbour</em>.\"]",
        highlight.path("text").toString());
    assertFalse(highlight.has("place"), "was not embedded");
    JsonNode semantic = search("sentences/_search", String.format(Locale.ROOT, search, "semantic"));
    assertEquals(
        "[\"A comet was seen above the harbour.\"]",
        semantic.path("hits").path("hits").path(0).path("highlight").path("text").toString());
    JsonNode timber =
        search(
            "sentences/_search",
            String.format(Locale.ROOT, search, "semblance").replace("astronomers", "logs coal"));
    assertTrue(timber.toString().contains("timber &amp; <em>coal</em>"), timber::toString);
  }

  @Test
  void statsAreOfAllNodes() throws IOException {
    search("hybrid3/_search", "{'query': {'semblance': {'query': 'a question for the stats'}}}");
    JsonNode stats = cluster.require("GET", "/_semblance/stats", null);
    assertEquals(3, stats.path("_nodes").path("successful").asInt(), stats::toString);
    assertEquals(3, stats.path("nodes").size());
    long millis = 0;
    for (JsonNode node : stats.path("nodes")) {
      assertEquals("all-MiniLM-L6-v2", node.path("model").asString());
      assertTrue(node.path("loaded").toString().contains("all-MiniLM-L6-v2"), node::toString);
      assertEquals(0, node.path("queries").path("rejected").asInt(-1));
      assertTrue(node.path("documents").path("queue").asInt(-1) >= 0);
      assertTrue(node.path("native_memory_in_bytes").asLong() > 0, node::toString);
      millis += node.path("queries").path("slowest_in_millis").asLong();
    }
    assertTrue(millis > 0);
    JsonNode local = cluster.require("GET", "/_semblance/stats/_local", null);
    assertEquals(1, local.path("nodes").size());
  }

  @Test
  void anIndexNamesItsModel() throws IOException {
    Path folder = TestCluster.OTHER_MODEL;
    assumeTrue(Files.exists(folder), () -> "needs " + folder);
    cluster.client().createIndex("ours", 1, 0, "none");
    cluster.require(
        "PUT",
        "/other",
        json(
            "{'settings': {'default_pipeline': 'semblance'}, 'mappings': {'properties': {"
                + "'all': {'type': 'text'}, 'text': {'type': 'text', 'copy_to': 'all'},"
                + "'passages': {'type': 'nested', 'properties': {'vector': {'type':"
                + " 'semblance_vector', 'model': '"
                + folder
                + "'}}}}}}"));
    // In one request with an index of another model.
    JsonNode bulk =
        cluster.require(
            "POST",
            "/_bulk?refresh=true",
            json(
                """
                {'index': {'_index': 'other', '_id': '1'}}
                {'text': 'a harbour in the north'}
                {'index': {'_index': 'ours', '_id': 'harbour'}}
                {'title': 'Harbour', 'text': 'a harbour in the north'}
                """));
    assertFalse(bulk.path("errors").asBoolean(), bulk::toString);
    assertEquals(
        folder.toString(),
        cluster
            .require("GET", "/other/_doc/1", null)
            .at("/_source/passages/0/vector/model")
            .asString());
    // And both searched at once, by the vectors of either model.
    JsonNode found =
        search(
            "other,ours/_search",
            "{'size': 60, 'query': {'semantic': {'query': 'a harbour in the north'}}}");
    assertTrue(ids(found).contains("1") && ids(found).contains("harbour"), found::toString);
    JsonNode one = search("other/_search", "{'query': {'semblance': {'query': 'harbour'}}}");
    assertEquals(List.of("1"), ids(one));
    cluster.assertRefused(
        "POST",
        "/other/_search",
        json("{'query': {'semblance': {'query': 'harbour', 'min_confidence': 0.3}}}"),
        "the model [" + folder + "] has no calibration",
        "limit the cosine with min_similarity");
    cluster.require("DELETE", "/other", null);
    cluster.assertRefused(
        "PUT",
        "/unknown",
        json(
            "{'mappings': {'properties': {'passages': {'type': 'nested', 'properties': {'vector':"
                + " {'type': 'semblance_vector', 'model': '/etc'}}}}}}"),
        "may not use the model [/etc]: its semblance.model and semblance.models are");
  }

  @Test
  void searchesManyTimesAtOnce() throws IOException {
    String line = "{}\n" + json("{'size': 3, 'query': " + QUERY + "}").replace("\n", " ") + "\n";
    JsonNode answer = cluster.require("POST", "/hybrid3/_msearch", line + line);
    assertEquals(2, answer.path("responses").size());
    assertEquals(ids(answer.path("responses").path(0)), ids(answer.path("responses").path(1)));
    assertEquals(3, ids(answer.path("responses").path(0)).size(), answer::toString);
  }

  @Test
  void scrollsAndKeepsAPointInTime() throws IOException {
    List<String> all = ids(search("hybrid3/_search", "{'size': 40, 'query': " + QUERY + "}"));
    JsonNode page = search("hybrid3/_search?scroll=1m", "{'size': 15, 'query': " + QUERY + "}");
    List<String> scrolled = new ArrayList<>();
    while (scrolled.size() < 40) {
      assertFalse(ids(page).isEmpty());
      scrolled.addAll(ids(page));
      page =
          cluster.require(
              "POST",
              "/_search/scroll",
              json("{'scroll': '1m', 'scroll_id': '" + page.path("_scroll_id").asString() + "'}"));
    }
    assertEquals(all, scrolled.subList(0, 40));
    String pit =
        cluster
            .require("POST", "/hybrid3/_search/point_in_time?keep_alive=1m", null)
            .path("pit_id")
            .asString();
    JsonNode answer =
        cluster.require(
            "POST",
            "/_search",
            json("{'size': 40, 'query': " + QUERY + ", 'pit': {'id': '" + pit + "'}}"));
    assertEquals(all, ids(answer));
  }

  @Test
  void searchesSeveralIndexes() throws IOException {
    JsonNode answer = search("hybrid1,hybrid3/_search", "{'size': 60, 'query': " + QUERY + "}");
    Set<String> indexes = new HashSet<>();
    answer.path("hits").path("hits").forEach(hit -> indexes.add(hit.path("_index").asString()));
    assertEquals(Set.of("hybrid1", "hybrid3"), indexes);
  }

  @Test
  void anAliasIsFilteredBeforeTheSearch() throws IOException {
    cluster.require(
        "POST",
        "/_aliases",
        json(
            "{'actions': [{'add': {'index': 'hybrid3', 'alias': 'ml', 'filter': {'term':"
                + " {'course': 'machine-learning'}}}}, {'add': {'index': 'hybrid3',"
                + " 'alias': 'routed', 'routing': 'a'}}]}"));
    // With one place in the ranking for each shard, a filter after the search would leave nothing.
    String body =
        "{'query': {'semblance': {'query': 'docker container data engineering', 'k': 1}}}";
    JsonNode answer = search("ml/_search", body);
    assertTrue(answer.path("hits").path("hits").size() > 0, answer::toString);
    for (JsonNode hit : answer.path("hits").path("hits")) {
      assertEquals("machine-learning", hit.path("_source").path("course").path(0).asString());
    }
    JsonNode routed = search("routed/_search", "{'query': " + QUERY + "}");
    assertEquals(1, routed.path("_shards").path("total").asInt());
  }

  @Test
  void rankingsAreEvaluated() throws IOException {
    String best = ids(search("hybrid3/_search", "{'size': 1, 'query': " + QUERY + "}")).getFirst();
    JsonNode answer =
        cluster.require(
            "POST",
            "/hybrid3/_rank_eval",
            json(
                "{'requests': [{'id': 'q', 'request': {'query': "
                    + QUERY
                    + "}, 'ratings':"
                    + " [{'_index': 'hybrid3', '_id': '"
                    + best
                    + "', 'rating': 1}]}],"
                    + " 'metric': {'mean_reciprocal_rank': {}}}"));
    assertEquals(1, answer.path("metric_score").asDouble(), 1e-9, answer::toString);
  }

  @Test
  void profilesAndValidates() throws IOException {
    JsonNode plain = search("hybrid3/_search", "{'query': " + QUERY + "}");
    JsonNode profiled = search("hybrid3/_search", "{'profile': true, 'query': " + QUERY + "}");
    assertEquals(ids(plain), ids(profiled));
    JsonNode valid =
        cluster.require("POST", "/hybrid3/_validate/query", json("{'query': " + QUERY + "}"));
    assertTrue(valid.path("valid").asBoolean(), valid::toString);
    JsonNode count = cluster.require("POST", "/hybrid3/_count", json("{'query': " + QUERY + "}"));
    assertEquals(
        plain.path("hits").path("total").path("value").asInt(), count.path("count").asInt());
  }

  @Test
  void malformedQueriesAreRefusedWithTheReason() throws IOException {
    refused("{}", "[semblance] needs a [query]");
    refused("{'query': ' '}", "not blank");
    refused("{'query': 'x', 'k': 0}", "k must be from 1");
    refused("{'query': 'x', 'semantic_weight': 1.5}", "semantic_weight must be from 0 to 1");
    refused("{'query': 'x', 'min_similarity': -2}", "min_similarity must be from -1 to 1");
    refused("{'query': 'x', 'min_confidence': -0.1}", "min_confidence must be from 0 to 1");
    refused("{'query': 'x', 'top': 2}", "unknown field [top]");
    refused("{'query': 'x', 'field': 'text'}", "semblance_vector");
    refused("{'query': '" + "word ".repeat(10_000) + "'}", "at most 10000 characters");
    refused("{'query': '" + "w ".repeat(4_000) + "'}", "must make at most 1024 clauses");
    refused("{'query': '" + "w ".repeat(700) + "'}", "must make at most 1024 clauses");
    refused("{'query': '" + "x".repeat(1_000_000) + "'}", "at most 10000 characters");
    cluster.assertRefused(
        "POST",
        "/hybrid3/_search",
        json("{'query': {'nested': {'path': 'passages', 'query': {'semantic': {'query': 'x'}}}}}"),
        "cannot be in a [nested] query");
    cluster.assertRefused(
        "POST",
        "/hybrid3/_search",
        json("{'query': {'nested': {'path': 'passages', 'query': " + QUERY + "}}}"),
        "cannot be in a [nested] query");
  }

  private static void refused(String query, String reason) throws IOException {
    cluster.assertRefused(
        "POST", "/hybrid3/_search", json("{'query': {'semblance': " + query + "}}"), reason);
  }

  @Test
  void deepQueriesEnd() throws IOException {
    String semantic = "{'match_all': {}}";
    for (int depth = 0; depth < 12; depth++) {
      semantic =
          "{'semblance': {'query': 'docker', 'filter': {'semantic': {'query': 'docker', 'filter': "
              + semantic
              + "}}}}";
    }
    assertFalse(ids(search("hybrid1/_search", "{'query': " + semantic + "}")).isEmpty());
    String bools = "{'term': {'course': 'data-engineering'}}";
    for (int depth = 0; depth < 400; depth++) {
      bools = "{'bool': {'filter': " + bools + "}}";
    }
    cluster.assertRefused(
        "POST",
        "/hybrid1/_search",
        json("{'query': {'semblance': {'query': 'docker', 'filter': " + bools + "}}}"),
        "at most 100 levels");
  }
}
