package io.github.semblance.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.lucene.index.IndexWriter;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Ends a process in mid-indexing and looks at what it leaves behind. */
final class InterruptionTest {
  private static final Path STATUS = Path.of("/proc/self/status");

  @ParameterizedTest
  @CsvSource({"INT, 130", "TERM, 143", "KILL, 137"})
  void thePreviousCommitStays(String signal, int code, @TempDir Path folder)
      throws IOException, InterruptedException {
    assumeTrue(Files.exists(Path.of("/bin/kill")), "no command sends signals here");
    assumeFalse(signal.equals("INT") && interruptsAreIgnored(), "Ctrl-C is ignored here");
    String model = TinyModel.write(folder.resolve("tiny"), 1);
    String index = folder.resolve("index").toString();
    Path input = Files.writeString(folder.resolve("a.jsonl"), "{\"id\":\"a\",\"text\":\"kept\"}");
    Run.of("index", input.toString(), "--index", index, "--model", model).succeeds();
    Path lock = Path.of(index, IndexWriter.WRITE_LOCK_NAME);
    Files.deleteIfExists(lock);

    Path messages = folder.resolve("messages");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "--enable-native-access=ALL-UNNAMED",
                Semblance.class.getName(),
                "index",
                endless(folder).toString(),
                "--index",
                index,
                "--model",
                model)
            .redirectError(messages.toFile())
            .redirectOutput(folder.resolve("data").toFile())
            .start();
    try {
      while (process.isAlive() && !Files.exists(lock)) {
        process.waitFor(20, TimeUnit.MILLISECONDS);
      }
      assertTrue(process.isAlive(), () -> read(messages));
      new ProcessBuilder("/bin/kill", "-" + signal, Long.toString(process.pid())).start().waitFor();
      assertEquals(code, process.waitFor(), () -> read(messages));
    } finally {
      process.destroyForcibly().waitFor();
    }
    assertEquals(
        signal.equals("KILL")
            ? List.of()
            : List.of("semblance: interrupted; " + index + " is as it was"),
        read(messages).lines().filter(line -> !line.startsWith("WARNING: ")).toList());
    assertEquals("", read(folder.resolve("data")));

    String[] search = {"search", "kept", "--index", index, "--model", model, "--json"};
    assertEquals("a", Run.of(search).succeeds().json().at("/hits/0/id").asString());
    Run.of("index", input.toString(), "--index", index, "--model", model, "--update").succeeds();
    assertEquals(1, Run.of(search).succeeds().json().get("total").asInt());
  }

  /** More documents than can be indexed until the signal comes. */
  private static Path endless(Path folder) throws IOException {
    Path file = folder.resolve("many.jsonl");
    try (BufferedWriter writer = Files.newBufferedWriter(file)) {
      for (int i = 0; i < 300_000; i++) {
        writer.write("{\"id\":\"" + i + "\",\"text\":\"some words to be read as letters\"}\n");
      }
    }
    return file;
  }

  /** A shell starts jobs in the background so, and Java keeps to it. */
  private static boolean interruptsAreIgnored() throws IOException {
    if (!Files.exists(STATUS)) {
      return false;
    }
    return Files.readAllLines(STATUS).stream()
        .filter(line -> line.startsWith("SigIgn:"))
        .anyMatch(line -> (Long.parseUnsignedLong(line.substring(7).strip(), 16) & 2) != 0);
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return e.toString();
    }
  }
}
