package io.github.semblance.store;

import io.github.semblance.embed.BagOfWordsEmbedder;
import io.github.semblance.embed.EmbeddingModel;
import io.github.semblance.index.EmbeddedDocument;
import io.github.semblance.index.IndexOpenException;
import io.github.semblance.index.SemanticIndexWriter;
import io.github.semblance.index.SemanticIndexWriterConfig;
import io.github.semblance.index.SourceDocument;
import io.github.semblance.search.SearchMode;
import io.github.semblance.search.SearchRequest;
import io.github.semblance.search.SearchRequestException;
import io.github.semblance.search.SemanticSearcher;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.lucene.index.IndexWriterConfig.OpenMode;
import org.apache.lucene.tests.util.LuceneTestCase;
import org.jspecify.annotations.Nullable;

/** What goes into a store comes out of it, and bad input is refused in words. */
@LuceneTestCase.SuppressFileSystems("ExtrasFS") // no index is made among other files
public final class DocumentStoreTest extends LuceneTestCase {
  private final BagOfWordsEmbedder embedder = new BagOfWordsEmbedder();

  private DocumentStore open(Path folder) throws IOException {
    return DocumentStore.open(folder, embedder, new SemanticIndexWriterConfig());
  }

  private float[] vector(String text) {
    return embedder.embedQuery(text).vector();
  }

  private EmbeddedDocument document(String id, String text, Map<String, Object> metadata) {
    return new EmbeddedDocument(id, text, metadata, vector(text));
  }

  private static List<String> ids(List<StoredMatch> matches) {
    return matches.stream().map(StoredMatch::id).toList();
  }

  public void testMetadataKeepsItsTypes() throws IOException {
    Map<String, Object> metadata = new LinkedHashMap<>();
    metadata.put("text", "a word");
    metadata.put("id", "of its own");
    metadata.put("_hidden", "");
    metadata.put("yes", true);
    metadata.put("uuid", new UUID(random().nextLong(), random().nextLong()));
    metadata.put("int", random().nextInt());
    metadata.put("long", random().nextLong());
    metadata.put("float", random().nextFloat());
    metadata.put("double", -0.0);
    metadata.put("none", List.of());
    metadata.put("one", List.of("x"));
    metadata.put("many", List.of(3, 1, 3));
    metadata.put("flags", List.of(true, false));
    Path folder = createTempDir();
    float[] vector = vector("some text");
    try (DocumentStore store = open(folder)) {
      store.update(List.of(new EmbeddedDocument("a", "some text", metadata, vector)));
    }
    try (DocumentStore store = open(folder)) {
      StoredMatch match = store.nearest(vector, 1, null, 0).getFirst();
      assertEquals("a", match.id());
      assertEquals("some text", match.text());
      assertEquals(metadata, match.metadata());
      assertEquals(1, match.score(), 1e-6);
      assertArrayEquals(vector, match.vector(), 0);
    }
  }

  public void testOneKeyMayHoldNumbersAndWords() throws IOException {
    try (DocumentStore store = open(createTempDir())) {
      store.update(
          List.of(
              document("a", "x", Map.of("size", 3)),
              document("b", "x", Map.of("size", "large")),
              document("c", "x", Map.of("size", 2.5))));
      assertEquals(List.of("a"), find(store, MetadataFilter.equal("size", 3L)));
      assertEquals(List.of("b"), find(store, MetadataFilter.equal("size", "large")));
    }
  }

  private List<String> find(DocumentStore store, @Nullable MetadataFilter filter)
      throws IOException {
    return ids(store.nearest(vector("x"), 10, filter, 0)).stream().sorted().toList();
  }

  public void testADocumentNeedsNoText() throws IOException {
    try (DocumentStore store = open(createTempDir())) {
      store.update(List.of(new EmbeddedDocument("a", null, Map.of(), vector("x"))));
      assertNull(store.nearest(vector("x"), 1, null, 0).getFirst().text());
    }
  }

