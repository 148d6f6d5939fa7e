package io.github.semblance.cli;

import io.github.semblance.server.McpStdio;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;

/**
 * {@code mcp}: an agent's program starts this, and speaks with it over standard input and output.
 */
@Command(
    name = "mcp",
    description = {
      "Lets agents search: a server of the Model Context Protocol over standard input and output,"
          + " with the tools search, fetch and find_similar. Ends when its input ends.",
      "An agent's program starts it by itself; serve has the same at /mcp."
    })
final class Mcp implements Callable<Integer> {
  @ParentCommand private Semblance semblance;

  @Mixin private ServedOptions options;
  @Mixin private NamedModel model;

  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  Mcp() {}

  @Override
  public Integer call() throws IOException, CommandFailure, InterruptedException {
    try (ServedFolders served = options.open(model);
        Messages out = new Messages(semblance.streams().out())) {
      McpStdio.serve(served.indexes(), semblance.streams().in(), out, options.timeout());
    }
    return 0;
  }

  /** Bytes of whole messages, as the protocol flushes them. */
  private static final class Messages extends ByteArrayOutputStream {
    private final PrintWriter out;

    Messages(PrintWriter out) {
      this.out = out;
    }

    @Override
    public synchronized void flush() {
      out.print(toString(StandardCharsets.UTF_8));
      out.flush();
      reset();
    }
  }
}
