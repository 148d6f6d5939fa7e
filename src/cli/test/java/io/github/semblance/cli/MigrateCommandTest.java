package io.github.semblance.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

@SuppressWarnings("NullAway.Init") // set before each
final class MigrateCommandTest {
  private static final int DOCUMENTS = 300;

  @TempDir private Path folder;
  private String old;
  private String young;
  private Path corpus;

  @BeforeEach
  void write() throws IOException {
    old = TinyModel.write(folder.resolve("old"), 1);
    young = TinyModel.write(folder.resolve("young"), 2);
    corpus = folder.resolve("documents.jsonl");
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < DOCUMENTS; i++) {
      lines.add(
          String.format(
              Locale.ROOT,
              "{\"id\":\"%d\",\"title\":\"how to join late\",\"text\":\"start the %s\"}",
              i,
              "daemon ".repeat(1 + i % 40)));
    }
    Files.write(corpus, lines);
    Run.of("index", corpus.toString(), "--index", index(), "--model", old).succeeds();
  }

  private String index() {
    return folder.resolve("index").toString();
  }

  private String[] arguments(String... more) {
    return Stream.concat(
            Stream.of("migrate", "--index", index(), "--model", young), Stream.of(more))
        .toArray(String[]::new);
  }

  private Run migrate(String... more) {
    return Run.of(arguments(more));
  }

  private JsonNode hits(String model, String index) {
    return Run.of(
            "search",
            "start the daemon",
            "--index",
            index,
            "--model",
            model,
            "--top",
            "5",
            "--json")
        .succeeds()
        .json()
        .get("hits");
  }

  /** The folder in the index in which the new one grows; null if there is none. */
  private boolean isUnderWay() throws IOException {
    try (Stream<Path> files = Files.list(Path.of(index()))) {
      return files.anyMatch(file -> file.getFileName().toString().startsWith("migration-"));
    }
  }

  @Test
  void theIndexAnswersWithTheNewModel() throws IOException {
    JsonNode before = hits(old, index());
    JsonNode checked = migrate("--dry-run", "--json").succeeds().json();
    assertEquals(DOCUMENTS, checked.get("documents").asInt());
    assertFalse(checked.get("switched").asBoolean());
    JsonNode filled = migrate("--fill-only", "--json").succeeds().json();
    assertEquals(DOCUMENTS, filled.get("documents").asInt());
    assertFalse(filled.get("switched").asBoolean());
    assertTrue(isUnderWay());
    assertEquals(before, hits(old, index()));
    try (Directory directory = FSDirectory.open(Path.of(index()));
        IndexWriter writer = new IndexWriter(directory, new IndexWriterConfig())) {
      assertTrue(writer.isOpen());
      migrate().fails(1, "is locked by another writer");
    }
    JsonNode done = migrate("--json").succeeds().json();
    assertTrue(done.get("switched").asBoolean());
    assertEquals(0, done.get("embedded").asInt());
    assertEquals(DOCUMENTS, done.get("tuning").get("questions").asInt());
    assertFalse(isUnderWay());
    Run.of("search", "daemon", "--index", index(), "--model", old)
        .fails(1, "holds vectors of model");
    String anew = folder.resolve("anew").toString();
    Run.of("index", corpus.toString(), "--index", anew, "--model", young).succeeds();
    assertEquals(hits(young, anew), hits(young, index()));
    Run again = migrate().succeeds();
    assertTrue(again.out().contains("of which 0 embedded"), again.out());
    Run.of("migrate", "--index", folder.resolve("none").toString(), "--model", young)
        .fails(1, "no index at ");
  }

  @Test
  void aChangeThatWasKilledGoesOn() throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Stream.concat(
                        Stream.of(
                            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            "--enable-native-access=ALL-UNNAMED",
                            Semblance.class.getName()),
                        Stream.of(arguments("--commit-documents", "7")))
                    .toList())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    long deadline = System.nanoTime() + Duration.ofMinutes(2).toNanos();
    try {
      while (process.isAlive() && !hasCommitted() && System.nanoTime() < deadline) {
        process.waitFor(2, TimeUnit.MILLISECONDS);
      }
    } finally {
      process.destroyForcibly().waitFor();
    }
    assertTrue(isUnderWay());
    assertEquals(5, hits(old, index()).size());
    JsonNode rest = migrate("--json").succeeds().json();
    assertTrue(rest.get("switched").asBoolean());
    int embedded = rest.get("embedded").asInt();
    assertTrue(embedded < rest.get("passages").asInt(), () -> embedded + " of " + rest);
    String anew = folder.resolve("anew").toString();
    Run.of("index", corpus.toString(), "--index", anew, "--model", young).succeeds();
    assertEquals(hits(young, anew), hits(young, index()));
  }

  private boolean hasCommitted() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of(index()), 2)) {
      return files.anyMatch(
          file ->
              file.getFileName().toString().startsWith("segments_")
                  && !Path.of(index()).equals(file.getParent()));
    } catch (UncheckedIOException e) {
      return false; // a file went away meanwhile
    }
  }
}
