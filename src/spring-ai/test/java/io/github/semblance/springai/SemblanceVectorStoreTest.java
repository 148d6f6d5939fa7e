package io.github.semblance.springai;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.semblance.embed.BagOfWordsEmbedder;
import io.github.semblance.search.SearchMode;
import io.github.semblance.store.DocumentStore;
import io.micrometer.common.KeyValue;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.ai.document.Document;
import org.springframework.ai.embedding.Embedding;
import org.springframework.ai.embedding.EmbeddingModel;
import org.springframework.ai.embedding.EmbeddingOptions;
import org.springframework.ai.embedding.EmbeddingRequest;
import org.springframework.ai.embedding.EmbeddingResponse;
import org.springframework.ai.vectorstore.SearchRequest;
import org.springframework.ai.vectorstore.filter.FilterExpressionBuilder;

/** The store does what Spring AI's interfaces say, and refuses the rest in words. */
@SuppressWarnings("NullAway.Init") // set before each test
final class SemblanceVectorStoreTest {
  @TempDir Path folder;

  private final BagOfWordsEmbedder embedder = new BagOfWordsEmbedder();
  private final SemblanceEmbeddingModel model = SemblanceEmbeddingModel.builder(embedder).build();
  private SemblanceVectorStore store;

  @BeforeEach
  void open() {
    store = SemblanceVectorStore.builder(folder.resolve("index"), model).build();
    store.add(
        List.of(
            document("bg", "error E4711 in the pump", "BG", 2020, true),
            document("nl", "the pump stands still", "NL", 2021, false),
            document("bg2", "lunch is at noon", "BG", 2023, true),
            new Document("none", "nothing is known", Map.of("my key", List.of("a", "b")))));
  }

  private static Document document(
      String id, String text, String country, int year, boolean active) {
    return new Document(id, text, Map.of("country", country, "year", year, "active", active));
  }

  @AfterEach
  void close() {
    store.close();
  }

  private List<String> find(String filter) {
    return store
        .similaritySearch(
            SearchRequest.builder().query("pump").topK(10).filterExpression(filter).build())
        .stream()
        .map(Document::getId)
        .sorted()
        .toList();
  }

  @Test
  void whatIsAddedIsFound() {
    List<Document> found =
        store.similaritySearch(SearchRequest.builder().query("the pump stands still").build());
    assertEquals(4, found.size());
    Document best = found.getFirst();
    assertEquals("nl", best.getId());
    assertEquals("the pump stands still", best.getText());
    assertEquals(Map.of("country", "NL", "year", 2021, "active", false), best.getMetadata());
    assertEquals(1, score(best), 1e-6);
    store.add(List.of(best.mutate().text("the pump runs").build()));
    assertEquals(4, store.similaritySearch("pump").size());
  }

  private static double score(Document document) {
    Double score = document.getScore();
    assertTrue(score != null);
    return score == null ? 0 : score;
  }

  @Test
  void portableFilterExpressions() {
    assertEquals(List.of("bg", "bg2"), find("country == 'BG'"));
    assertEquals(List.of("bg"), find("country == 'BG' && year == 2020"));
    assertEquals(List.of("bg", "bg2"), find("country in ['BG', 'DE']"));
    assertEquals(List.of("nl", "none"), find("country nin ['BG']"));
    assertEquals(List.of("nl", "none"), find("country != 'BG'"));
    assertEquals(List.of("bg2"), find("year > 2021"));
    assertEquals(List.of("bg2", "nl"), find("year >= 2021"));
    assertEquals(List.of("bg"), find("year < 2021"));
    assertEquals(List.of("bg", "nl"), find("year <= 2021.0"));
    assertEquals(List.of("bg", "bg2"), find("active == true"));
    assertEquals(List.of("bg"), find("(country == 'BG' && NOT(year == 2023)) || year == 1"));
    assertEquals(List.of("none"), find("country IS NULL"));
    assertEquals(List.of("bg", "bg2", "nl"), find("country IS NOT NULL"));
    assertEquals(List.of("none"), find("'my key' == 'b'"));
  }

