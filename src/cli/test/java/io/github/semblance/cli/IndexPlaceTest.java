package io.github.semblance.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where an index may be made, so that no file of the user is in danger. */
@SuppressWarnings("NullAway.Init") // set before all tests and before each
final class IndexPlaceTest {
  private static String model;

  @TempDir private Path folder;
  private Path docs;

  @BeforeAll
  static void writeModel(@TempDir Path models) throws IOException {
    model = TinyModel.write(models.resolve("tiny"), 1);
  }

  @BeforeEach
  void writeDocuments() throws IOException {
    docs = Files.createDirectory(folder.resolve("docs"));
    Files.writeString(docs.resolve("a.md"), "# good\n\ngood");
    Files.writeString(docs.resolve("_index.md"), "# better\n\nbetter");
  }

  private Run index(Path input, Path index, String... options) {
    List<String> arguments = new ArrayList<>();
    arguments.addAll(List.of("index", input.toString(), "--index", index.toString()));
    arguments.addAll(List.of("--model", model));
    arguments.addAll(List.of(options));
    return Run.of(arguments.toArray(String[]::new));
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void documentsAreNoPlaceForAnIndex() throws IOException {
    for (String option : List.of("--create", "--update", "--watch")) {
      index(docs, docs, option).fails(2, docs + ", because it holds other files", "choose");
      index(docs.resolve("a.md"), folder, option).fails(2, "\"docs\"");
    }
    assertEquals(List.of("_index.md", "a.md"), names(docs));
    assertEquals(List.of("docs"), names(folder));
  }

  @Test
  void anIndexInsideItsInputIsNoInput() throws IOException {
    Path index = docs.resolve("index");
    for (int run = 0; run < 2; run++) {
      Run done = index(docs, index, "--json").succeeds();
      assertEquals(2, done.json().get("documents").asInt());
      assertEquals(0, done.json().get("unread_files").asInt());
    }
    assertEquals(
        2, index(docs, index, "--update", "--json").succeeds().json().get("unchanged").asInt());
  }

  @Test
  void whatIsWrongWithAnIndexEndangersNoOtherFile() throws IOException {
    Path index = folder.resolve("index");
    index(docs, index).succeeds();
    Files.writeString(index.resolve("mine.md"), "mine");
    for (String name : names(index)) {
      if (name.startsWith("segments_")) {
        byte[] bytes = Files.readAllBytes(index.resolve(name));
        bytes[bytes.length - 1]++;
        Files.write(index.resolve(name), bytes);
      }
    }
    for (Run run :
        List.of(
            Run.of("search", "good", "--index", index.toString()),
            Run.of("doctor", "--index", index.toString()),
            index(docs, index, "--update"),
            index(docs, index))) {
      assertEquals(1, run.code(), run.err());
      String said = run.out() + run.err();
      assertTrue(said.contains("another folder") && said.contains("move"), said);
      assertFalse(said.contains("delete"), said);
    }
    for (String name : names(index)) {
      if (!name.equals("mine.md")) {
        Files.delete(index.resolve(name));
      }
    }
    index(docs, index).fails(2, "\"mine.md\"");
    assertEquals("mine", Files.readString(index.resolve("mine.md")));
  }
}