  public void testWritesReplaceAndDeletesDelete() throws IOException {
    try (DocumentStore store = open(createTempDir())) {
      store.update(List.of(document("a", "x", Map.of("n", 1)), document("b", "x", Map.of("n", 2))));
      store.update(List.of(document("a", "x", Map.of("n", 3)), document("c", "x", Map.of("n", 4))));
      assertEquals(List.of("a", "b", "c"), find(store, null));
      store.delete(new MetadataFilter.Compared("n", MetadataFilter.Order.GREATER_OR_EQUAL, 4));
      assertEquals(List.of("a", "b"), find(store, null));
      store.delete(List.of("a", "nobody"));
      assertEquals(List.of("b"), find(store, null));
      assertEquals(1, store.size());
      store.deleteAll();
      assertEquals(List.of(), find(store, null));
    }
  }

  public void testAScoreFindsItsMatchAgain() throws IOException {
    try (DocumentStore store = open(createTempDir())) {
      for (int i = 0; i < 30; i++) {
        store.update(List.of(document("d" + i, "x y" + i + " z" + random().nextInt(), Map.of())));
      }
      List<StoredMatch> all = store.nearest(vector("x"), 50, null, 0);
      assertEquals(30, all.size());
      for (int i = 0; i < all.size(); i++) {
        int found = store.nearest(vector("x"), 50, null, all.get(i).score()).size();
        assertTrue(i + " of " + found, found > i);
        float above = Math.nextUp(all.get(i).score());
        for (StoredMatch better : store.nearest(vector("x"), 50, null, above)) {
          assertTrue(better.score() + " is less than " + above, better.score() >= above);
        }
      }
      assertEquals(0, store.nearest(vector("x"), 50, null, 1).size());
    }
  }

  public void testHybridSearchSeesWordsAndFilters() throws IOException {
    try (DocumentStore store = open(createTempDir())) {
      store.update(
          List.of(
              document("a", "the error E4711 of the pump", Map.of("site", "north")),
              document("b", "a pump that stands still", Map.of("site", "north")),
              document("c", "the error E4711 of the valve", Map.of("site", "south"))));
      SearchRequest request = SearchRequest.builder("E4711 pump").build();
      assertEquals("a", store.search(request, null).getFirst().id());
      List<StoredMatch> south = store.search(request, MetadataFilter.equal("site", "south"));
      assertEquals(List.of("c"), ids(south));
      assertEquals(Map.of("site", "south"), south.getFirst().metadata());
      SearchRequest words = SearchRequest.builder("valve").mode(SearchMode.BM25).build();
      assertEquals(List.of("c"), ids(store.search(words, null)));
      assertEquals(
          List.of(),
          ids(store.search(words, new MetadataFilter.Not(MetadataFilter.equal("site", "south")))));
    }
  }

  public void testTheIndexIsOneLikeAnyOther() throws IOException {
    Path folder = createTempDir();
    try (DocumentStore store = open(folder)) {
      store.update(List.of(document("a", "red shoes", Map.of("shop", "east", "price", 20))));
    }
    try (SemanticIndexWriter writer =
        SemanticIndexWriter.open(
            folder, embedder, new SemanticIndexWriterConfig().setOpenMode(OpenMode.APPEND))) {
      writer.updateDocument(
          new SourceDocument("b", "Boots", "blue boots", Map.of("shop", List.of("east", "west"))));
      writer.commit();
    }
    try (SemanticSearcher searcher = SemanticSearcher.open(folder, embedder)) {
      SearchRequest request = SearchRequest.builder("red shoes").filter("shop", "east").build();
      var hits = searcher.search(request).hits();
      assertEquals("a", hits.getFirst().id());
      assertEquals(
          Map.of("shop", List.of("east"), "price", List.of("20")), hits.getFirst().fields());
    }
    try (DocumentStore store = open(folder)) {
      StoredMatch boots = store.nearest(vector("blue boots"), 1, null, 0).getFirst();
      assertEquals("blue boots", boots.text());
      assertEquals(Map.of("shop", List.of("east", "west")), boots.metadata());
      assertEquals(embedder.model().dimension(), boots.vector().length);
    }
  }