  @Test
  void deletesByIdAndByFilter() {
    store.delete(List.of("nl", "nobody"));
    store.delete("year > 2021");
    assertEquals(List.of("bg", "none"), find("country == 'BG' || 'my key' == 'a'"));
    store.delete(new FilterExpressionBuilder().eq("country", "BG").build());
    assertEquals(1, store.similaritySearch("pump").size());
  }

  @Test
  void aThresholdIsACosineAndZeroAcceptsAll() {
    SearchRequest exact =
        SearchRequest.builder().query("lunch is at noon").similarityThreshold(0.999).build();
    assertEquals(
        List.of("bg2"), store.similaritySearch(exact).stream().map(Document::getId).toList());
    SearchRequest none = SearchRequest.builder().query("pump").topK(0).build();
    assertEquals(List.of(), store.similaritySearch(none));
    List<Document> all = store.similaritySearch(SearchRequest.builder().query("zebra").build());
    assertEquals(4, all.size());
    double limit = score(all.get(1));
    SearchRequest again =
        SearchRequest.builder().query("zebra").similarityThreshold(Math.max(limit, 0)).build();
    assertTrue(store.similaritySearch(again).size() >= (limit > 0 ? 2 : 1));
  }

  @Test
  void hybridSearchReadsWords() throws IOException {
    store.close();
    try (SemblanceVectorStore hybrid =
        SemblanceVectorStore.builder(folder.resolve("index"), model)
            .mode(SearchMode.HYBRID)
            .build()) {
      SearchRequest request =
          SearchRequest.builder().query("E4711").filterExpression("year < 2022").build();
      List<Document> found = hybrid.similaritySearch(request);
      assertEquals("bg", found.getFirst().getId());
      assertEquals(2, found.size());
      DocumentStore native1 = hybrid.<DocumentStore>getNativeClient().orElseThrow();
      assertEquals(4, native1.size());
      SearchRequest strict = SearchRequest.builder().query("E4711").similarityThreshold(1).build();
      assertEquals(1, hybrid.similaritySearch(strict).size());
    }
  }

  @Test
  void observationsTellOfEachCall() {
    List<Observation.Context> seen = new ArrayList<>();
    ObservationRegistry registry = ObservationRegistry.create();
    registry
        .observationConfig()
        .observationHandler(
            new ObservationHandler<Observation.Context>() {
              @Override
              public void onStop(Observation.Context context) {
                seen.add(context);
              }

              @Override
              public boolean supportsContext(Observation.Context context) {
                return true;
              }
            });
    SemblanceEmbeddingModel observed =
        SemblanceEmbeddingModel.builder(embedder).observationRegistry(registry).build();
    try (SemblanceVectorStore other =
        SemblanceVectorStore.builder(folder.resolve("other"), observed)
            .observationRegistry(registry)
            .build()) {
      other.add(List.of(new Document("x", "pump", Map.of())));
      other.similaritySearch("pump");
      other.delete(List.of("x"));
    }
    assertEquals(
        List.of("embedding bag-of-words", "semblance add", "semblance query", "semblance delete"),
        seen.stream().map(SemblanceVectorStoreTest::contextualName).toList());
    Map<String, String> add =
        seen.get(1).getAllKeyValues().stream()
            .collect(Collectors.toMap(KeyValue::getKey, KeyValue::getValue));
    assertEquals("semblance", add.get("db.system"));
    assertEquals("32", add.get("db.vector.dimension_count"));
    assertEquals("cosine", add.get("db.search.similarity_metric"));
  }

  private static String contextualName(Observation.Context context) {
    String name = context.getContextualName();
    return String.valueOf(name == null ? context.getName() : name);
  }

  @Test
  void oneTextAndManyHaveOneVector() {
    assertArrayEquals(model.embed("a b"), model.embed(List.of("c", "a b")).get(1));
    EmbeddingResponse response = model.embedForResponse(List.of("a b", "c"));
    assertEquals("bag-of-words", response.getMetadata().getModel());
    assertEquals(7, response.getMetadata().getUsage().getPromptTokens());
    assertEquals(1, response.getResults().get(1).getIndex());
    assertEquals(32, model.dimensions());
  }

