package io.github.semblance.langchain4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.langchain4j.data.document.Metadata;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.rag.content.Content;
import dev.langchain4j.rag.content.retriever.ContentRetriever;
import dev.langchain4j.rag.query.Query;
import dev.langchain4j.spi.model.embedding.EmbeddingModelFactory;
import dev.langchain4j.store.embedding.CosineSimilarity;
import dev.langchain4j.store.embedding.filter.MetadataFilterBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The lines in docs/langchain4j.md, as they stand there, with the default model. */
final class DocumentedExampleTest {
  @TempDir
  @SuppressWarnings("NullAway.Init") // JUnit sets it
  Path folder;

  @Test
  void theExampleRuns() {
    // tag::example
    EmbeddingModel model = SemblanceEmbeddingModel.named("all-MiniLM-L6-v2");
    try (SemblanceEmbeddingStore store = SemblanceEmbeddingStore.open(folder, model)) {
      List<TextSegment> segments =
          List.of(
              TextSegment.from("You can join after the start date.", Metadata.from("course", "ml")),
              TextSegment.from("Certificates need three projects.", Metadata.from("course", "ml")));
      store.addAll(model.embedAll(segments).content(), segments);

      ContentRetriever retriever =
          SemblanceContentRetriever.builder(store)
              .filter(MetadataFilterBuilder.metadataKey("course").isEqualTo("ml"))
              .build();
      List<Content> found = retriever.retrieve(Query.from("Is it too late to enrol?"));
      // end::example
      assertEquals("You can join after the start date.", found.getFirst().textSegment().text());
    }
  }

  @Test
  void theDocumentShowsTheseLines() throws IOException {
    String source =
        Files.readString(
            Path.of(
                "src/langchain4j/test/java/io/github/semblance/langchain4j/"
                    + "DocumentedExampleTest.java"));
    int start = source.indexOf('\n', source.indexOf("// tag::example")) + 1;
    String lines = source.substring(start, source.indexOf("// end::example"));
    String shown = lines.strip().replaceAll("(?m)^    ", "");
    String page = Files.readString(Path.of("docs/langchain4j.md"));
    assertTrue(page.contains(shown), "docs/langchain4j.md must show:\n" + shown);
  }

  @Test
  void oneTextAndManyHaveOneVector() {
    EmbeddingModel model = SemblanceEmbeddingModel.named("all-MiniLM-L6-v2");
    TextSegment one = TextSegment.from("That is a happy person");
    TextSegment other =
        TextSegment.from("a text of another length, so that a batch would be padded");
    assertEquals(
        1,
        CosineSimilarity.between(
            model.embed(one).content(), model.embedAll(List.of(other, one)).content().get(1)),
        1e-5);
  }

  @Test
  void theDefaultModelIsFound() {
    EmbeddingModel model =
        ServiceLoader.load(EmbeddingModelFactory.class).findFirst().orElseThrow().create();
    assertInstanceOf(SemblanceEmbeddingModel.class, model);
    assertEquals(384, model.dimension());
  }
}
