package io.github.semblance.cli;

import io.github.semblance.server.SemblanceServer;
import io.github.semblance.server.ServerSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code serve}: a page, an interface over HTTP, and tools for agents. */
@Command(
    name = "serve",
    description = {
      "Serves indexes over HTTP until Ctrl-C: a page to search on at /, JSON at /api/, tools for"
          + " agents (MCP) at /mcp, figures for Prometheus at /metrics.",
      "Listens on this machine only, unless --listen says more; then every request needs a token."
    })
final class Serve implements Callable<Integer> {
  private static final int TOKEN_BYTES = 24;

  @ParentCommand private Semblance semblance;
  @Spec private CommandSpec spec;

  @Mixin private ServedOptions options;
  @Mixin private NamedModel model;

  @Option(
      names = "--port",
      defaultValue = "8080",
      paramLabel = "PORT",
      description = "Port; 0 for any that is free (${DEFAULT-VALUE}).")
  private int port;

  @Option(
      names = "--listen",
      paramLabel = "ADDRESS",
      description = "Address to listen on, such as 0.0.0.0 for all (this machine only).")
  private @Nullable InetAddress address;

  @Option(
      names = "--allow-host",
      paramLabel = "NAME",
      description =
          "A name by which browsers call the server, beside its numeric address; repeatable.")
  private List<String> hosts = List.of();

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description =
          "File with the token that requests must carry; without it and with --listen one is made"
              + " up and printed.")
  private @Nullable Path tokenFile;

  @Option(
      names = "--report",
      paramLabel = "FILE",
      description = "A report of evaluate --report to show on the page.")
  private @Nullable Path report;

  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  Serve() {}

  @Override
  public Integer call() throws IOException, CommandFailure, InterruptedException {
    ServerSettings settings = settings();
    try (ServedFolders served = options.open(model);
        SemblanceServer server = SemblanceServer.start(served.indexes(), settings)) {
      String token = settings.token();
      semblance
          .streams()
          .out()
          .println(
              server.address() + (token == null || tokenFile != null ? "" : "#token=" + token));
      semblance.streams().out().flush();
      semblance.streams().err().println("semblance: serving; Ctrl-C ends it");
      server.join();
    }
    return 0;
  }

  private ServerSettings settings() throws IOException {
    InetAddress where = address == null ? InetAddress.getLoopbackAddress() : address;
    String token = null;
    if (tokenFile != null) {
      token = Files.readString(tokenFile).strip();
    } else if (!where.isLoopbackAddress()) {
      byte[] random = new byte[TOKEN_BYTES];
      new SecureRandom().nextBytes(random);
      token = HexFormat.of().formatHex(random);
    }
    try {
      return new ServerSettings(where, port, token, hosts, options.timeout(), report);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), Failures.text(e), e);
    }
  }
}
