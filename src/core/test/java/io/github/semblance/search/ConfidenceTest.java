package io.github.semblance.search;

import io.github.semblance.analysis.NamedAnalyzer;
import io.github.semblance.embed.BagOfWordsEmbedder;
import io.github.semblance.embed.Calibration;
import io.github.semblance.embed.Embedding;
import io.github.semblance.embed.EmbeddingModel;
import io.github.semblance.embed.ObservedEmbedder;
import io.github.semblance.embed.PassageScorer;
import io.github.semblance.embed.Relevance;
import io.github.semblance.embed.TextEmbedder;
import io.github.semblance.embed.WordPiece;
import io.github.semblance.index.IndexManifest;
import io.github.semblance.index.SemanticIndexWriter;
import io.github.semblance.index.SemanticIndexWriterConfig;
import io.github.semblance.index.SourceDocument;
import io.github.semblance.index.TuningStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.store.Directory;
import org.apache.lucene.tests.util.LuceneTestCase;
import org.apache.lucene.util.VectorUtil;

@LuceneTestCase.SuppressFileSystems("ExtrasFS") // no index is made among other files
public class ConfidenceTest extends LuceneTestCase {
  private static final Calibration CALIBRATION = new Calibration(0.6f, 20, 0.3f);

  /** Texts that share words are close, and it is known what that tells. */
  private record Calibrated(TextEmbedder delegate) implements TextEmbedder {
    @Override
    public EmbeddingModel model() {
      return delegate.model();
    }

    @Override
    public Optional<Calibration> calibration() {
      return Optional.of(CALIBRATION);
    }

    @Override
    public Embedding embedQuery(String query) {
      return delegate.embedQuery(query);
    }

    @Override
    public List<Embedding> embedPassages(List<String> passages) {
      return delegate.embedPassages(passages);
    }

    @Override
    public List<WordPiece> wordPieces(String text) {
      return delegate.wordPieces(text);
    }

    @Override
    public void close() {
      delegate.close();
    }
  }

  private final TextEmbedder embedder = new Calibrated(new BagOfWordsEmbedder(256, 64));
  private SemanticSearcher searcher;

  @Override
  public void setUp() throws Exception {
    super.setUp();
    searcher = open(embedder);
  }

  @Override
  public void tearDown() throws Exception {
    searcher.close();
    super.tearDown();
  }

  private static SemanticSearcher open(TextEmbedder embedder) throws IOException {
    Directory directory = newDirectory();
    SemanticIndexWriterConfig settings =
        new SemanticIndexWriterConfig().setAnalyzer(NamedAnalyzer.ENGLISH);
    try (IndexWriter writer = new IndexWriter(directory, settings.indexWriterConfig(embedder));
        SemanticIndexWriter semantic = new SemanticIndexWriter(writer, embedder, settings)) {
      semantic.updateDocument(
          new SourceDocument(
              "late", "", "join the course after its start", Map.of("course", List.of("a"))));
      semantic.updateDocument(
          new SourceDocument(
              "code",
              "",
              "many words around and then GH001 and many more words of other things besides it",
              Map.of("course", List.of("b"))));
      semantic.commit();
    }
    return SemanticSearcher.open(directory, embedder);
  }

  private SearchResults ask(SearchRequest.Builder request) throws IOException {
    return searcher.search(request.build());
  }

  private static float confidence(SearchResults results) {
    return Objects.requireNonNull(results.confidence());
  }

  private static float cosine(Hit hit) {
    return Objects.requireNonNull(hit.semantic()).score();
  }

  public void testAnIndexThatComesCloserToForeignQuestionsNeedsMore() throws IOException {
    Path folder = createTempDir();
    try (SemanticIndexWriter writer =
        SemanticIndexWriter.open(folder, embedder, new SemanticIndexWriterConfig())) {
      writer.updateDocument(
          new SourceDocument("late", "", "join the course after its start", Map.of()));
      writer.commit();
    }
    SearchRequest request =
        SearchRequest.builder("join the course tomorrow").mode(SearchMode.SEMANTIC).build();
    float usual = confidence(folder, request);
    float foreign = ForeignQuestions.cosine(folder, embedder).orElseThrow();
    TuningStore.saveForeignCosine(folder, 0.35f);
    float less = confidence(folder, request);
    TuningStore.saveForeignCosine(folder, foreign);
    assertTrue(foreign + " " + less, foreign < 0.3f && less < usual);
    assertTrue(confidence(folder, request) > usual);
    assertEquals(Float.valueOf(foreign), IndexManifest.read(folder).foreignCosine());
  }

  private float confidence(Path folder, SearchRequest request) throws IOException {
    try (SemanticSearcher opened = SemanticSearcher.open(folder, embedder)) {
      return confidence(opened.search(request));
    }
  }

