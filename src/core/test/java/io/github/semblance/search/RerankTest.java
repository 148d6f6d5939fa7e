package io.github.semblance.search;

import io.github.semblance.embed.BagOfWordsEmbedder;
import io.github.semblance.embed.PassageScorer;
import io.github.semblance.embed.Relevance;
import io.github.semblance.index.DocumentFields;
import io.github.semblance.index.IndexManifest;
import io.github.semblance.index.SemanticIndexWriter;
import io.github.semblance.index.SemanticIndexWriterConfig;
import io.github.semblance.index.SourceDocument;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.StringField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig.OpenMode;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.MatchNoDocsQuery;
import org.apache.lucene.store.Directory;
import org.apache.lucene.tests.analysis.MockAnalyzer;
import org.apache.lucene.tests.util.LuceneTestCase;
import org.jspecify.annotations.Nullable;

@LuceneTestCase.SuppressFileSystems("ExtrasFS") // no index is made among other files
public class RerankTest extends LuceneTestCase {
  private static final int WINDOW = 20;
  private static final String QUESTION = "late join";

  private final BagOfWordsEmbedder embedder = new BagOfWordsEmbedder(64, WINDOW);
  private Path folder = Path.of("");

  /** Says of each passage what a test wants, and remembers what it has read. */
  private static final class Scorer implements PassageScorer {
    private final ToDoubleFunction<String> logit;
    private final List<List<String>> calls = new ArrayList<>();
    private long nanosPerPassage;
    private long clock;

    Scorer(ToDoubleFunction<String> logit) {
      this.logit = logit;
    }

    @Override
    public String name() {
      return "fake";
    }

    @Override
    public List<Relevance> score(String query, List<String> passages) {
      assertEquals(QUESTION, query);
      calls.add(passages);
      clock += nanosPerPassage * passages.size();
      return passages.stream()
          .map(passage -> new Relevance((float) logit.applyAsDouble(passage), 0))
          .toList();
    }

    List<String> read() {
      return calls.stream().flatMap(List::stream).toList();
    }

    @Override
    public void close() {}
  }

  /** Knows that the answer is the one of this word. */
  private static Scorer knowing(String word) {
    return new Scorer(passage -> passage.contains(word) ? 9 : -9);
  }

