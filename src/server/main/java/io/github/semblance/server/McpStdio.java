package io.github.semblance.server;

import io.modelcontextprotocol.json.jackson3.JacksonMcpJsonMapper;
import io.modelcontextprotocol.server.McpServer;
import io.modelcontextprotocol.server.McpServerFeatures;
import io.modelcontextprotocol.server.McpSyncServer;
import io.modelcontextprotocol.server.transport.StdioServerTransportProvider;
import io.modelcontextprotocol.spec.McpSchema;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;

/** The tools over two streams, as an agent's program starts a server. Stateless. */
public final class McpStdio {
  private McpStdio() {}

  /**
   * Answers until the input ends.
   *
   * @param indexes what to search, at least one; the caller's to close
   * @param out for messages of the protocol alone
   * @param timeLimit how long a search may take, more than 0
   */
  public static void serve(
      List<ServedIndex> indexes, InputStream in, OutputStream out, Duration timeLimit)
      throws InterruptedException {
    McpMessages messages = new McpMessages(in, out, timeLimit);
    try (SearchWorkers workers =
        new SearchWorkers(
            Runtime.getRuntime().availableProcessors(), SemblanceServer.WAITING, timeLimit)) {
      Api api = new Api(new ServedIndexes(indexes), workers, false);
      StdioServerTransportProvider transport =
          new StdioServerTransportProvider(
              new JacksonMcpJsonMapper(JsonMapper.shared()), messages.in(), messages.out());
      McpSyncServer server =
          McpServer.sync(transport)
              .serverInfo("semblance", McpEndpoint.version())
              .instructions(McpTools.INSTRUCTIONS)
              .capabilities(McpSchema.ServerCapabilities.builder().tools(false).build())
              .tools(
                  new McpTools(api)
                      .all().stream()
                          .map(
                              definition ->
                                  new McpServerFeatures.SyncToolSpecification(
                                      definition.tool(),
                                      (exchange, call) -> {
                                        indexes.forEach(ServedIndex::refresh);
                                        return definition.call().apply(call.arguments());
                                      }))
                          .toList())
              .build();
      messages.awaitEnd();
      server.closeGracefully();
    }
  }
}
