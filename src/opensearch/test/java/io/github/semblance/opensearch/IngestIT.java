package io.github.semblance.opensearch;

import static io.github.semblance.opensearch.TestCluster.json;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.semblance.cluster.ClusterClient.Reply;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Mappings, documents and pipelines that go wrong get an answer. Needs profile {@code cluster}. */
@SuppressWarnings("NullAway.Init") // fields are set before all tests
final class IngestIT {
  private static TestCluster cluster;

  @BeforeAll
  static void index() throws IOException {
    cluster = TestCluster.get();
    cluster.client().createIndex("ingest", 1, 0, "none");
  }

  private static void put(String id, String document) throws IOException {
    cluster.require("PUT", "/ingest/_doc/" + id + "?refresh=true", json(document));
  }

  private static JsonNode source(String id) throws IOException {
    return cluster.require("GET", "/ingest/_doc/" + id, null).path("_source");
  }

  private static void mapping(String properties, String reason) throws IOException {
    cluster.assertRefused("PUT", "/mapped", json("{'mappings': " + properties + "}"), reason);
    assertEquals(404, cluster.client().send("GET", "/mapped", null).status());
  }

  @Test
  void wrongMappingsAreRefused() throws IOException {
    String vector = "{'type': 'nested', 'properties': {'vector': {'type': 'semblance_vector'}}}";
    mapping(
        "{'properties': {'a': " + vector + ", 'b': " + vector + "}}",
        "an index has one field of type [semblance_vector], got: [a.vector, b.vector]");
    mapping(
        "{'properties': {'vector': {'type': 'semblance_vector'}}}", "must be in a nested field");
    mapping(
        "{'properties': {'a': {'properties': {'vector': {'type': 'semblance_vector'}}}}}",
        "map [a.vector]'s object with");
    mapping(
        "{'_source': {'excludes': ['passages']}, 'properties': {'passages': " + vector + "}}",
        "_source must keep the field [passages.vector]");
    mapping(
        "{'_source': {'excludes': ['*.vector.floats']}, 'properties': {'passages': "
            + vector
            + "}}",
        "_source must keep");
    mapping(
        "{'_source': {'enabled': false}, 'properties': {'passages': " + vector + "}}",
        "_source must keep");
    cluster.assertRefused(
        "PUT",
        "/ingest/_mapping",
        json("{'properties': {'more': " + vector + "}}"),
        "an index has one field of type");
  }

  @Test
  void anIndexThatMapsNoVectorIsRefused() throws IOException {
    cluster.require("PUT", "/unmapped", null);
    cluster.assertRefused(
        "PUT",
        "/unmapped/_doc/1?pipeline=semblance",
        json("{'text': 'a text'}"),
        "must map the field [passages.vector] as [semblance_vector]");
    assertEquals(404, cluster.client().send("GET", "/unmapped/_doc/1", null).status());
  }

  @Test
  void anUpdateDoesNotKeepTheOldVectors() throws IOException {
    put("stale", "{'title': 'Ports', 'text': 'The ship lies in the harbour.', 'n': 1}");
    JsonNode before = source("stale").path("passages");
    assertEquals(1, before.size());
    for (String update :
        List.of(
            "{'doc': {'text': 'A comet was seen.'}}",
            "{'doc': {'title': 'Comets'}}",
            "{'script': {'source': 'ctx._source.title = params.t', 'params': {'t': 'Comets'}}}")) {
      JsonNode bulk =
          cluster.require(
              "POST", "/ingest/_bulk", json("{'update': {'_id': 'stale'}}\n" + update + "\n"));
      JsonNode item = bulk.path("items").path(0).path("update");
      assertEquals(400, item.path("status").asInt(), bulk::toString);
      assertTrue(
          item.toString().contains("its passages are of the text before; update it outside"),
          item::toString);
      assertEquals(before, source("stale").path("passages"));
    }
    cluster.require(
        "POST", "/ingest/_bulk", json("{'update': {'_id': 'stale'}}\n{'doc': {'n': 3}}\n"));
    assertEquals(3, source("stale").path("n").asInt());
    cluster.require("POST", "/ingest/_update/stale", json("{'doc': {'n': 2}}"));
    assertEquals(2, source("stale").path("n").asInt());
    assertEquals(before, source("stale").path("passages"));
    cluster.require(
        "POST", "/ingest/_update/stale", json("{'doc': {'text': 'A comet was seen.'}}"));
    assertFalse(before.equals(source("stale").path("passages")));
  }

  @Test
  void anIndexMayKeepThem() throws IOException {
    cluster.require(
        "PUT",
        "/kept",
        json(
            "{'settings': {'index.semblance.stale_vectors': 'keep', 'default_pipeline':"
                + " 'semblance'}, 'mappings': {'properties': {'passages': {'type': 'nested',"
                + " 'properties': {'vector': {'type': 'semblance_vector'}}}}}}"));
    cluster.require("PUT", "/kept/_doc/1", json("{'text': 'The ship lies in the harbour.'}"));
    JsonNode bulk =
        cluster.require(
            "POST",
            "/kept/_bulk",
            json("{'update': {'_id': '1'}}\n{'doc': {'text': 'A comet was seen.'}}\n"));
    assertFalse(bulk.path("errors").asBoolean(), bulk::toString);
    cluster.assertRefused(
        "PUT",
        "/kept2",
        json("{'settings': {'index.semblance.stale_vectors': 'forget'}}"),
        "must be one of [refuse, keep], got: forget");
  }

