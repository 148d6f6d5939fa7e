package io.github.semblance.langchain4j;

import static dev.langchain4j.store.embedding.filter.MetadataFilterBuilder.metadataKey;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.langchain4j.data.document.Metadata;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.rag.content.Content;
import dev.langchain4j.rag.content.ContentMetadata;
import dev.langchain4j.rag.content.retriever.ContentRetriever;
import dev.langchain4j.rag.query.Query;
import io.github.semblance.embed.BagOfWordsEmbedder;
import io.github.semblance.index.SemanticIndexWriter;
import io.github.semblance.index.SemanticIndexWriterConfig;
import io.github.semblance.index.SourceDocument;
import io.github.semblance.search.SearchMode;
import io.github.semblance.search.SemanticSearcher;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.lucene.index.IndexWriterConfig.OpenMode;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.TermQuery;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The retriever gives what the index's hybrid search finds. */
final class SemblanceContentRetrieverTest {
  private final Stores stores = new Stores();
  private final SemblanceEmbeddingStore store = stores.another();

  @BeforeEach
  void add() {
    List<TextSegment> segments =
        List.of(
            TextSegment.from("error E4711 in the pump", Metadata.from(Map.of("year", 2020))),
            TextSegment.from("the pump stands still", Metadata.from(Map.of("year", 2021))),
            TextSegment.from("error E4711 in the valve", Metadata.from(Map.of("year", 2022))),
            TextSegment.from("lunch is at noon", Metadata.from(Map.of("year", 2023))));
    store.addAll(List.of("a", "b", "c", "d"), stores.model.embedAll(segments).content(), segments);
  }

  @AfterEach
  void close() throws IOException {
    stores.close();
  }

  private static List<Object> ids(List<Content> contents) {
    return contents.stream()
        .map(content -> content.metadata().get(ContentMetadata.EMBEDDING_ID))
        .toList();
  }

  @Test
  void asksByKeywordsAndByMeaning() {
    ContentRetriever retriever = SemblanceContentRetriever.builder(store).maxResults(2).build();
    List<Content> found = retriever.retrieve(Query.from("E4711 valve"));
    assertEquals(List.of("c", "a"), ids(found));
    assertEquals("error E4711 in the valve", found.getFirst().textSegment().text());
    assertEquals(2022, found.getFirst().textSegment().metadata().getInteger("year"));
    assertTrue(score(found.get(0)) > score(found.get(1)));
    assertTrue(score(found.get(1)) > 0);
  }

  private static double score(Content content) {
    return content.metadata().get(ContentMetadata.SCORE) instanceof Double score ? score : 0;
  }

  @Test
  void filtersBeforeItSearches() {
    ContentRetriever retriever =
        SemblanceContentRetriever.builder(store)
            .dynamicFilter(
                query -> query.text().contains("old") ? metadataKey("year").isLessThan(2021) : null)
            .build();
    assertEquals(List.of("a"), ids(retriever.retrieve(Query.from("old E4711 valve"))));
    assertEquals(3, retriever.retrieve(Query.from("E4711 valve")).size());
  }

  @Test
  void aMinimumScoreLimitsMeaningAlone() {
    ContentRetriever retriever =
        SemblanceContentRetriever.builder(store).maxResults(4).minScore(1).build();
    assertEquals(List.of("d"), ids(retriever.retrieve(Query.from("lunch"))));
    ContentRetriever meaning =
        SemblanceContentRetriever.builder(store).mode(SearchMode.SEMANTIC).minScore(1).build();
    assertEquals(List.of(), meaning.retrieve(Query.from("lunch")));
  }

  @Test
  void anIndexOfAnotherProgramGivesPassages() throws IOException {
    Path folder = stores.folder();
    BagOfWordsEmbedder embedder = new BagOfWordsEmbedder(32, 16);
    try (SemanticIndexWriter writer =
        SemanticIndexWriter.open(
            folder, embedder, new SemanticIndexWriterConfig().setOpenMode(OpenMode.CREATE))) {
      String longText = "lunch is at noon. ".repeat(5) + "the pump is green. ".repeat(5);
      writer.updateDocument(
          new SourceDocument("1", "News", longText, Map.of("site", List.of("a", "b"))));
      writer.updateDocument(new SourceDocument("2", "", "pump", Map.of("site", List.of("c"))));
      writer.commit();
    }
    try (SemanticSearcher searcher = SemanticSearcher.open(folder, embedder)) {
      Content best =
          SemblanceContentRetriever.builder(searcher.among(new TermQuery(new Term("site", "a"))))
              .build()
              .retrieve(Query.from("green pump"))
              .getFirst();
      String text = best.textSegment().text();
      assertTrue(text.contains("green") && text.length() < 80, text);
      assertEquals(
          Map.of("id", "1", "title", "News", "site", "a, b"),
          best.textSegment().metadata().toMap());
      var builder = SemblanceContentRetriever.builder(searcher);
      IllegalArgumentException refused =
          assertThrows(
              IllegalArgumentException.class,
              () -> builder.filter(metadataKey("site").isEqualTo("a")));
      assertEquals(
          "a filter applies to a store; give the retriever searcher.among(query) instead",
          refused.getMessage());
    }
  }

  @Test
  void badSettingsAreRefusedWhenTheyAreMade() {
    var builder = SemblanceContentRetriever.builder(store).maxResults(0);
    InvalidRequestException refused = assertThrows(InvalidRequestException.class, builder::build);
    assertEquals("top must be at least 1, got: 0", refused.getMessage());
  }
}
