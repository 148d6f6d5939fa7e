package io.github.semblance.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

@SuppressWarnings("NullAway.Init") // set before each test
final class ApiTest {
  private static final JsonNode DESCRIPTION =
      JsonMapper.shared().readTree(PageFiles.read("openapi.json"));

  @TempDir private Path folder;
  private Served served;

  @BeforeEach
  void serve() throws Exception {
    served = new Served(folder);
  }

  @AfterEach
  void close() throws Exception {
    served.close();
  }

  @Test
  void answersAreWhatIsDescribed() throws Exception {
    JsonNode results =
        checked(
            served.get(
                "/api/search?q=can+i+join+the+course&top=2&facet=course&explain=true"
                    + "&highlight=true"),
            "Results");
    assertEquals("join", results.get("hits").get(0).get("id").asString());
    assertEquals(2, results.get("hits").size());
    assertEquals("hybrid", results.get("mode").asString());
    assertTrue(results.get("hits").get(0).get("fields").has("text"), results.toString());
    assertTrue(results.get("hits").get(0).get("shares").get("semantic").asDouble() > 0);
    assertTrue(results.get("hits").get(0).get("passage").has("highlight"), results.toString());
    assertEquals(2, results.get("facets").get("course").size());

    JsonNode brief = checked(served.get("/api/search?q=join&mode=bm25&text=snippet"), "Results");
    JsonNode hit = brief.get("hits").get(0);
    assertFalse(hit.get("fields").has("text"), brief.toString());
    assertEquals("bm25", brief.get("mode").asString());
    assertEquals("search", hit.get("fields").get("course").asString());

    JsonNode ml = checked(served.get("/api/search?q=course&filter=course:ml"), "Results");
    ml.get("hits").forEach(one -> assertEquals("ml", one.get("fields").get("course").asString()));
    assertFalse(ml.get("hits").isEmpty());

    JsonNode groups = checked(served.get("/api/search?q=course&group_by=course"), "Results");
    assertEquals(2, groups.get("hits").size());
    assertTrue(groups.get("hits").get(0).has("group"), groups.toString());
    JsonNode sorted =
        checked(served.get("/api/search?q=course+id&sort=course:desc&diversity=0"), "Results");
    assertEquals("search", sorted.get("hits").get(0).get("fields").get("course").asString());
    JsonNode ranged = checked(served.get("/api/search?q=course&range=year:2020..2025"), "Results");
    assertEquals(1, ranged.get("hits").size());
    assertEquals("fees", ranged.get("hits").get(0).get("id").asString());

    checked(served.get("/api/indexes"), "Indexes");
    assertEquals("ok", checked(served.get("/api/health"), "Health").get("status").asString());
    JsonNode vector = checked(served.get("/api/embed?text=a+b&kind=passage"), "Embeddings");
    assertEquals(32, vector.get("embeddings").get(0).get("vector").size());
  }

  @Test
  void aBodyAsksTheSameAsAnAddress() throws Exception {
    JsonNode address =
        served.json("/api/search?q=course&top=3&mode=semantic&filter=course:ml&filter=course:x");
    JsonNode body =
        checked(
            served.post(
                "/api/search",
                "application/json; charset=utf-8",
                "{\"q\": \"course\", \"top\": 3, \"mode\": \"semantic\", \"filter\": {\"course\":"
                    + " [\"ml\", \"x\"]}, \"from\": null}"),
            "Results");
    assertEquals(address.get("hits"), body.get("hits"));
    assertFalse(body.get("hits").isEmpty());
  }

  @Test
  void documentsAndWhatIsLikeThem() throws Exception {
    JsonNode found = checked(served.get("/api/documents/a%2Fb%20c%25d"), "Document");
    assertEquals("Slashes in an id", found.get("fields").get("title").asString());
    assertEquals(found, served.json("/api/documents/a/b%20c%25d?index=docs"));
    JsonNode similar = checked(served.get("/api/similar/join?top=2"), "Results");
    assertEquals("join", similar.get("like").asString());
    assertEquals(2, similar.get("hits").size());
    for (String path : List.of("/api/documents/nobody", "/api/similar/nobody")) {
      refused(404, "no document \"nobody\"", served.get(path));
    }
  }