  @Test
  void anEqualTextIsNotEmbeddedAgain() throws IOException {
    put("same", "{'text': 'The lighthouse keeper counts ships.', 'n': 1}");
    ObjectNode again = (ObjectNode) source("same");
    long before = cluster.embedded("documents");
    put("same", again.put("n", 2).toString());
    assertEquals(before, cluster.embedded("documents"));
    put("same", again.put("text", "The keeper counts comets.").toString());
    assertEquals(before + 1, cluster.embedded("documents"));
  }

  @Test
  void whatFollowsTheProcessorMayThrow() throws IOException {
    refusedPipeline("{'target_field': '_id'}", "must be a field of the document, got [_id]");
    refusedPipeline("{'target_field': '_source'}", "must be a field of the document");
    refusedPipeline("{'target_field': 'text'}", "must not be a field that is embedded");
    refusedPipeline("{'text_fields': [1]}", "must be names of fields, got: 1");
    refusedPipeline("{'text_fields': []}", "must name at least one field");
    refusedPipeline("{'text_fields': ['']}", "must be the name of a field, got a blank");
    List<String> scripts =
        List.of(
            "throw new IllegalStateException('no')",
            "ctx._id = [1]",
            "ctx._version = null; ctx.remove('_version')",
            "ctx.x = new StringBuilder('x')",
            "int i = 0; while (true) { i++; }");
    String document = "{'text': 'a short text'}";
    for (String script : scripts) {
      ObjectNode pipeline = TestCluster.object("{'processors': [{'semblance': {}}]}");
      ((ArrayNode) pipeline.path("processors"))
          .addObject()
          .putObject("script")
          .put("source", script);
      cluster.require("PUT", "/_ingest/pipeline/throwing", pipeline.toString());
      assertAnswered(
          cluster.client().send("PUT", "/ingest/_doc/t?pipeline=throwing", json(document)), script);
      Reply bulk =
          cluster
              .client()
              .send(
                  "POST",
                  "/ingest/_bulk?pipeline=throwing",
                  json(
                      "{'index': {'_id': 't1'}}\n"
                          + document
                          + "\n{'index': {'_id': 't2'}}\n"
                          + document
                          + "\n"));
      if (bulk.isOk()) {
        assertTrue(bulk.body().path("errors").asBoolean(), script + ": " + bulk.body());
      } else {
        assertAnswered(bulk, script);
      }
    }
  }

  private static void assertAnswered(Reply reply, String script) {
    assertEquals(400, reply.status(), () -> script + ": " + reply.body());
  }

  private static void refusedPipeline(String processor, String reason) throws IOException {
    cluster.assertRefused(
        "PUT",
        "/_ingest/pipeline/refused",
        json("{'processors': [{'semblance': " + processor + "}]}"),
        reason);
  }

  @Test
  void badDocumentsAreRefused() throws IOException {
    put("nulls", "{'title': null, 'text': [null, 'a text', null]}");
    assertEquals(1, source("nulls").path("passages").size());
    String doc = "/ingest/_doc/bad";
    cluster.assertRefused("PUT", doc, json("{'text': null}"), "hold no text to embed");
    cluster.assertRefused(
        "PUT", doc, "{\"text\": \"rocket \\ud83d\"}", "[text] must be well-formed Unicode");
    cluster.assertRefused(
        "PUT",
        doc,
        "{\"text\": \"x\", \"a\": [{\"b\": \"\\udc00\"}]}",
        "[a.b] must be well-formed");
    put("good", "{'text': 'a text about ships'}");
    ObjectNode good = (ObjectNode) source("good");
    ObjectNode vector = (ObjectNode) good.path("passages").path(0).path("vector");
    int end = vector.path("end").asInt();
    forged(good, vector.put("end", 1_000_000), "must end within the text of 18 characters");
    forged(good, vector.put("end", -1), "must be offsets in a text");
    vector.put("end", end);
    String floats = vector.path("floats").asString();
    forged(good, vector.put("floats", "//9/f" + floats.substring(5)), "of a length from");
    forged(good, vector.put("floats", "AAAAAA=="), "of a length from");
    forged(good, vector.put("floats", floats.substring(0, 1024)), "384 dimensions");
    vector.put("floats", floats);
    forged(good, vector.put("hash", "x"), "its passages are of the text before");
    assertEquals(404, cluster.client().send("GET", "/ingest/_doc/forged", null).status());
  }

  private static void forged(ObjectNode document, ObjectNode vector, String reason)
      throws IOException {
    assertTrue(vector.has("floats"));
    cluster.assertRefused("PUT", "/ingest/_doc/forged?pipeline=_none", document.toString(), reason);
  }
}
