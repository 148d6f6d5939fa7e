package io.github.semblance.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.semblance.embed.BagOfWordsEmbedder;
import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.client.transport.HttpClientStreamableHttpTransport;
import io.modelcontextprotocol.client.transport.ServerParameters;
import io.modelcontextprotocol.client.transport.StdioClientTransport;
import io.modelcontextprotocol.json.jackson3.JacksonMcpJsonMapper;
import io.modelcontextprotocol.spec.McpSchema;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** With the SDK's own client. */
final class McpTest {
  @TempDir private Path folder;

  @Test
  void overHttp() throws Exception {
    try (Served served = new Served(folder);
        McpSyncClient client =
            McpClient.sync(
                    HttpClientStreamableHttpTransport.builder("http://localhost:" + served.port())
                        .endpoint("/mcp")
                        .build())
                .requestTimeout(Duration.ofMinutes(1))
                .build()) {
      converse(client);
    }
  }

  @Test
  void overStandardInputAndOutput() throws Exception {
    try (Served served = new Served(folder)) {
      served.write(Served.document("long", "Long", "word ".repeat(8_000), "search"));
    }
    ServerParameters process =
        ServerParameters.builder(Path.of(System.getProperty("java.home"), "bin", "java").toString())
            .args(
                "-cp",
                System.getProperty("java.class.path"),
                Agent.class.getName(),
                folder.toString())
            .build();
    try (McpSyncClient client =
        McpClient.sync(
                new StdioClientTransport(process, new JacksonMcpJsonMapper(JsonMapper.shared())))
            .requestTimeout(Duration.ofMinutes(1))
            .build()) {
      converse(client);
      JsonNode part = call(client, "fetch", Map.of("id", "long"));
      assertEquals(McpTools.FETCHED, part.get("next_offset").asInt());
      assertEquals(40_000, part.get("characters").asInt());
      JsonNode rest = call(client, "fetch", Map.of("id", "long", "offset", McpTools.FETCHED));
      assertFalse(rest.has("next_offset"), rest.toString());
      assertEquals(20_000, rest.get("fields").get("text").asString().length());
    }
  }

  /** A process of its own that answers about an index. */
  static final class Agent {
    private Agent() {}

    public static void main(String[] arguments) throws Exception {
      try (BagOfWordsEmbedder embedder = new BagOfWordsEmbedder();
          ServedIndex index = ServedIndex.open("docs", Path.of(arguments[0]), embedder)) {
        McpStdio.serve(List.of(index), System.in, System.out, Duration.ofSeconds(10));
      }
    }
  }

  private static void converse(McpSyncClient client) {
    McpSchema.InitializeResult hello = client.initialize();
    assertEquals("semblance", hello.serverInfo().name());
    assertTrue(hello.instructions().contains("find_similar"), hello.instructions());
    assertEquals(
        List.of("search", "fetch", "find_similar"),
        client.listTools().tools().stream().map(McpSchema.Tool::name).toList());

    JsonNode found = call(client, "search", Map.of("query", "can I join the course", "top", 2));
    JsonNode hit = found.get("hits").get(0);
    assertEquals("join", hit.get("id").asString());
    assertFalse(hit.get("fields").has("text"), found.toString());
    assertEquals(2, found.get("hits").size());

    JsonNode document = call(client, "fetch", Map.of("id", "join"));
    assertEquals(
        "Yes, the course takes people late.", document.get("fields").get("text").asString());
    JsonNode similar =
        call(client, "find_similar", Map.of("id", "join", "filter", List.of("course:ml")));
    assertEquals(2, similar.get("hits").size());

    failure(client, "fetch", Map.of("id", "nobody"), "no document \"nobody\"");
    failure(client, "search", Map.of("query", "x", "filter", List.of("no:1")), "course");
    failure(client, "search", Map.of("query", "x", "top", 0), "top");
    failure(client, "search", Map.of(), "query");
  }

  private static JsonNode call(McpSyncClient client, String tool, Map<String, Object> arguments) {
    McpSchema.CallToolResult result =
        client.callTool(McpSchema.CallToolRequest.builder(tool).arguments(arguments).build());
    String text = ((McpSchema.TextContent) result.content().getFirst()).text();
    assertFalse(Boolean.TRUE.equals(result.isError()), text);
    return JsonMapper.shared().readTree(text);
  }

  private static void failure(
      McpSyncClient client, String tool, Map<String, Object> arguments, String reason) {
    McpSchema.CallToolResult result =
        client.callTool(McpSchema.CallToolRequest.builder(tool).arguments(arguments).build());
    String text = ((McpSchema.TextContent) result.content().getFirst()).text();
    assertEquals(true, result.isError(), text);
    assertTrue(text.contains(reason), text);
  }
}
