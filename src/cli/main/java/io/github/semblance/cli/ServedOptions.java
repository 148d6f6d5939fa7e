package io.github.semblance.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Option;

/** The options of what serves indexes. */
final class ServedOptions {
  @Option(
      names = "--index",
      required = true,
      paramLabel = "DIR",
      description = "Index folder; repeatable.")
  private List<Path> folders;

  @Option(
      names = "--timeout",
      defaultValue = "10s",
      paramLabel = "TIME",
      converter = DurationConverter.class,
      description = "How long a search may wait and take (${DEFAULT-VALUE}).")
  private Duration timeout;

  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  ServedOptions() {}

  /** Opens the indexes. */
  ServedFolders open(NamedModel model) throws IOException, CommandFailure {
    return new ServedFolders(folders, model);
  }

  Duration timeout() {
    return timeout;
  }
}