  @Override
  public void setUp() throws Exception {
    super.setUp();
    folder = createTempDir();
    List<SourceDocument> documents = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      documents.add(document("d" + i, "Title" + i, "late ".repeat(1 + i % 7) + "join n" + i));
    }
    documents.add(document("answer", "Enrolment", "You can still join. The answer is yes."));
    documents.add(
        document(
            "long", "", "other words. ".repeat(30) + "late to join here. " + "more. ".repeat(30)));
    try (SemanticIndexWriter writer =
        SemanticIndexWriter.open(
            folder, embedder, new SemanticIndexWriterConfig().setOpenMode(OpenMode.CREATE))) {
      for (SourceDocument document : documents) {
        writer.updateDocument(document);
      }
      writer.commit();
    }
  }

  private static SourceDocument document(String id, String title, String text) {
    return new SourceDocument(id, title, text, Map.of());
  }

  private SearchResults search(int top, @Nullable Rerank rerank) throws IOException {
    SearchRequest.Builder request = SearchRequest.builder(QUESTION).top(top).explain(true);
    if (rerank != null) {
      request.rerank(rerank);
    }
    try (SemanticSearcher searcher = SemanticSearcher.open(folder, embedder)) {
      return searcher.search(request.build());
    }
  }

  private static List<String> ids(SearchResults results) {
    return results.hits().stream().map(Hit::id).toList();
  }

  public void testTheAnswerThatTheModelKnowsComesFirst() throws IOException {
    assertTrue(ids(search(100, null)).indexOf("answer") > 3);
    SearchResults results = search(3, Rerank.with(knowing("answer")).withDepth(50));
    assertEquals("answer", results.hits().get(0).id());
    assertEquals(3, results.hits().size());
    Hit.Leg said = Objects.requireNonNull(results.hits().get(0).rerank());
    assertEquals(new Hit.Leg(1, 9), said);
    Reranking done = Objects.requireNonNull(results.reranking());
    assertEquals(done.wanted(), done.read());
    assertEquals(0, done.cut());
  }

  public void testTheScoreIsHalfTheSearchs() throws IOException {
    SearchResults before = search(100, null);
    SearchResults after = search(100, Rerank.with(knowing("answer")).withDepth(5));
    for (Hit hit : after.hits()) {
      float searched =
          before.hits().stream().filter(b -> b.id().equals(hit.id())).findFirst().get().score();
      Hit.Leg said = hit.rerank();
      double sigmoid = said == null ? 0 : 1 / (1 + Math.exp(-said.score()));
      assertEquals(hit.id(), 0.5 * searched + 0.5 * sigmoid, hit.score(), 1e-6);
      assertNotNull(hit.explanation());
      assertEquals(hit.score(), hit.explanation().getValue().floatValue(), 1e-6f);
      assertTrue(hit.explanation().toString(), hit.explanation().toString().contains("reranked"));
    }
    assertEquals(5, after.hits().stream().filter(hit -> hit.rerank() != null).count());
  }

  /** Whatever the model says of those before, and however little. */
  public void testWhatIsNotReadKeepsItsPlace() throws IOException {
    List<String> before = ids(search(100, null));
    Scorer random = new Scorer(passage -> passage.hashCode() % 20);
    List<String> after = ids(search(100, Rerank.with(random).withDepth(7)));
    assertEquals(before.subList(7, before.size()), after.subList(7, after.size()));
    assertEquals(
        before.subList(0, 7).stream().sorted().toList(),
        after.subList(0, 7).stream().sorted().toList());
    assertEquals(7, random.read().size());
    List<Float> scores = search(100, Rerank.with(random)).hits().stream().map(Hit::score).toList();
    assertEquals(scores.stream().sorted(Comparator.reverseOrder()).toList(), scores);
  }

  public void testPassagesAreReadAsTheyWereEmbedded() throws IOException {
    Scorer scorer = knowing("answer");
    search(3, Rerank.with(scorer).withDepth(100));
    assertTrue(scorer.read().contains("Enrolment You can still join. The answer is yes."));
    String passage =
        scorer.read().stream().filter(read -> read.contains("join here")).findFirst().orElseThrow();
    assertTrue(passage, passage.length() < 200);
    List<Integer> groups = scorer.calls.stream().map(List::size).toList();
    assertEquals("large groups without a time limit", List.of(32, 10), groups);
  }

  public void testReadingEndsInTime() throws IOException {
    for (int milliseconds : new int[] {1, 39, 40, 41, 55, 100, 301, 10_000}) {
      Duration time = Duration.ofMillis(milliseconds);
      int fit = Math.max(4, Math.min(30, milliseconds / 10));
      assertEquals(time.toString(), fit, read(time, null, false));
      assertEquals(time.toString(), fit, read(null, time, fit < 30));
      assertEquals(time.toString(), fit, read(time, Duration.ofSeconds(20), false));
      assertEquals(time.toString(), fit, read(Duration.ofSeconds(20), time, fit < 30));
    }
    Duration ages = Duration.ofSeconds(Long.MAX_VALUE);
    assertEquals(30, read(ages, ages, false));
  }

  /** How many of 30 passages are read that take 10 ms each. */
  private int read(@Nullable Duration budget, @Nullable Duration limit, boolean timedOut)
      throws IOException {
    try (Directory directory = newFSDirectory(folder);
        DirectoryReader reader = DirectoryReader.open(directory)) {
      Scorer scorer = knowing("answer");
      scorer.nanosPerPassage = 10_000_000;
      Deadline deadline = new Deadline(() -> scorer.clock, limit);
      RerankStep step =
          new RerankStep(
              new Rerank(scorer, 30, budget),
              new IndexSearcher(reader),
              IndexManifest.read(reader).fields(),
              deadline);
      Answer searched = new Answer(ranking(reader), new MatchNoDocsQuery(""), 0);
      Reranking done = Objects.requireNonNull(step.apply(QUESTION, searched).reranking());
      assertEquals(30, done.wanted());
      assertEquals(timedOut, deadline.hasPassed());
      return done.read();
    }
  }

  /** Another thread, or time, ends it between two groups. */
  public void testReadingIsCancelled() throws IOException {
    Scorer scorer = knowing("answer");
    SearchRequest request =
        SearchRequest.builder(QUESTION).top(100).rerank(Rerank.with(scorer).withDepth(100)).build();
    try (SemanticSearcher searcher = SemanticSearcher.open(folder, embedder)) {
      SearchResults results = searcher.search(request, () -> !scorer.calls.isEmpty());
      assertEquals(32, Objects.requireNonNull(results.reranking()).read());
      assertTrue(results.timedOut());
      assertEquals(42, results.hits().size());
    }
  }

  /** All documents, with their numbers as they are found in the index. */
  private static Ranking ranking(DirectoryReader reader) throws IOException {
    List<Ranking.Ranked> best = new ArrayList<>();
    for (int doc = 0; doc < reader.maxDoc(); doc++) {
      if (reader.storedFields().document(doc).get("id") != null) {
        best.add(new Ranking.Ranked(doc, 0.5f, null, null, -1));
      }
    }
    return new Ranking(Ranking.exactly(best.size()), best, new MatchNoDocsQuery(""));
  }

  public void testRankAndSearchAgree() throws IOException {
    SearchRequest request =
        SearchRequest.builder(QUESTION).top(20).rerank(Rerank.with(knowing("n17"))).build();
    try (SemanticSearcher searcher = SemanticSearcher.open(folder, embedder)) {
      assertEquals(
          ids(searcher.search(request)),
          searcher.rank(request).stream().map(ScoredId::id).toList());
    }
  }

  /** Each page reads the same passages again, so the pages fit together. */
  public void testPagesFitTogether() throws IOException {
    Rerank rerank = Rerank.with(knowing("n3")).withDepth(20);
    SearchRequest.Builder request = SearchRequest.builder(QUESTION).rerank(rerank);
    List<String> paged = new ArrayList<>();
    try (SemanticSearcher searcher = SemanticSearcher.open(folder, embedder)) {
      for (int from = 0; from < 42; from += 16) {
        paged.addAll(ids(searcher.search(request.from(from).top(16).build())));
      }
      assertEquals(ids(searcher.search(request.from(0).top(42).build())), paged);
    }
  }

  public void testTextsMustBeStored() throws IOException {
    try (Directory directory = newDirectory();
        IndexWriter writer =
            new IndexWriter(directory, newIndexWriterConfig(new MockAnalyzer(random())))) {
      try (SemanticIndexWriter semantic =
          new SemanticIndexWriter(
              writer,
              embedder,
              new SemanticIndexWriterConfig().setFields(DocumentFields.of("isbn", "blurb")))) {
        Document book = new Document();
        book.add(new StringField("isbn", "1", Field.Store.YES));
        book.add(new TextField("blurb", "late to join", Field.Store.NO));
        semantic.updateDocument(book);
        semantic.commit();
      }
      try (DirectoryReader reader = DirectoryReader.open(writer);
          SemanticSearcher searcher =
              SemanticSearcher.over(
                  new IndexSearcher(reader), embedder, new MockAnalyzer(random()))) {
        SearchRequest request =
            SearchRequest.builder(QUESTION).rerank(Rerank.with(knowing("answer"))).build();
        SearchRequestException refused =
            expectThrows(SearchRequestException.class, () -> searcher.search(request));
        assertEquals(
            "reranking reads the passages, and the index does not store the text of document"
                + " \"1\": store the fields [blurb]",
            refused.getMessage());
      }
    }
  }

  public void testWhatCannotBe() {
    Rerank rerank = Rerank.with(knowing("x"));
    for (int depth : new int[] {0, -1, Rerank.DEEPEST + 1}) {
      assertEquals(
          "the depth of reranking must be from 1 to 1000, got: " + depth,
          expectThrows(SearchRequestException.class, () -> rerank.withDepth(depth)).getMessage());
    }
    assertEquals(
        "the time for reranking must be more than 0, got: PT0S",
        expectThrows(SearchRequestException.class, () -> rerank.withBudget(Duration.ZERO))
            .getMessage());
    for (SearchRequest.Builder request :
        List.of(
            SearchRequest.builder("q").mode(SearchMode.BM25),
            SearchRequest.builder("q").mode(SearchMode.SEMANTIC),
            SearchRequest.syntax("q"),
            SearchRequest.like("id"))) {
      SearchRequestException refused =
          expectThrows(SearchRequestException.class, () -> request.rerank(rerank).build());
      String message = String.valueOf(refused.getMessage());
      assertTrue(message, message.startsWith("reranking follows a hybrid search for plain words"));
    }
    assertEquals(
        "a logit must be a finite number, got: NaN",
        expectThrows(IllegalArgumentException.class, () -> new Relevance(Float.NaN, 0))
            .getMessage());
  }
}
