package io.github.semblance.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a test can see of commands that run until they are ended; their module tests the rest. */
@SuppressWarnings("NullAway.Init") // set before all tests
final class ServeCommandsTest {
  private static String model;
  private static String index;
  private static Path folder;

  @BeforeAll
  static void index(@TempDir Path temporary) throws IOException {
    folder = temporary;
    model = TinyModel.write(folder.resolve("tiny"), 1);
    index = folder.resolve("index").toString();
    Path input = folder.resolve("in.jsonl");
    Files.writeString(
        input, "{\"id\":\"1\",\"title\":\"Joining\",\"text\":\"You can join — späť.\"}");
    Run.of("index", input.toString(), "--index", index, "--model", model).succeeds();
  }

  @Test
  void anAgentSpeaksWithTheProcess() {
    String input =
        """
        {"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18",\
        "capabilities":{},"clientInfo":{"name":"test","version":"1"}}}
        {"jsonrpc":"2.0","method":"notifications/initialized"}
        {"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"fetch",\
        "arguments":{"id":"1"}}}
        """;
    Run run =
        Run.withInput(
            input.getBytes(StandardCharsets.UTF_8), "mcp", "--index", index, "--model", model);
    assertEquals(0, run.code(), run.err());
    List<JsonNode> answers =
        run.out().lines().map(line -> JsonMapper.shared().readTree(line)).toList();
    assertEquals(2, answers.size(), run.out());
    assertEquals("semblance", answers.get(0).at("/result/serverInfo/name").asString(), run.out());
    assertEquals(
        "You can join — späť.",
        answers.get(1).at("/result/structuredContent/fields/text").asString(),
        run.out());
  }

  @Test
  void whatCannotBeServedIsTold() throws IOException {
    serve().fails(2, "--index");
    serve("--index", folder.resolve("none").toString()).fails(1, "none");
    serve("--index", index, "--index", index).fails(1, "twice");
    serve("--index", index, "--port", "70000").fails(2, "0 to 65535", "70000");
    serve("--index", index, "--listen", "no such host").fails(2, "--listen");
    serve("--index", index, "--token-file", folder.resolve("none").toString()).fails(1, "none");
    Path token = Files.writeString(folder.resolve("token"), "short\n");
    serve("--index", index, "--token-file", token.toString()).fails(2, "at least 16");
    serve("--index", index, "--report", folder.resolve("none.html").toString())
        .fails(1, "none.html");
    try (ServerSocket taken = new ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
      Run run = serve("--index", index, "--port", String.valueOf(taken.getLocalPort()));
      run.fails(1, "cannot listen", String.valueOf(taken.getLocalPort()), "in use");
    }
    assertTrue(Run.of("serve", "--help").out().contains("--allow-host"));
  }

  private static Run serve(String... options) {
    String[] all = new String[options.length + 3];
    all[0] = "serve";
    all[1] = "--model";
    all[2] = model;
    System.arraycopy(options, 0, all, 3, options.length);
    return Run.of(all);
  }
}