  public void testAGivenVectorIsNotTakenForAComputedOne() throws IOException {
    Path folder = createTempDir();
    try (DocumentStore store = open(folder)) {
      store.update(List.of(new EmbeddedDocument("a", "red", Map.of(), vector("something else"))));
    }
    try (SemanticIndexWriter writer =
        SemanticIndexWriter.open(
            folder, embedder, new SemanticIndexWriterConfig().setOpenMode(OpenMode.APPEND))) {
      writer.updateDocument(new SourceDocument("a", "", "red", Map.of()));
      writer.commit();
      assertEquals(1, writer.statistics().embedded());
      writer.updateDocuments(List.of(document("b", "blue", Map.of())));
      IllegalStateException refused =
          expectThrows(IllegalStateException.class, writer::deleteMissing);
      assertContains("vectors of their own", refused.getMessage());
    }
  }

  public void testBadDocumentsAreRefusedAndNothingIsWritten() throws IOException {
    assertRefused(
        "metadata must be a String, Boolean, Integer, Long, Float, Double or UUID, or a list of one"
            + " of these, got: \"when\" = 1970-01-01T00:00:00Z (java.time.Instant) in document"
            + " \"a\"; give it as a string or as a number",
        () -> document("a", "x", Map.of("when", java.time.Instant.EPOCH)));
    assertRefused(
        "a list must have values of one type, got: metadata \"mix\" = [1, x] in document \"a\"",
        () -> document("a", "x", Map.of("mix", List.of(1, "x"))));
    assertRefused(
        "a vector must be finite, got: NaN at 1 in document \"a\"",
        () -> new EmbeddedDocument("a", "x", Map.of(), new float[] {1, Float.NaN}));
    assertRefused(
        "a vector must have a component other than 0, got 2 zeros in document \"a\"",
        () -> new EmbeddedDocument("a", "x", Map.of(), new float[2]));
    try (DocumentStore store = open(createTempDir())) {
      EmbeddedDocument good = document("good", "x", Map.of());
      EmbeddedDocument flat = new EmbeddedDocument("flat", "x", Map.of(), new float[] {1, 2});
      assertRefused(
          "a vector of model \"bag-of-words\" must have 32 dimensions, got: 2 in document \"flat\"",
          () -> store.update(List.of(good, flat)));
      EmbeddedDocument longValue = document("long", "x", Map.of("k", "y".repeat(40_000)));
      assertRefused(
          "field \"k\" must be at most 32766 bytes of UTF-8 to be matched exactly, got: 40000",
          () -> store.update(List.of(good, longValue)));
      assertEquals(0, store.size());
      SearchRequestException short2 =
          expectThrows(
              SearchRequestException.class, () -> store.nearest(new float[] {1, 2}, 1, null, 0));
      assertEquals(
          "a vector of model \"bag-of-words\" must have 32 dimensions, got: 2",
          short2.getMessage());
    }
  }

  private static void assertRefused(String message, ThrowingRunnable call) {
    assertEquals(message, expectThrows(IllegalArgumentException.class, call).getMessage());
  }

  public void testOneStoreAtATimeAndOneModel() throws IOException {
    Path folder = createTempDir();
    DocumentStore store = open(folder);
    IndexOpenException locked = expectThrows(IndexOpenException.class, () -> open(folder));
    assertContains("is locked by another writer", locked.getMessage());
    store.close();
    store.close();
    assertEquals(
        "the document store is closed",
        expectThrows(IllegalStateException.class, store::size).getMessage());
    IndexOpenException other =
        expectThrows(
            IndexOpenException.class,
            () ->
                DocumentStore.open(
                    folder, new BagOfWordsEmbedder(16, 64), new SemanticIndexWriterConfig()));
    assertContains("holds vectors of model", other.getMessage());
  }

  private static void assertContains(String part, @Nullable String message) {
    assertTrue(message, message != null && message.contains(part));
  }

  public void testAnExternalModelIsKnownByNameAndDimension() {
    EmbeddingModel model = EmbeddingModel.external("vendor/v2", 1536);
    assertEquals(1536, model.dimension());
    assertNotEquals(model.fingerprint(), EmbeddingModel.external("vendor/v3", 1536).fingerprint());
    assertNotEquals(model.fingerprint(), EmbeddingModel.external("vendor/v2", 256).fingerprint());
  }
}
