package io.github.semblance.opensearch;

import static io.github.semblance.opensearch.TestCluster.ids;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.apache.hc.core5.http.HttpHost;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.opensearch.client.json.JsonData;
import org.opensearch.client.opensearch.OpenSearchClient;
import org.opensearch.client.opensearch._types.aggregations.StringTermsBucket;
import org.opensearch.client.opensearch._types.query_dsl.Query;
import org.opensearch.client.opensearch.core.SearchResponse;
import org.opensearch.client.opensearch.core.search.Hit;
import org.opensearch.client.transport.OpenSearchTransport;
import org.opensearch.client.transport.httpclient5.ApacheHttpClient5TransportBuilder;
import tools.jackson.databind.JsonNode;

/** The examples of docs/opensearch.md, each run by what it is written for. */
@SuppressWarnings("NullAway.Init") // fields are set before all tests
@Timeout(120)
final class ClientsIT {
  private static final String QUESTION = "Is it too late to enrol?";

  private static TestCluster cluster;

  @BeforeAll
  static void index() throws IOException {
    assumeTrue(exists("curl") && exists("bash"), "needs curl and bash");
    cluster = TestCluster.get();
    for (List<String> curl : examples("curl")) {
      String definition = String.join("\n", curl);
      if (definition.contains("-X PUT")) {
        run(List.of("bash", "-euo", "pipefail", "-c", local(definition)));
      }
    }
    List<String> refused = new ArrayList<>();
    cluster.client().index("faq", TestCluster.documents().subList(0, 200), refused::add);
    assertEquals(List.of(), refused);
    cluster.require("POST", "/faq/_refresh", null);
  }

  private static String local(String example) {
    return example.replace("localhost:9200", cluster.nodes().url(0).getAuthority());
  }

  /** What stands in the fences of a language. */
  private static List<List<String>> examples(String language) throws IOException {
    List<List<String>> examples = new ArrayList<>();
    List<String> example = null;
    String fence = "```" + (language.equals("curl") ? "console" : language);
    for (String line : Files.readAllLines(Path.of("docs/opensearch.md"))) {
      if (example == null && line.equals(fence)) {
        example = new ArrayList<>();
      } else if (example != null && line.equals("```")) {
        if (!language.equals("curl") || example.getFirst().startsWith("curl")) {
          examples.add(example);
        }
        example = null;
      } else if (example != null) {
        example.add(line);
      }
    }
    assertFalse(examples.isEmpty(), language);
    return examples;
  }

  private static String run(List<String> command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try {
      process.getOutputStream().close();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertTrue(process.waitFor(60, TimeUnit.SECONDS));
      assertEquals(0, process.exitValue(), said);
      return said;
    } catch (InterruptedException e) {
      throw new IOException(e);
    } finally {
      process.destroyForcibly();
    }
  }

  private static boolean exists(String command) {
    return List.of(System.getenv().getOrDefault("PATH", "").split(":")).stream()
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, command)));
  }

  @Test
  void curl() throws IOException {
    int searches = 0;
    for (List<String> example : examples("curl")) {
      for (String command : String.join("\n", example).split("\n\n", -1)) {
        if (command.contains("_search")) {
          JsonNode answer =
              TestCluster.JSON.readTree(
                  run(
                      List.of(
                          "bash",
                          "-euo",
                          "pipefail",
                          "-c",
                          local("curl -s" + command.substring(4)))));
          assertFalse(ids(answer).isEmpty(), () -> command + ": " + answer);
          searches++;
        }
      }
    }
    assertTrue(searches >= 3);
  }

  @Test
  void python() throws IOException {
    assumeTrue(exists("python3"), "needs python3");
    for (List<String> example : examples("python")) {
      String said = run(List.of("python3", "-c", local(String.join("\n", example))));
      assertTrue(said.lines().count() >= 3, said);
    }
  }

  @Test
  void javaClient() throws IOException {
    var node = new HttpHost("http", "127.0.0.1", cluster.nodes().url(0).getPort());
    try (OpenSearchTransport transport = ApacheHttpClient5TransportBuilder.builder(node).build()) {
      SearchResponse<JsonData> found = ask(new OpenSearchClient(transport));
      assertEquals(0, found.shards().failed());
      assertEquals(10, found.hits().hits().size());
      List<String> ids = new ArrayList<>();
      for (Hit<JsonData> hit : found.hits().hits()) {
        ids.add(String.valueOf(hit.id()));
        assertNotNull(hit.score());
        JsonData legs = hit.fields().get("_semblance");
        assertNotNull(legs, hit::toString);
        String passage =
            legs.toJson().asJsonArray().getJsonObject(0).getJsonArray("passages").toString();
        assertTrue(passage.contains("\"text\""), passage);
      }
      long counted = 0;
      var courses = Objects.requireNonNull(found.aggregations().get("courses")).sterms();
      for (StringTermsBucket bucket : courses.buckets().array()) {
        counted += bucket.docCount();
      }
      assertEquals(found.hits().total().value(), counted);
      JsonNode plain =
          cluster.require(
              "POST",
              "/faq/_search",
              TestCluster.json("{'query': {'semblance': {'query': '" + QUESTION + "'}}}"));
      assertEquals(ids(plain), ids);
    }
  }

  /** The program that docs/opensearch.md shows, but for where it prints. */
  private static SearchResponse<JsonData> ask(OpenSearchClient client) throws IOException {
    String semblance = "{\"semblance\": {\"query\": \"" + QUESTION + "\"}}";
    String escaped = Base64.getEncoder().encodeToString(semblance.getBytes(StandardCharsets.UTF_8));
    Query hybrid = Query.of(query -> query.wrapper(json -> json.query(escaped)));
    return client.search(
        search ->
            search
                .index("faq")
                .query(query -> query.bool(bool -> bool.must(hybrid)))
                .ext("semblance", JsonData.of(Map.of("passages", 1)))
                .source(source -> source.filter(fields -> fields.excludes("passages")))
                .aggregations(
                    "courses", courses -> courses.terms(terms -> terms.field("course").size(50))),
        JsonData.class);
  }

  @Test
  void theJavaOfTheDocumentationIsThatOfThisTest() throws IOException {
    String test =
        Files.readString(
            Path.of("src/opensearch/test/java/io/github/semblance/opensearch/ClientsIT.java"));
    for (String line : examples("java").getFirst()) {
      assertTrue(test.contains(line.strip()), line);
    }
  }
}
