package io.github.semblance.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.semblance.embed.BagOfWordsEmbedder;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.lucene.index.IndexWriterConfig.OpenMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An index is read by a process whose class path holds two jars of Lucene. */
final class PlainLuceneTest {
  private static final String PROGRAM = PlainLuceneProgram.class.getName();

  @ParameterizedTest
  @EnumSource
  void readsOurIndex(Quantization quantization, @TempDir Path folder)
      throws IOException, InterruptedException {
    BagOfWordsEmbedder embedder = new BagOfWordsEmbedder(64, 12);
    Path index = folder.resolve("index");
    try (SemanticIndexWriter writer =
        SemanticIndexWriter.open(
            index,
            embedder,
            new SemanticIndexWriterConfig()
                .setQuantization(quantization)
                .setOpenMode(OpenMode.CREATE))) {
      for (int i = 0; i < 50; i++) {
        String text = "number" + i + " filler".repeat(i);
        writer.updateDocument(new SourceDocument("id" + i, "", text, Map.of()));
      }
      writer.commit();
    }
    List<String> command = new ArrayList<>(List.of(java(), "-cp", classPath(folder)));
    command.addAll(List.of(PROGRAM, index.toString(), "Number7"));
    for (float value : embedder.embedQuery("number0").vector()) {
      command.add(Float.toString(value));
    }
    Path output = folder.resolve("output");
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(output.toFile())
            .redirectError(folder.resolve("messages").toFile())
            .start();
    assertEquals(0, process.waitFor(), () -> read(folder.resolve("messages")));
    List<String> found = read(output).lines().toList();
    assertEquals("id7", found.get(0));
    assertTrue(found.get(1).startsWith("id0 "), found.toString());
  }

  private static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  /** Two jars of Lucene, and a folder with one class. */
  private static String classPath(Path folder) throws IOException {
    String file = PROGRAM.replace('.', '/') + ".class";
    Path copy = folder.resolve("classes").resolve(file);
    Files.createDirectories(copy.getParent());
    try (var program = PlainLuceneTest.class.getResourceAsStream("/" + file)) {
      Files.write(copy, program.readAllBytes());
    }
    String lucene =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
            .filter(entry -> entry.matches(".*lucene-(core|analysis-common)-[^/\\\\]*\\.jar"))
            .collect(Collectors.joining(File.pathSeparator));
    return lucene + File.pathSeparator + folder.resolve("classes");
  }

  private static String read(Path file) {
    try {
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      return e.toString();
    }
  }
}
