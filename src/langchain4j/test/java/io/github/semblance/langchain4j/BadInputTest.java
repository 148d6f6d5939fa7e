package io.github.semblance.langchain4j;

import static dev.langchain4j.store.embedding.filter.MetadataFilterBuilder.metadataKey;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.langchain4j.data.document.Metadata;
import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.LangChain4jException;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.output.Response;
import dev.langchain4j.store.embedding.EmbeddingSearchRequest;
import dev.langchain4j.store.embedding.filter.Filter;
import io.github.semblance.embed.BagOfWordsEmbedder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** What is wrong is answered with LangChain4j's exceptions and with our words. */
final class BadInputTest {
  private final Stores stores = new Stores();

  @AfterEach
  void close() throws IOException {
    stores.close();
  }

  private static void assertInvalid(String message, Executable call) {
    assertEquals(message, assertThrows(InvalidRequestException.class, call).getMessage());
  }

  private static void assertContains(String part, @Nullable String message) {
    assertTrue(message != null && message.contains(part), message);
  }

  @Test
  void vectorsOfAnotherDimension() {
    SemblanceEmbeddingStore store = stores.another();
    Embedding flat = Embedding.from(new float[] {1, 2});
    assertInvalid(
        "a vector of model \"bag-of-words\" must have 32 dimensions, got: 2 in document \"x\"",
        () -> store.add("x", flat));
    EmbeddingSearchRequest request = EmbeddingSearchRequest.builder().queryEmbedding(flat).build();
    assertInvalid(
        "a vector of model \"bag-of-words\" must have 32 dimensions, got: 2",
        () -> store.search(request));
    assertInvalid(
        "a vector must have a component other than 0, got 32 zeros in document \"x\"",
        () -> store.add("x", Embedding.from(new float[32])));
    assertInvalid(
        "id must not be blank, got: \" \"", () -> store.add(" ", Embedding.from(new float[32])));
  }

  @Test
  void filtersOnUnknownKeys() {
    SemblanceEmbeddingStore store = stores.another();
    TextSegment segment = TextSegment.from("x", Metadata.from(Map.of("color", "red", "size", 3)));
    store.add(stores.model.embed(segment).content(), segment);
    String unknown =
        "no document has metadata \"colour\" to filter by; this index has: color, size";
    assertInvalid(unknown, () -> search(store, metadataKey("colour").isEqualTo("red")));
    assertInvalid(unknown, () -> store.removeAll(metadataKey("colour").isEqualTo("red")));
    assertInvalid(
        "metadata \"size\" holds numbers and cannot be compared with 3 (String)",
        () -> search(store, metadataKey("size").isEqualTo("3")));
    Filter own = metadata -> true;
    UnsupportedFeatureException refused =
        assertThrows(UnsupportedFeatureException.class, () -> search(store, own));
    assertContains("filters must be those of LangChain4j, got: ", refused.getMessage());
  }

  private void search(SemblanceEmbeddingStore store, Filter filter) {
    store.search(
        EmbeddingSearchRequest.builder()
            .queryEmbedding(stores.model.embed("x").content())
            .filter(filter)
            .build());
  }

  @Test
  void twoStoresOnOneIndexAndAnotherModel() {
    Path folder = stores.folder();
    SemblanceEmbeddingStore store = SemblanceEmbeddingStore.open(folder, stores.model);
    LangChain4jException locked =
        assertThrows(
            LangChain4jException.class, () -> SemblanceEmbeddingStore.open(folder, stores.model));
    assertEquals(
        "the index at " + folder + " is locked by another writer; wait until it is done",
        locked.getMessage());
    store.close();
    assertEquals(
        "the document store is closed",
        assertThrows(LangChain4jException.class, store::removeAll).getMessage());
    LangChain4jException other =
        assertThrows(
            LangChain4jException.class, () -> SemblanceEmbeddingStore.open(folder, new Foreign()));
    assertContains("holds vectors of model \"bag-of-words\"", other.getMessage());
  }

  /** A model of somebody else. */
  private static final class Foreign implements EmbeddingModel {
    @Override
    public Response<List<Embedding>> embedAll(List<TextSegment> segments) {
      return Response.from(
          segments.stream().map(segment -> Embedding.from(new float[] {1, 2})).toList());
    }

    @Override
    public String modelName() {
      return "vendor/v2";
    }
  }

  @Test
  void anotherModelMayHaveAnIndexOfItsOwn() {
    Foreign model = new Foreign();
    try (SemblanceEmbeddingStore store = SemblanceEmbeddingStore.open(stores.folder(), model)) {
      TextSegment segment = TextSegment.from("the pump");
      store.add(model.embed(segment).content(), segment);
      var found =
          SemblanceContentRetriever.builder(store)
              .build()
              .retrieve(dev.langchain4j.rag.query.Query.from("pump"));
      assertEquals("the pump", found.getFirst().textSegment().text());
    }
  }

  @Test
  void segmentsBeyondTheWindow() {
    BagOfWordsEmbedder embedder = new BagOfWordsEmbedder(8, 5);
    EmbeddingModel strict =
        SemblanceEmbeddingModel.builder(embedder).failOnTruncation(true).build();
    List<TextSegment> segments = List.of(TextSegment.from("a"), TextSegment.from("a b c d e"));
    assertInvalid(
        "input 1 has 7 word pieces and the window of bag-of-words holds 5: the last 2 are not"
            + " embedded; split it into shorter segments",
        () -> strict.embedAll(segments));
    EmbeddingModel lenient = SemblanceEmbeddingModel.of(embedder);
    assertEquals(2, lenient.embedAll(segments).content().size());
  }

  @Test
  void unknownModels() {
    LangChain4jException refused =
        assertThrows(
            LangChain4jException.class, () -> SemblanceEmbeddingModel.named("no-such-model"));
    assertContains("no model \"no-such-model\" is here; name one", refused.getMessage());
  }
}
