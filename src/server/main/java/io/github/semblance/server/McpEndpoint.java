package io.github.semblance.server;

import io.modelcontextprotocol.json.jackson3.JacksonMcpJsonMapper;
import io.modelcontextprotocol.server.McpServer;
import io.modelcontextprotocol.server.McpStatelessServerFeatures;
import io.modelcontextprotocol.server.McpStatelessSyncServer;
import io.modelcontextprotocol.server.transport.HttpServletStatelessServerTransport;
import io.modelcontextprotocol.spec.McpSchema;
import jakarta.servlet.http.HttpServlet;
import tools.jackson.databind.json.JsonMapper;

/** The tools over HTTP. Without sessions, so that nothing is kept for clients that have gone. */
final class McpEndpoint implements AutoCloseable {
  static final String PATH = "/mcp";

  private final HttpServletStatelessServerTransport transport;
  private final McpStatelessSyncServer server;

  McpEndpoint(Api api) {
    this.transport =
        HttpServletStatelessServerTransport.builder()
            .jsonMapper(new JacksonMcpJsonMapper(JsonMapper.shared()))
            .messageEndpoint(PATH)
            .build();
    this.server =
        McpServer.sync(transport)
            .serverInfo("semblance", version())
            .instructions(McpTools.INSTRUCTIONS)
            .capabilities(McpSchema.ServerCapabilities.builder().tools(false).build())
            // On the request's own thread, which is virtual.
            .immediateExecution(true)
            .tools(
                new McpTools(api)
                    .all().stream()
                        .map(
                            definition ->
                                new McpStatelessServerFeatures.SyncToolSpecification(
                                    definition.tool(),
                                    (context, call) -> definition.call().apply(call.arguments())))
                        .toList())
            .build();
  }

  /** What this module's jar says. */
  static String version() {
    String version = McpEndpoint.class.getPackage().getImplementationVersion();
    return version == null ? "unpackaged" : version;
  }

  HttpServlet servlet() {
    return transport;
  }

  @Override
  public void close() {
    server.close();
  }
}
