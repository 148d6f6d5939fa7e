package io.github.semblance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.semblance.embed.TextEmbedder;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.StringJoiner;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.lucene.analysis.en.EnglishAnalyzer;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.memory.MemoryIndex;
import org.apache.lucene.queries.CommonTermsQuery;
import org.apache.lucene.queryparser.classic.QueryParser;
import org.apache.lucene.search.join.ToParentBlockJoinQuery;
import org.apache.lucene.search.uhighlight.UnifiedHighlighter;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The core needs Lucene and its annotations, and an embedder of the application. */
final class CoreAloneTest {
  private static final String PROGRAM = CoreAloneProgram.class.getName();

  /** The core itself, and one class of each jar that its pom brings. */
  private static final List<Class<?>> DEPENDENCIES =
      List.of(
          TextEmbedder.class,
          IndexWriter.class,
          EnglishAnalyzer.class,
          ToParentBlockJoinQuery.class,
          CommonTermsQuery.class,
          QueryParser.class,
          UnifiedHighlighter.class,
          MemoryIndex.class,
          NullMarked.class);

  @Test
  void indexesAndSearches(@TempDir Path folder) throws Exception {
    Path output = folder.resolve("output");
    Path messages = folder.resolve("messages");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                classPath(folder),
                PROGRAM,
                folder.resolve("index").toString())
            .redirectOutput(output.toFile())
            .redirectError(messages.toFile())
            .start();
    try {
      assertTrue(process.waitFor(2, TimeUnit.MINUTES), "the program must end in two minutes");
    } finally {
      process.destroyForcibly();
    }
    assertEquals(0, process.exitValue(), Files.readString(messages, StandardCharsets.UTF_8));
    assertEquals(
        List.of(
            "HYBRID join You can join at any time.",
            "BM25 join You can join at any time.",
            "SEMANTIC join You can join at any time.",
            "SYNTAX fees The course is free."),
        Files.readAllLines(output));
  }

  /** A folder with the program, and what the core needs. */
  private static String classPath(Path folder) throws IOException, URISyntaxException {
    Path program = folder.resolve("program");
    Path ours = Path.of(CoreAloneProgram.class.getResource("").toURI());
    Path copies = Files.createDirectories(program.resolve("io/github/semblance"));
    try (Stream<Path> classes = Files.list(ours)) {
      for (Path one : classes.filter(file -> isProgram(file)).toList()) {
        Files.copy(one, copies.resolve(one.getFileName()));
      }
    }
    StringJoiner classPath = new StringJoiner(File.pathSeparator);
    classPath.add(program.toString());
    for (Class<?> type : DEPENDENCIES) {
      URL place = type.getProtectionDomain().getCodeSource().getLocation();
      classPath.add(Path.of(place.toURI()).toString());
    }
    return classPath.toString();
  }

  private static boolean isProgram(Path file) {
    return file.getFileName().toString().startsWith("CoreAloneProgram");
  }
}
