package io.github.semblance.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.semblance.index.BlockDump;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.logging.Logger;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * Kills the process that indexes, at random moments, and looks at what is left. How often: {@code
 * mvn test -Dtest=KilledIndexingTest -Dsemblance.kills=50}.
 */
@SuppressWarnings("NullAway.Init") // set before each
final class KilledIndexingTest {
  private static final int KILLS = Integer.getInteger("semblance.kills", 2);
  private static final int DOCUMENTS = 50;
  private static final Logger LOG = Logger.getLogger(KilledIndexingTest.class.getName());

  /** Words that are letters to the model, so that a document has several passages. */
  private static final String LONG = " some words to be read as letters".repeat(20);

  private final Random random = new Random();

  @TempDir private Path folder;
  private String model;
  private Path before;
  private Path after;

  @BeforeEach
  void write() throws IOException {
    model = TinyModel.write(folder.resolve("tiny"), 1);
    before = folder.resolve("before.jsonl");
    after = folder.resolve("after.jsonl");
    try (BufferedWriter old = Files.newBufferedWriter(before);
        BufferedWriter now = Files.newBufferedWriter(after)) {
      for (int i = 0; i < DOCUMENTS; i++) {
        String text = "word" + i + (i % 10 == 0 ? LONG : "");
        // Of five documents one is new, one is gone, one has other text and one another color.
        if (i % 5 != 0) {
          old.write(record(i, text, "red"));
        }
        if (i % 5 != 1) {
          now.write(record(i, i % 5 == 2 ? text + " more" : text, i % 5 == 3 ? "blue" : "red"));
        }
      }
    }
  }

  private static String record(int id, String text, String color) {
    return "{\"id\":\"" + id + "\",\"text\":\"" + text + "\",\"color\":\"" + color + "\"}\n";
  }

  @Test
  void anInterruptedUpdateIsCompletedByTheNext() throws IOException, InterruptedException {
    Path old = folder.resolve("old");
    Path undisturbed = folder.resolve("undisturbed");
    Path made = folder.resolve("made");
    update(before, old).succeeds();
    update(after, made).succeeds();
    update(before, undisturbed).succeeds();
    Map<String, BlockDump> oldBlocks = blocks(old);
    Process whole = start(undisturbed);
    long start = System.nanoTime();
    assertTrue(whole.waitFor(1, TimeUnit.MINUTES));
    long duration = System.nanoTime() - start;
    Map<String, BlockDump> expected = blocks(undisturbed);
    assertEquals(DOCUMENTS * 4 / 5, expected.size());
    assertEquals(expected, blocks(made));
    int killed = 0;
    for (int round = 0; killed < KILLS; round++) {
      Path index = folder.resolve("index" + round);
      boolean fresh = round % 2 == 0;
      if (!fresh) {
        copy(old, index);
      }
      long delay = (long) (random.nextDouble() * duration);
      if (!killAfter(delay, index)) {
        continue; // it was done before that
      }
      killed++;
      Map<String, BlockDump> found = isIndex(index) ? blocks(index) : Map.of();
      int updated = 0;
      for (Map.Entry<String, BlockDump> block : found.entrySet()) {
        boolean isNew = block.getValue().equals(expected.get(block.getKey()));
        updated += isNew ? 1 : 0;
        assertTrue(
            isNew || (!fresh && block.getValue().equals(oldBlocks.get(block.getKey()))),
            () -> "neither old nor new: " + block);
      }
      if (!fresh) {
        TreeSet<String> lost = new TreeSet<>(oldBlocks.keySet());
        lost.retainAll(expected.keySet());
        lost.removeAll(found.keySet());
        assertEquals(new TreeSet<>(), lost);
      }
      JsonNode outcome = update(after, index).succeeds().json();
      assertEquals(expected, blocks(index));
      if (fresh) {
        assertEquals(scores(made), scores(index));
      }
      LOG.info(
          String.format(
              Locale.ROOT,
              "kill %d after %d ms: %d documents, %d of them as they are to be; then %s",
              killed,
              TimeUnit.NANOSECONDS.toMillis(delay),
              found.size(),
              updated,
              outcome));
    }
  }

  private Run update(Path input, Path index) {
    return Run.of(arguments(input, index));
  }

  /** Commits all the time, so that there are many states to be killed in. */
  private String[] arguments(Path input, Path index) {
    return new String[] {
      "index",
      input.toString(),
      "--index",
      index.toString(),
      "--model",
      model,
      "--precision",
      "int8", // whose vectors are the same bits, however long a process has run
      "--update",
      "--prune",
      "--commit-seconds",
      "0",
      "--json"
    };
  }

  /** Whether the process still ran when it was killed. */
  private boolean killAfter(long nanos, Path index) throws IOException, InterruptedException {
    Process process = start(index);
    try {
      process.waitFor(nanos, TimeUnit.NANOSECONDS);
      return process.isAlive();
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  /** A process that updates an index, which it has opened. */
  private Process start(Path index) throws IOException, InterruptedException {
    Path lock = index.resolve(IndexWriter.WRITE_LOCK_NAME);
    Files.deleteIfExists(lock);
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            "--enable-native-access=ALL-UNNAMED",
            "--add-modules=jdk.incubator.vector", // as in this process: vectors are the same bits
            Semblance.class.getName());
    builder.command().addAll(List.of(arguments(after, index)));
    Process process =
        builder
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    while (process.isAlive() && !Files.exists(lock)) {
      process.waitFor(5, TimeUnit.MILLISECONDS);
    }
    return process;
  }

  private static boolean isIndex(Path index) throws IOException {
    try (Directory directory = FSDirectory.open(index)) {
      return DirectoryReader.indexExists(directory);
    }
  }

  private static Map<String, BlockDump> blocks(Path index) throws IOException {
    Map<String, BlockDump> blocks = new TreeMap<>();
    try (Directory directory = FSDirectory.open(index);
        DirectoryReader reader = DirectoryReader.open(directory)) {
      for (BlockDump block : BlockDump.of(reader)) {
        blocks.put(block.id(), block);
      }
    }
    return blocks;
  }

  private Map<String, String> scores(Path index) {
    Map<String, String> scores = new TreeMap<>();
    Run.of(
            "search",
            "word7 more words",
            "--index",
            index.toString(),
            "--model",
            model,
            "--top",
            "50",
            "--json")
        .succeeds()
        .json()
        .get("hits")
        .forEach(hit -> scores.put(hit.get("id").asString(), hit.get("score").asString()));
    return scores;
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    try (var files = Files.list(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(file.getFileName()));
      }
    }
  }
}
