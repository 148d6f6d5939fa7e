package io.github.semblance.cluster;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A command of the system that is run to its end. */
final class Command {
  private Command() {}

  /**
   * Runs a command, with the Java of this process for OpenSearch's own.
   *
   * @param folder where what it says is kept meanwhile: a pipe could be held open by what the
   *     command leaves behind
   * @param limit after which it is killed
   * @throws IOException with what it said, if it fails or takes longer than the limit
   */
  static void run(List<String> command, Path folder, Duration limit) throws IOException {
    Path said = Files.createTempFile(folder, "command", ".log");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile());
    builder.environment().put("OPENSEARCH_JAVA_HOME", System.getProperty("java.home"));
    Process process = builder.start();
    try {
      process.getOutputStream().close();
      String failure = failure(process, limit);
      if (failure != null) {
        String log = new String(Files.readAllBytes(said), StandardCharsets.UTF_8);
        throw new IOException(String.join(" ", command) + " " + failure + ":\n" + log);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      InterruptedIOException interrupted =
          new InterruptedIOException("interrupted while running " + String.join(" ", command));
      interrupted.initCause(e);
      throw interrupted;
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
      Files.deleteIfExists(said);
    }
  }

  private static @Nullable String failure(Process process, Duration limit)
      throws InterruptedException {
    if (!process.waitFor(limit.toNanos(), TimeUnit.NANOSECONDS)) {
      return "did not end within " + limit.toMillis() / 1000.0 + " s, which is the limit";
    }
    return process.exitValue() == 0 ? null : "exited with " + process.exitValue();
  }
}