  public void testForeignCosineIsTheMedianOfTheClosest() throws IOException {
    assertEquals(100, Set.copyOf(ForeignQuestions.questions()).size());
    try (Directory directory = newDirectory()) {
      SemanticIndexWriterConfig settings = new SemanticIndexWriterConfig();
      try (IndexWriter writer = new IndexWriter(directory, settings.indexWriterConfig(embedder));
          SemanticIndexWriter semantic = new SemanticIndexWriter(writer, embedder, settings)) {
        semantic.commit();
        assertEquals(Optional.empty(), foreignCosine(directory, embedder));
        semantic.updateDocument(new SourceDocument("1", "", "how do birds fly", Map.of()));
        semantic.updateDocument(new SourceDocument("2", "", "what is the time", Map.of()));
        semantic.commit();
      }
      List<Embedding> texts =
          embedder.embedPassages(List.of("how do birds fly", "what is the time"));
      double[] closest =
          embedder.embedPassages(ForeignQuestions.questions()).stream()
              .mapToDouble(
                  asked ->
                      texts.stream()
                          .mapToDouble(t -> VectorUtil.cosine(asked.vector(), t.vector()))
                          .max()
                          .orElseThrow())
              .sorted()
              .toArray();
      assertEquals(
          (closest[49] + closest[50]) / 2, foreignCosine(directory, embedder).orElseThrow(), 1e-6);
      assertEquals(Optional.empty(), foreignCosine(directory, new BagOfWordsEmbedder(256, 64)));
    }
  }

  private static Optional<Float> foreignCosine(Directory directory, TextEmbedder embedder)
      throws IOException {
    try (DirectoryReader reader = DirectoryReader.open(directory)) {
      return ForeignQuestions.cosine(new IndexSearcher(reader), embedder);
    }
  }

  public void testIsTheCalibrationOfTheClosestCosine() throws IOException {
    for (SearchMode mode : List.of(SearchMode.HYBRID, SearchMode.SEMANTIC)) {
      SearchResults results = ask(SearchRequest.builder("join the course tomorrow").mode(mode));
      float closest = 0;
      for (Hit hit : results.hits()) {
        closest = Math.max(closest, cosine(hit));
      }
      assertEquals(CALIBRATION.confidence(closest), confidence(results), 0);
      assertFalse(results.withheld());
    }
    assertEquals(0.5f, CALIBRATION.confidence(0.6f), 1e-6f);
    assertTrue(CALIBRATION.confidence(0.7f) > 0.85f && CALIBRATION.confidence(0.5f) < 0.15f);
  }

  public void testNothingIsToldOfWhatNoDocumentPasses() throws IOException {
    for (SearchMode mode : List.of(SearchMode.HYBRID, SearchMode.SEMANTIC)) {
      SearchRequest.Builder request =
          SearchRequest.builder("join the course").mode(mode).minConfidence(0.3f);
      SearchResults results = ask(request.filter("course", "z"));
      assertTrue(results.emptyFilter());
      assertNull(results.confidence());
      assertFalse(results.withheld());
    }
    SearchResults far =
        ask(SearchRequest.builder("nothing of it").filter("course", "a").minConfidence(0.3f));
    assertTrue(far.withheld());
    assertFalse(far.emptyFilter());
  }

  public void testTheLeastCosineIsTheOneFromWhichConfidenceIsEnough() {
    for (Calibration curve : List.of(CALIBRATION, new Calibration(0.38f, 37.5f, 0.248f))) {
      for (float confidence = 0.01f; confidence < 0.99f; confidence += 0.01f) {
        float cosine = curve.leastCosine(confidence);
        assertTrue("" + confidence, curve.confidence(cosine) >= confidence);
        assertTrue("" + confidence, curve.confidence(Math.nextDown(cosine)) < confidence);
      }
      assertEquals(-1, curve.leastCosine(0), 0);
    }
    assertEquals(new Calibration(0.65f, 20, 0.35f), CALIBRATION.in(0.35f));
    assertEquals(0.7f, CALIBRATION.in(0.9f).midpoint(), 1e-6f); // answers anything: tells nothing
    assertEquals(0.5f, CALIBRATION.in(-1).midpoint(), 1e-6f);
    assertEquals(1, CALIBRATION.leastCosine(1), 0); // which no cosine has
    assertEquals(0.9f, CALIBRATION.confidence(0.1f, true), 0);
    assertEquals(CALIBRATION.confidence(0.9f), CALIBRATION.confidence(0.9f, true), 0);
    assertEquals(CALIBRATION.confidence(0.1f), CALIBRATION.confidence(0.1f, false), 0);
  }