  private static void assertInvalid(String message, Executable call) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
  }

  @Test
  void badInputIsRefused() {
    assertInvalid(
        "no document has metadata \"land\" to filter by; this index has: active, country, my key,"
            + " year",
        () -> find("land == 'BG'"));
    assertInvalid(
        "no document has metadata \"land\" to filter by; this index has: active, country, my key,"
            + " year",
        () -> store.delete("land == 'BG'"));
    assertInvalid(
        "metadata \"year\" holds numbers and cannot be compared with 2020 (String)",
        () -> find("year == '2020'"));
    Document when = new Document("w", "x", Map.of("when", Instant.EPOCH));
    assertInvalid(
        "metadata must be a String, Boolean, Integer, Long, Float, Double or UUID, or a list of one"
            + " of these, got: \"when\" = 1970-01-01T00:00:00Z (java.time.Instant) in document"
            + " \"w\"; give it as a string or as a number",
        () -> store.add(List.of(when)));
    SearchRequest date =
        SearchRequest.builder()
            .filterExpression(
                new FilterExpressionBuilder().eq("year", Date.from(Instant.EPOCH)).build())
            .build();
    assertTrue(
        message(assertThrows(IllegalArgumentException.class, () -> store.similaritySearch(date)))
            .startsWith("a date has no type of its own in the index;"));
    EmbeddingRequest other =
        new EmbeddingRequest(List.of("x"), EmbeddingOptions.builder().dimensions(3).build());
    assertInvalid(
        "the model bag-of-words makes vectors of 32 dimensions and of no other number, got: 3",
        () -> model.call(other));
    SemblanceEmbeddingModel strict =
        SemblanceEmbeddingModel.builder(new BagOfWordsEmbedder(8, 5))
            .failOnTruncation(true)
            .build();
    assertInvalid(
        "text 0 has 7 word pieces and the window of bag-of-words holds 5: the last 2 are not"
            + " embedded; split it into shorter documents",
        () -> strict.embed("a b c d e"));
  }

  private static String message(Throwable failure) {
    String message = failure.getMessage();
    return message == null ? "" : message;
  }

  @Test
  void oneStoreAtATimeOneModelAndOneDimension() {
    Path index = folder.resolve("index");
    IllegalStateException locked =
        assertThrows(
            IllegalStateException.class, () -> SemblanceVectorStore.builder(index, model).build());
    assertEquals(
        "the index at " + index + " is locked by another writer; wait until it is done",
        locked.getMessage());
    store.close();
    IllegalStateException other =
        assertThrows(
            IllegalStateException.class,
            () -> SemblanceVectorStore.builder(index, new Foreign()).modelName("vendor").build());
    assertTrue(message(other).contains("the loaded model is \"vendor\""), message(other));
    Foreign foreign = new Foreign();
    try (SemblanceVectorStore own =
        SemblanceVectorStore.builder(folder.resolve("foreign"), foreign).build()) {
      own.add(List.of(new Document("x", "text", Map.of())));
      assertEquals("x", own.similaritySearch("anything").getFirst().getId());
      foreign.vector = new float[] {1, 2, 3};
      assertInvalid(
          "a vector of model \"" + Foreign.class.getName() + "\" must have 2 dimensions, got: 3",
          () -> own.similaritySearch("anything"));
    }
  }

  /** A model of somebody else. */
  private static final class Foreign implements EmbeddingModel {
    private float[] vector = {1, 2};

    @Override
    public EmbeddingResponse call(EmbeddingRequest request) {
      return new EmbeddingResponse(
          request.getInstructions().stream().map(text -> new Embedding(vector, 0)).toList());
    }

    @Override
    public float[] embed(Document document) {
      return vector;
    }

    @Override
    public @Nullable String getEmbeddingContent(Document document) {
      return document.getText();
    }
  }
}
