package io.github.semblance.bert;

import io.github.semblance.bert.checkpoint.Fingerprint;
import io.github.semblance.bert.checkpoint.ModelEnvironment;
import io.github.semblance.embed.EmbeddingModel;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers what was chosen for a model's queries on this machine, so that a second start need not
 * measure: one small file per model and kind of processor in the user's cache folder. What it says
 * of another JVM or another version, or what is damaged, is as good as nothing, and is replaced.
 *
 * <p>A file that cannot be read or written costs seconds and nothing else.
 */
final class QueryChoiceFile {
  /** Changes with the format, and whenever the same candidates get another speed. */
  private static final String VERSION = "semblance queries 1";

  /** A file of nine lengths has less than 1,000. */
  private static final int MOST_BYTES = 8192;

  /** Kernels are updated, machines move. */
  private static final Duration KEPT = Duration.ofDays(30);

  private static final Path CPU = Path.of("/proc/cpuinfo");

  private static final Logger LOG = LoggerFactory.getLogger(QueryChoiceFile.class);

  private final Path file;
  private final String circumstances;

  /**
   * The file of a model.
   *
   * @param folder of all such files
   * @param fingerprint of the model
   * @param circumstances one line: what else the choice depends on
   */
  QueryChoiceFile(Path folder, String fingerprint, String circumstances) {
    String key = Fingerprint.extend(fingerprint, "processor", processor());
    this.file = folder.resolve(key + ".txt");
    this.circumstances = circumstances;
  }

  /** The file for a model whose queries have so many threads. */
  static QueryChoiceFile of(EmbeddingModel model, int threads) {
    return new QueryChoiceFile(
        ModelEnvironment.system().cache().resolve("semblance").resolve("queries"),
        model.fingerprint(),
        threads + " threads, Java " + Runtime.version() + ", " + TorchRuntime.describe());
  }

  /** The name of this machine's processor, and how many there are. */
  static String processor() {
    String name = System.getProperty("os.arch");
    try {
      name =
          Files.readAllLines(CPU).stream()
              .filter(line -> line.startsWith("model name") || line.startsWith("CPU part"))
              .map(line -> line.substring(line.indexOf(':') + 1).strip())
              .findFirst()
              .orElse(name);
    } catch (IOException | SecurityException e) {
      LOG.debug("{} does not tell the processor", CPU, e);
    }
    return Runtime.getRuntime().availableProcessors() + " x " + name;
  }

  Path path() {
    return file;
  }

  /** What was chosen under the same circumstances. */
  Optional<QueryChoice> read() {
    try (InputStream in = Files.newInputStream(file)) {
      if (Files.getLastModifiedTime(file).toInstant().isBefore(Instant.now().minus(KEPT))) {
        return Optional.empty();
      }
      List<String> lines =
          new String(in.readNBytes(MOST_BYTES), StandardCharsets.UTF_8).lines().toList();
      if (lines.size() < 2
          || !lines.get(0).equals(VERSION)
          || !lines.get(1).equals(circumstances)) {
        return Optional.empty();
      }
      return QueryChoice.parse(lines.subList(2, lines.size()));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException | SecurityException e) {
      LOG.debug("{} cannot be read", file, e);
      return Optional.empty();
    }
  }

  void write(QueryChoice choice) {
    List<String> lines = new ArrayList<>(List.of(VERSION, circumstances));
    lines.addAll(choice.lines());
    try {
      Files.createDirectories(file.getParent());
      Path unfinished = Files.createTempFile(file.getParent(), "new", null);
      Files.write(unfinished, lines);
      Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException | SecurityException e) {
      LOG.debug("{} cannot be written", file, e);
    }
  }
}
