package io.github.semblance.opensearch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.semblance.bert.BertEmbedder;
import io.github.semblance.embed.Calibration;
import io.github.semblance.embed.TextEmbedder;
import io.github.semblance.index.SourceDocument;
import io.github.semblance.search.SearchRequest;
import io.github.semblance.search.SearchResults;
import io.github.semblance.search.SemanticSearcher;
import java.io.IOException;
import java.util.List;
import org.apache.lucene.store.ByteBuffersDirectory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Whether there is an answer: a page with a least confidence is empty just where the library
 * withholds its hits, however many shards there are. Needs profile {@code cluster}.
 */
@SuppressWarnings("NullAway.Init") // fields are set before all tests
final class ConfidenceIT {
  private static final float DEFAULT = 0.3f; // of the command line
  private static final List<String> QUESTIONS =
      List.of(
          "Is it too late to join the course?",
          "container cannot reach database",
          "do I get a certificate",
          "What do I need to install before we begin?",
          "Can parrots see ultraviolet light?",
          "Which treaty ended the Thirty Years' War",
          "Microglia activation precedes neuronal death in mice",
          "how long do I boil an egg",
          "first", // some document has all the words of these
          "problem",
          "second week");

  private static TestCluster cluster;
  private static List<SourceDocument> documents;

  @BeforeAll
  static void index() throws IOException {
    cluster = TestCluster.get();
    documents = TestCluster.documents().subList(0, 60);
    cluster.index("sure1", 1, documents);
    cluster.client().createIndex("sure3", 3, 0, "none");
    cluster.copy("sure1", "sure3");
  }

  private static JsonNode hits(String index, String text, float least) throws IOException {
    ObjectNode search = TestCluster.object("{'size': 60, 'ext': {'semblance': {'passages': 0}}}");
    search
        .putObject("query")
        .putObject("semblance")
        .put("query", text)
        .put("min_confidence", least);
    search.put("_source", false);
    JsonNode answer = cluster.require("POST", "/" + index + "/_search", search.toString());
    assertEquals(0, answer.path("_shards").path("failed").asInt(), answer::toString);
    return answer.path("hits").path("hits");
  }

  private static float confidence(JsonNode hit) {
    return hit.path("fields").path("_semblance").path(0).path("confidence").floatValue();
  }

  @Test
  void aPageIsEmptyWhereTheLibraryWithholdsIt() throws IOException {
    int withheld = 0;
    int byWords = 0;
    try (TextEmbedder embedder = BertEmbedder.load("all-MiniLM-L6-v2");
        ByteBuffersDirectory directory = new ByteBuffersDirectory()) {
      TestCluster.fillLibrary(directory, embedder, documents);
      try (SemanticSearcher library = SemanticSearcher.open(directory, embedder)) {
        for (String text : QUESTIONS) {
          for (float least : new float[] {0.05f, DEFAULT, Calibration.ALL_WORDS, 0.97f}) {
            SearchResults expected =
                library.search(SearchRequest.builder(text).minConfidence(least).build());
            withheld += expected.withheld() ? 1 : 0;
            byWords += Float.valueOf(Calibration.ALL_WORDS).equals(expected.confidence()) ? 1 : 0;
            for (String index : List.of("sure1", "sure3")) {
              String what = index + ", " + least + ": " + text;
              JsonNode hits = hits(index, text, least);
              assertEquals(expected.withheld(), hits.isEmpty(), what);
              float best = 0;
              for (JsonNode hit : hits) {
                assertTrue(confidence(hit) >= least, what);
                best = Math.max(best, confidence(hit));
              }
              if (!hits.isEmpty()) {
                assertNotNull(expected.confidence());
                assertEquals(expected.confidence(), best, 1e-4, what);
              }
            }
          }
        }
      }
    }
    assertTrue(withheld > 8 && byWords > 4, withheld + " withheld, " + byWords + " by words");
  }

  /** The default model's curve has slope 37.5 and lies where foreign questions come to .248. */
  @Test
  void anIndexThatComesCloserToForeignQuestionsNeedsMore() throws IOException {
    cluster.client().createIndex("mixed", 1, 0, "none");
    cluster.copy("sure1", "mixed");
    cluster.require(
        "PUT",
        "/mixed/_mapping",
        TestCluster.json(
            "{'properties': {'passages': {'type': 'nested', 'properties': {'vector': {'type':"
                + " 'semblance_vector', 'foreign_cosine': 0.298}}}}}"));
    int moved = 0;
    for (String text : QUESTIONS.subList(0, 4)) {
      JsonNode usual = hits("sure1", text, 0);
      JsonNode mixed = hits("mixed", text, 0);
      for (int i = 0; i < usual.size(); i++) {
        double before = confidence(usual.get(i));
        if (before > 0.01 && before < 0.89) { // beyond, words or rounding decide
          double odds = before / (1 - before) * Math.exp(-37.5 * 0.05);
          assertEquals(odds / (1 + odds), confidence(mixed.get(i)), 1e-3);
          moved++;
        }
      }
    }
    assertTrue(moved > 3, moved + " moved");
  }

  @Test
  void documentsOfALowerConfidenceLeaveThePage() throws IOException {
    String text = QUESTIONS.getFirst();
    for (String index : List.of("sure1", "sure3")) {
      JsonNode all = hits(index, text, 0);
      JsonNode sure = hits(index, text, DEFAULT);
      assertTrue(!sure.isEmpty() && sure.size() < all.size(), sure.size() + " of " + all.size());
      int at = 0;
      for (JsonNode hit : all) {
        if (confidence(hit) >= DEFAULT) {
          assertEquals(hit.path("_id"), sure.get(at).path("_id"));
          assertEquals(hit.path("_score"), sure.get(at).path("_score"));
          at++;
        }
      }
      assertEquals(at, sure.size());
    }
    // By meaning alone, it is a least cosine.
    JsonNode semantic =
        cluster.require(
            "POST",
            "/sure3/_search",
            TestCluster.json(
                "{'size': 60, 'ext': {'semblance': {}}, 'query': {'semantic': {'query': '"
                    + text
                    + "', 'min_confidence': 0.3}}}"));
    JsonNode found = semantic.path("hits").path("hits");
    assertTrue(!found.isEmpty() && found.size() < 60);
    found.forEach(hit -> assertTrue(confidence(hit) >= DEFAULT, hit::toString));
  }
}