  @Test
  void whatIsWrongIsToldWithWhatWouldBeRight() throws Exception {
    refused(400, "\"q\" is missing", served.get("/api/search"));
    refused(400, "must not be empty", served.get("/api/search?q=+"));
    refused(400, "known are q, mode", served.get("/api/search?query=x"));
    refused(400, "from 1 to 100, got: 0", served.get("/api/search?q=x&top=0"));
    refused(400, "hybrid or bm25 or semantic, got: best", served.get("/api/search?q=x&mode=best"));
    refused(400, "true or false, got: 1", served.get("/api/search?q=x&explain=1"));
    refused(400, "course", served.get("/api/search?q=x&filter=nothing:1"));
    refused(400, "like field:value, got: course", served.get("/api/search?q=x&filter=course"));
    refused(400, "like field:low..high", served.get("/api/search?q=x&range=year:2020"));
    refused(400, "numbers or ISO dates", served.get("/api/search?q=x&range=year:a..b"));
    refused(400, "end before it begins", served.get("/api/search?q=x&range=year:2020..2010"));
    refused(400, "asc or desc", served.get("/api/search?q=x&sort=course:sideways"));
    refused(400, "given once, got: 2", served.get("/api/search?q=x&q=y"));
    refused(400, "at most 4000 characters", served.get("/api/search?q=" + "x".repeat(4001)));
    refused(404, "no index \"other\"; there are: docs", served.get("/api/search?q=x&index=other"));
    refused(404, "/api/openapi.json lists", served.get("/api/nothing"));
    refused(405, "GET, POST", served.post("/api/health", "application/json", "{}"), "GET");
    refused(415, "application/json", served.post("/api/search", "text/plain", "{}"));
    refused(400, "line 1", served.post("/api/search", "application/json", "{\"q\": "));
    refused(400, "JSON object, got: ARRAY", served.post("/api/search", "application/json", "[]"));
    refused(
        400,
        "\"q\" must be a string",
        served.post("/api/search", "application/json", "{\"q\": [[1]]}"));
    refused(
        400,
        "nesting depth",
        served.post("/api/search", "application/json", "{\"q\": " + "[".repeat(10_000)));
    refused(
        413, "", served.post("/api/search", "application/json", "{\"q\":\"" + "x".repeat(2 << 20)));
  }

