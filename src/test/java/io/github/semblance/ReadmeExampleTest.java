package io.github.semblance;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.semblance.bert.BertEmbedder;
import io.github.semblance.corpus.SourceDocument;
import io.github.semblance.embed.TextEmbedder;
import io.github.semblance.index.FailureHandler;
import io.github.semblance.index.IndexSettings;
import io.github.semblance.index.SemanticIndexWriter;
import io.github.semblance.search.Hit;
import io.github.semblance.search.SearchRequest;
import io.github.semblance.search.SemanticSearcher;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.lucene.index.IndexWriterConfig.OpenMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README's example, which must stand in this file as it stands there, compiles and works. */
final class ReadmeExampleTest {

  @Test
  void theExampleFindsItsDocument(@TempDir Path folder) throws IOException {
    PrintStream console = System.out;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    try {
      example(folder);
    } finally {
      System.setOut(console);
    }
    String line = printed.toString(StandardCharsets.UTF_8);
    assertTrue(line.startsWith("1 Can I join after the start date? 0."), line);
  }

  @Test
  void theReadmeShowsThisExample() throws IOException {
    String readme = Files.readString(Path.of("README.md"));
    int start = readme.indexOf("```java\n") + "```java\n".length();
    String shown = readme.substring(start, readme.indexOf("```", start));
    String source =
        Files.readString(Path.of("src/test/java/io/github/semblance/ReadmeExampleTest.java"));
    assertTrue(source.contains(shown.indent(4)), shown);
  }

  private static void example(Path folder) throws IOException {
    try (TextEmbedder embedder = BertEmbedder.load("all-MiniLM-L6-v2")) {
      try (SemanticIndexWriter writer =
          SemanticIndexWriter.open(
              folder, embedder, IndexSettings.DEFAULT, OpenMode.CREATE, FailureHandler.THROW)) {
        writer.add(
            new SourceDocument(
                "q1",
                "Can I join after the start date?",
                "Yes. You can hand in all homework until the end of the course.",
                Map.of("course", List.of("search"))));
        writer.commit();
      }
      try (SemanticSearcher searcher = SemanticSearcher.open(folder, embedder)) {
        SearchRequest request =
            SearchRequest.builder("Is it too late to enrol?").filter("course", "search").build();
        for (Hit hit : searcher.search(request).hits()) {
          System.out.println(hit.rank() + " " + hit.title() + " " + hit.score());
        }
      }
    }
  }
}