  public void testHitsOfALowConfidenceAreWithheld() throws IOException {
    String foreign = "boiling point of tungsten around noon";
    SearchResults shown = ask(SearchRequest.builder(foreign));
    assertTrue("" + shown.confidence(), confidence(shown) < 0.5f);
    assertFalse(shown.hits().isEmpty());
    SearchResults withheld = ask(SearchRequest.builder(foreign).minConfidence(0.5f));
    assertTrue(withheld.withheld());
    assertEquals(List.of(), withheld.hits());
    assertEquals(shown.confidence(), withheld.confidence());
    assertEquals(shown.total(), withheld.total());
    assertEquals(
        Map.of("course", List.of()),
        ask(SearchRequest.builder(foreign).minConfidence(0.5f).facet("course", 2)).facets());
    assertFalse(ask(SearchRequest.builder(foreign).minConfidence(0)).withheld());
    assertFalse(
        ask(SearchRequest.builder("join the course after its start").minConfidence(0.5f))
            .withheld());
  }

  /** Counts what it is given to read, and finds it relevant. */
  private static final class Reader implements PassageScorer {
    private int read;

    @Override
    public String name() {
      return "reader";
    }

    @Override
    public List<Relevance> score(String query, List<String> passages) {
      read += passages.size();
      return passages.stream().map(passage -> new Relevance(9, 0)).toList();
    }

    @Override
    public void close() {}
  }

  public void testWhatIsWithheldIsNotReadAgain() throws IOException {
    String foreign = "boiling point of tungsten around noon";
    Reader reader = new Reader();
    SearchResults shown = ask(SearchRequest.builder(foreign).rerank(Rerank.with(reader)));
    assertEquals(2, reader.read);
    assertEquals(ask(SearchRequest.builder(foreign)).confidence(), shown.confidence());
    SearchResults withheld =
        ask(SearchRequest.builder(foreign).minConfidence(0.5f).rerank(Rerank.with(reader)));
    assertTrue(withheld.withheld());
    assertEquals(List.of(), withheld.hits());
    assertEquals(shown.confidence(), withheld.confidence());
    assertEquals(shown.total(), withheld.total());
    assertEquals(new Reranking(0, 0, 0), withheld.reranking());
    assertEquals(2, reader.read);
  }

  public void testAnObservedModelIsAsSure() {
    assertEquals(
        Optional.of(CALIBRATION), new ObservedEmbedder(embedder, call -> {}).calibration());
  }

  public void testRerankingFollowsTheWeightAndTheFeedbackOfTheRequest() throws IOException {
    String question = "join the course tomorrow";
    SearchRequest.Builder asked =
        SearchRequest.builder(question).semanticWeight(0.9f).feedback(true);
    SearchResults searched = ask(asked);
    SearchResults reranked = ask(asked.rerank(Rerank.with(new Reader())));
    double probability = new Relevance(9, 0).probability();
    assertEquals(
        0.5 * searched.hits().getFirst().score() + 0.5 * probability,
        reranked.hits().getFirst().score(),
        1e-6);
  }

  public void testADocumentWithAllTheWordsIsAnAnswer() throws IOException {
    SearchResults code = ask(SearchRequest.builder("GH001").minConfidence(0.5f));
    assertEquals(0.9f, confidence(code), 0);
    assertFalse(code.hits().isEmpty());
    assertTrue(ask(SearchRequest.builder("GH001 tungsten").minConfidence(0.5f)).withheld());
    // Where the filter allows no such document, there is none.
    assertTrue(
        ask(SearchRequest.builder("GH001").filter("course", "a").minConfidence(0.5f)).withheld());
  }

  public void testWhereNothingIsKnownNothingIsSaid() throws IOException {
    assertNull(ask(SearchRequest.builder("join").mode(SearchMode.BM25)).confidence());
    assertNull(ask(SearchRequest.syntax("join")).confidence());
    assertNull(ask(SearchRequest.like("late")).confidence());
    try (SemanticSearcher unknown = open(new BagOfWordsEmbedder())) {
      assertNull(unknown.search(SearchRequest.builder("join").build()).confidence());
      assertNull(
          unknown.search(SearchRequest.builder("join").minConfidence(0).build()).confidence());
      SearchRequestException e =
          expectThrows(
              SearchRequestException.class,
              () -> unknown.search(SearchRequest.builder("join").minConfidence(0.5f).build()));
      assertEquals(
          "the model \"bag-of-words\" has no calibration that would tell a confidence; leave the"
              + " minimum confidence out, got: 0.5",
          e.getMessage());
    }
  }

  public void testFeedbackSearchesOnceMoreAndJudgesByTheQuestionItself() throws IOException {
    SearchResults plain = ask(SearchRequest.builder("join the course tomorrow"));
    SearchResults moved = ask(SearchRequest.builder("join the course tomorrow").feedback(true));
    assertEquals(plain.confidence(), moved.confidence());
    assertEquals(plain.hits().getFirst().id(), moved.hits().getFirst().id());
    assertTrue(cosine(moved.hits().getFirst()) > cosine(plain.hits().getFirst()));
  }
}