  @Test
  void addressesArePercentEncodedUtf8() throws Exception {
    String rule = " must be percent-encoded UTF-8, got: ";
    refused(400, "\"q\"" + rule + "%ff", served.get("/api/search?top=1&q=%ff"));
    refused(400, "\"q\"" + rule + "caf%C3", served.get("/api/search?q=caf%C3&top=1"));
    refused(400, "\"q\"" + rule + "%C0%80", served.get("/api/search?q=%C0%80"));
    refused(400, "\"filter\"" + rule, served.get("/api/search?q=x&filter=course:%E2%82"));
    refused(400, "the name of a parameter" + rule, served.get("/api/search?q=x&%80=1"));
    refused(400, "", served.get("/api/documents/%ff"));
    refused(400, "", served.get("/api/similar/a%ED%A0%80"));
    refused(400, "", served.get("/api/health?%ff"));
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), served.port())) {
      socket
          .getOutputStream()
          .write(
              "GET /api/search?q=\u00ff HTTP/1.0\r\nHost: localhost\r\n\r\n"
                  .getBytes(StandardCharsets.ISO_8859_1));
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertTrue(answer.contains(" 400 ") && answer.contains(rule), answer);
    }
    assertEquals(
        "caf\u00e9 + x", served.json("/api/search?q=caf%C3%A9+%2B+x").get("query").asString());
  }

  @Test
  void aFilterThatNoDocumentPassesIsTold() throws Exception {
    JsonNode none = checked(served.get("/api/search?q=course&filter=course:x"), "Results");
    assertTrue(none.get("empty_filter").asBoolean());
    assertTrue(none.get("confidence").isNull());
    JsonNode some = checked(served.get("/api/search?q=course&filter=course:ml"), "Results");
    assertFalse(some.get("empty_filter").asBoolean());
    assertFalse(served.json("/api/search?q=course").has("empty_filter"));
  }

  @Test
  void theDescriptionIsThatOfTheCode() throws Exception {
    assertEquals(DESCRIPTION, served.json("/api/openapi.json"));
    TreeSet<String> code = new TreeSet<>();
    try (SearchWorkers workers = new SearchWorkers(1, 1, java.time.Duration.ofSeconds(1))) {
      Api api = new Api(new ServedIndexes(List.of(served.index)), workers, false);
      for (Api.Endpoint endpoint : api.endpoints()) {
        code.add(
            endpoint.method() + " " + endpoint.path() + " " + new TreeSet<>(endpoint.parameters()));
      }
    }
    TreeSet<String> described = new TreeSet<>();
    DESCRIPTION
        .get("paths")
        .properties()
        .forEach(
            path ->
                path.getValue()
                    .properties()
                    .forEach(
                        operation -> {
                          TreeSet<String> names = new TreeSet<>();
                          operation
                              .getValue()
                              .path("parameters")
                              .forEach(
                                  parameter -> {
                                    if (parameter.get("in").asString().equals("query")) {
                                      names.add(parameter.get("name").asString());
                                    }
                                  });
                          operation
                              .getValue()
                              .at("/requestBody/content/application~1json/schema/properties")
                              .properties()
                              .forEach(property -> names.add(property.getKey()));
                          described.add(
                              operation.getKey().toUpperCase(java.util.Locale.ROOT)
                                  + " "
                                  + path.getKey()
                                  + " "
                                  + names);
                        }));
    assertEquals(described, code);
  }

  @Test
  void whatAnotherProcessWritesIsSeen() throws Exception {
    assertEquals(0, served.json("/api/search?q=zebra&mode=bm25").get("total").asInt());
    served.write(Served.document("new", "", "A zebra came.", "search"));
    long end = System.nanoTime() + 60_000_000_000L;
    while (served.json("/api/search?q=zebra&mode=bm25").get("total").asInt() == 0) {
      assertTrue(System.nanoTime() < end, "not seen after a minute");
      Thread.sleep(50);
    }
    assertEquals(
        "A zebra came.", served.json("/api/documents/new").get("fields").get("text").asString());
  }

  @Test
  void figuresForPrometheus() throws Exception {
    served.get("/api/search?q=course");
    served.get("/api/search");
    HttpResponse<String> metrics = served.get("/metrics");
    assertTrue(
        metrics.headers().firstValue("Content-Type").orElse("").startsWith("text/plain"), "type");
    for (String line :
        List.of(
            "semblance_requests_total{endpoint=\"/api/search\",status=\"200\"} 1",
            "semblance_requests_total{endpoint=\"/api/search\",status=\"400\"} 1",
            "semblance_request_seconds_count{endpoint=\"/api/search\"} 2",
            "semblance_requests_active 1")) {
      assertTrue(metrics.body().contains(line + "\n"), metrics.body());
    }
    metrics
        .body()
        .lines()
        .forEach(
            line ->
                assertTrue(
                    line.matches(
                        "# (HELP|TYPE) semblance_\\w+ .+|semblance_\\w+(\\{[^{}]+\\})? [0-9.]+"),
                    line));
  }

  private static JsonNode checked(HttpResponse<String> response, String schema) {
    assertEquals(200, response.statusCode(), response.body());
    assertEquals("application/json", response.headers().firstValue("Content-Type").orElse(""));
    ObjectNode root = JsonMapper.shared().createObjectNode();
    root.put("$ref", "#/components/schemas/" + schema);
    root.set("components", DESCRIPTION.get("components"));
    var errors =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(root.toString())
            .validate(response.body(), InputFormat.JSON);
    assertTrue(errors.isEmpty(), errors + " in " + response.body());
    return JsonMapper.shared().readTree(response.body());
  }

  private static void refused(int status, String reason, HttpResponse<String> response) {
    refused(status, "", response, reason);
  }

  private static void refused(
      int status, String notInReason, HttpResponse<String> response, String reason) {
    assertEquals(status, response.statusCode(), response.body());
    String error = JsonMapper.shared().readTree(response.body()).get("error").asString();
    assertTrue(error.contains(reason), error);
    assertEquals(
        response.body().getBytes(StandardCharsets.UTF_8).length,
        response.headers().firstValueAsLong("Content-Length").orElse(-1));
    assertTrue(notInReason.isEmpty() || !error.contains(notInReason), error);
  }
}
