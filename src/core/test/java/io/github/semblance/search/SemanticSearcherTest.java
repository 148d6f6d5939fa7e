package io.github.semblance.search;

import io.github.semblance.analysis.NamedAnalyzer;
import io.github.semblance.embed.BagOfWordsEmbedder;
import io.github.semblance.index.IndexOpenException;
import io.github.semblance.index.SemanticIndexWriter;
import io.github.semblance.index.SemanticIndexWriterConfig;
import io.github.semblance.index.SourceDocument;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.lucene.index.IndexWriterConfig.OpenMode;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.tests.util.LuceneTestCase;

@LuceneTestCase.SuppressFileSystems("ExtrasFS") // no index is made among other files
public class SemanticSearcherTest extends LuceneTestCase {
  private static final int WINDOW = 20;

  private final BagOfWordsEmbedder embedder = new BagOfWordsEmbedder(64, WINDOW);
  private Path folder = Path.of("");

  @Override
  public void setUp() throws Exception {
    super.setUp();
    folder = createTempDir();
  }

  private static SourceDocument document(String id, String title, String text, String course) {
    return new SourceDocument(
        id, title, text, Map.of("course", List.of(course), "section", List.of("General Help")));
  }

  private void index(SourceDocument... documents) throws IOException {
    try (SemanticIndexWriter writer =
        SemanticIndexWriter.open(
            folder, embedder, new SemanticIndexWriterConfig().setOpenMode(OpenMode.CREATE))) {
      for (SourceDocument document : documents) {
        writer.updateDocument(document);
      }
      writer.commit();
    }
  }

  private void indexCourses() throws IOException {
    index(
        document("join", "Joining late", "You can enrol after the start. Tell us.", "data"),
        document("certificate", "Certificates", "Certificates need a project.", "data"),
        document("docker", "Docker", "Install docker and start the daemon.", "ml"),
        document("empty", "Only a title about certificates", "", "ml"));
  }

  private SearchResults search(SearchRequest.Builder request) throws IOException {
    try (SemanticSearcher searcher = SemanticSearcher.open(folder, embedder)) {
      return searcher.search(request.build());
    }
  }

  private static List<String> ids(SearchResults results) {
    return results.hits().stream().map(Hit::id).toList();
  }

  public void testKeywords() throws IOException {
    indexCourses();
    SearchResults results = search(SearchRequest.builder("certificate").mode(SearchMode.BM25));
    assertEquals(List.of("certificate", "empty"), ids(results));
    assertEquals(2, results.total().value());
    Hit first = results.hits().get(0);
    assertEquals(1, first.rank());
    assertEquals(new Hit.Leg(1, first.score()), first.lexical());
    assertNull(first.semantic());
    assertNull(first.passage());
    assertNull(first.explanation());
    assertEquals("Certificates", first.title());
    assertEquals(
        Map.of("course", List.of("data"), "section", List.of("General Help")), first.fields());
    assertEquals("<Certificates> need a project.", first.snippet().marked("<", ">"));
    assertEquals("", results.hits().get(1).snippet().text());
  }

  public void testADocumentAndTheFields() throws IOException {
    indexCourses();
    try (SemanticSearcher searcher = SemanticSearcher.open(folder, embedder)) {
      assertEquals(List.of("course", "section"), searcher.keywordFields());
      IndexedDocument found = searcher.document("certificate").orElseThrow();
      assertEquals("certificate", found.id());
      assertEquals("Certificates", found.title());
      assertEquals(List.of("data"), found.fields().get("course"));
      assertTrue(searcher.document("nobody").isEmpty());
      Query others = new TermQuery(new Term("course", "ml"));
      assertTrue(searcher.among(others).document("certificate").isEmpty());
    }
  }

  public void testKeywordsWithoutModel() throws IOException {
    indexCourses();
    SearchRequest.Builder request =
        SearchRequest.builder("certificate").mode(SearchMode.BM25).filter("course", "data");
    try (SemanticSearcher searcher = SemanticSearcher.openForKeywords(folder)) {
      assertEquals(ids(search(request)), ids(searcher.search(request.build())));
      SearchRequestException refused =
          expectThrows(
              SearchRequestException.class,
              () -> searcher.search(request.mode(SearchMode.HYBRID).build()));
      assertEquals(
          "an index opened for keyword search has bm25 mode only, got: hybrid",
          refused.getMessage());
    }
  }

  public void testHybridPrefersWordsAsTheyWereWritten() throws IOException {
    index(document("past", "", "connected", "ml"), document("present", "", "Connecting", "ml"));
    SearchRequest.Builder request = SearchRequest.builder("connecting");
    List<Hit> stems = search(request.mode(SearchMode.BM25)).hits();
    assertEquals(2, stems.size());
    assertEquals(stems.get(0).score(), stems.get(1).score(), 0);
    List<Hit> words = search(request.mode(SearchMode.HYBRID)).hits();
    assertEquals("present", words.get(0).id());
    float present = Objects.requireNonNull(words.get(0).lexical()).score();
    float past = Objects.requireNonNull(words.get(1).lexical()).score();
    assertEquals(stems.get(0).score(), past, 1e-6);
    assertTrue(present + " > " + past, present > past);
  }

  public void testHybridLeavesStopWordsToTheMeaning() throws IOException {
    indexCourses();
    for (Hit hit : search(SearchRequest.builder("the")).hits()) {
      assertNull(hit.id(), hit.lexical());
    }
  }

  public void testWordPiecesAsTerms() throws IOException {
    SemanticIndexWriterConfig settings =
        new SemanticIndexWriterConfig().setAnalyzer(NamedAnalyzer.WORDPIECE);
    try (SemanticIndexWriter writer =
        SemanticIndexWriter.open(folder, embedder, settings.setOpenMode(OpenMode.CREATE))) {
      writer.updateDocument(document("docker", "Docker", "The daemon.", "ml"));
      writer.commit();
    }
    assertEquals(
        List.of("docker"), ids(search(SearchRequest.builder("the").mode(SearchMode.BM25))));
    IndexOpenException refused =
        expectThrows(IndexOpenException.class, () -> SemanticSearcher.openForKeywords(folder));
    assertEquals(
        "the index was written with analyzer wordpiece: open it with its model",
        refused.getMessage());
  }

  public void testMeaning() throws IOException {
    indexCourses();
    SearchResults results =
        search(SearchRequest.builder("docker daemon").mode(SearchMode.SEMANTIC).top(2));
    Hit first = results.hits().get(0);
    assertEquals("docker", first.id());
    assertNull(first.lexical());
    assertEquals(new Hit.Leg(1, first.score()), first.semantic());
    assertEquals(4, results.total().value());
    assertEquals(2, results.hits().size());
    assertEquals(
        new Hit.PassageText("Install docker and start the daemon.", 0, 36), first.passage());
  }

  public void testBothAtOnce() throws IOException {
    indexCourses();
    SearchResults results = search(SearchRequest.builder("enrol late").explain(true));
    Hit first = results.hits().get(0);
    assertEquals("join", first.id());
    assertEquals(1, Objects.requireNonNull(first.lexical()).rank());
    assertEquals(1, Objects.requireNonNull(first.semantic()).rank());
    // "enrol" and "late", each in one of the four documents: ln(1 + 3.5 / 1.5) each, and a quarter
    // more as they were written.
    double limit = 2 * 1.25 * Math.log(1 + 3.5 / 1.5);
    assertEquals(
        0.55 * first.lexical().score() / limit + 0.45 * first.semantic().score(),
        first.score(),
        1e-5);
    assertEquals(
        first.score(), Objects.requireNonNull(first.explanation()).getValue().floatValue(), 0);
    Hit last = results.hits().get(3);
    assertNull(last.lexical());
    assertNotNull(last.semantic());
  }

  public void testFiltersComeBeforeTheSearch() throws IOException {
    indexCourses();
    for (SearchMode mode : SearchMode.values()) {
      SearchResults ml =
          search(SearchRequest.builder("certificates start").mode(mode).filter("course", "ml"));
      assertEquals(List.of("docker", "empty"), ids(ml).stream().sorted().toList());
      SearchResults either =
          search(
              SearchRequest.builder("certificates start")
                  .mode(mode)
                  .filter("course", "ml")
                  .filter("course", "data"));
      assertEquals(4, either.hits().size());
      SearchResults none =
          search(
              SearchRequest.builder("certificates")
                  .mode(mode)
                  .filter("course", "ml")
                  .filter("section", "other"));
      assertEquals(List.of(), none.hits());
      SearchResults byId = search(SearchRequest.builder("start").mode(mode).filter("id", "join"));
      assertEquals(List.of("join"), ids(byId));
    }
  }

  public void testBoostsAddNamedFields() throws IOException {
    index(
        document("title", "needle", "hay hay hay hay hay needle", "a"),
        document("text", "hay", "needle needle needle", "a"));
    SearchRequest.Builder plain = SearchRequest.builder("needle").mode(SearchMode.BM25);
    assertEquals(List.of("text", "title"), ids(search(plain)));
    assertEquals(List.of("title", "text"), ids(search(plain.boost("title", 5))));
    SearchResults section =
        search(SearchRequest.builder("help").mode(SearchMode.BM25).boost("section", 2));
    assertEquals(2, section.hits().size());
  }

  public void testUnknownFieldsAreNamed() throws IOException {
    indexCourses();
    SearchRequestException filter =
        expectThrows(
            SearchRequestException.class,
            () -> search(SearchRequest.builder("x").filter("cuorse", "ml")));
    assertEquals(
        "no field \"cuorse\" to filter by; this index has: course, id, section",
        filter.getMessage());
    SearchRequestException analysed =
        expectThrows(
            SearchRequestException.class,
            () -> search(SearchRequest.builder("x").filter("title", "Docker")));
    assertTrue(analysed.toString(), analysed.toString().contains("no field \"title\""));
    SearchRequestException boost =
        expectThrows(
            SearchRequestException.class,
            () -> search(SearchRequest.builder("x").boost("cuorse", 2)));
    assertEquals(
        "no field \"cuorse\" to boost by; this index has: title, text, course, section",
        boost.getMessage());
  }

  public void testMinimumSimilarityLimitsMeaning() throws IOException {
    indexCourses();
    SearchResults all = search(SearchRequest.builder("docker daemon").mode(SearchMode.SEMANTIC));
    float second = all.hits().get(1).score();
    SearchResults close =
        search(
            SearchRequest.builder("docker daemon")
                .mode(SearchMode.SEMANTIC)
                .minSimilarity(Math.nextUp(second)));
    assertEquals(List.of("docker"), ids(close));
    SearchResults hybrid =
        search(SearchRequest.builder("docker daemon certificates").minSimilarity(1));
    assertEquals(List.of("certificate", "docker", "empty"), ids(hybrid).stream().sorted().toList());
  }

  public void testLuceneSyntax() throws IOException {
    indexCourses();
    SearchResults results =
        search(SearchRequest.syntax("+course:data (\"a project\" ~\"need a project\"^20)"));
    assertEquals(List.of("certificate", "join"), ids(results));
    assertEquals(2, results.total().value());
    Hit first = results.hits().get(0);
    assertNull(first.lexical());
    assertNull(first.semantic());
    assertTrue(first.snippet().marked("<", ">").contains("<project>"));
    assertEquals("Certificates need a project.", Objects.requireNonNull(first.passage()).text());
  }

  public void testFiltersNarrowSemanticClauses() throws IOException {
    SourceDocument[] documents = new SourceDocument[250];
    for (int i = 0; i < documents.length; i++) {
      documents[i] =
          document("d" + i, "", i < 240 ? "start the daemon" : "else", i < 240 ? "ml" : "data");
    }
    index(documents);
    assertEquals(
        10,
        search(SearchRequest.syntax("+~\"start the daemon\"").filter("course", "data"))
            .hits()
            .size());
  }

  public void testDocumentsLikeOne() throws IOException {
    String filler = "Nothing of interest is said here at all. ";
    index(
        document("long", "", filler.repeat(3) + "Install docker and start the daemon.", "a"),
        document("docker", "", "Install docker and start the daemon.", "a"),
        document("filler", "", filler, "b"),
        document("else", "", "Certificates for projects", "b"));
    SearchResults like = search(SearchRequest.like("long").top(2));
    assertEquals(Set.of("docker", "filler"), Set.copyOf(ids(like)));
    assertEquals(3, like.total().value());
    assertEquals(1, Objects.requireNonNull(like.hits().get(0).semantic()).rank());
    assertEquals(
        List.of("filler", "else"), ids(search(SearchRequest.like("long").filter("course", "b"))));
    try (SemanticSearcher searcher = SemanticSearcher.openForKeywords(folder)) {
      assertEquals(ids(like), ids(searcher.search(SearchRequest.like("long").top(2).build())));
    }
    SearchRequestException none =
        expectThrows(SearchRequestException.class, () -> search(SearchRequest.like("nosuch")));
    assertEquals("no document has the id \"nosuch\"", none.getMessage());
  }

  public void testTheBestPassageOfALongText() throws IOException {
    String filler = "Nothing of interest is said here at all. ";
    index(document("long", "", filler.repeat(6) + "The needle. " + filler.repeat(6), "a"));
    Hit hit = search(SearchRequest.builder("needle").mode(SearchMode.SEMANTIC)).hits().get(0);
    Hit.PassageText passage = Objects.requireNonNull(hit.passage());
    assertTrue(passage.text(), passage.text().contains("needle"));
    assertEquals(hit.text().substring(passage.start(), passage.end()), passage.text());
    assertTrue(hit.snippet().marked("<", ">").contains("The <needle>."));
  }

  public void testQueryTextIsNeverSyntax() throws IOException {
    indexCourses();
    for (String query : List.of("title:(docker AND", "\"", "a OR", "*", "+-!", "the")) {
      for (SearchMode mode : SearchMode.values()) {
        assertNotNull(search(SearchRequest.builder(query).mode(mode)));
      }
    }
  }

  public void testVeryLongQueries() throws IOException {
    StringBuilder text = new StringBuilder();
    StringBuilder query = new StringBuilder("rare ");
    for (int i = 0; i < 10_000; i++) {
      query.append("word").append(i).append(' ');
      if (i < 3_000) {
        text.append("word").append(i).append(' ');
      }
    }
    index(
        document("1", "", text.toString(), "a"),
        document("2", "", text.toString(), "a"),
        document("3", "", "rare", "a"));
    for (SearchMode mode : SearchMode.values()) {
      SearchRequest.Builder request = SearchRequest.builder(query.toString()).mode(mode);
      if (mode != SearchMode.SEMANTIC) {
        request.boost("title", 1).boost("section", 1);
      }
      SearchResults results = search(request.filter("course", "a"));
      assertEquals(3, results.hits().size());
      int fields = mode == SearchMode.BM25 ? 3 : 4;
      int limit = (IndexSearcher.getMaxClauseCount() - 2) / fields;
      assertEquals(mode == SearchMode.SEMANTIC ? 0 : 3_001 - limit, results.ignoredTerms());
      assertEquals(mode == SearchMode.BM25 ? 0 : 10_001 - (WINDOW - 2), results.droppedTokens());
    }
  }

  public void testAMatchLongerThanASnippet() throws IOException {
    String token = "x".repeat(250);
    index(document("long", "", "A " + token + " b " + "c ".repeat(300), "a"));
    SearchResults results = search(SearchRequest.builder(token).mode(SearchMode.BM25));
    assertEquals(List.of("long"), ids(results));
    assertTrue(results.hits().get(0).snippet().text().contains(token));
  }

  public void testEmptyIndex() throws IOException {
    index();
    for (SearchMode mode : SearchMode.values()) {
      SearchResults results =
          search(SearchRequest.builder("anything").mode(mode).filter("course", "a").top(1000));
      assertEquals(List.of(), results.hits());
      assertEquals(0, results.total().value());
    }
  }

  public void testTopMayExceedTheIndex() throws IOException {
    indexCourses();
    assertEquals(4, search(SearchRequest.builder("start").top(Integer.MAX_VALUE)).hits().size());
  }

  public void testTheSameEveryTime() throws IOException {
    SourceDocument[] documents = new SourceDocument[150];
    for (int i = 0; i < documents.length; i++) {
      documents[i] = document("d" + i, "", "same words for " + (i % 7), "a");
    }
    index(documents);
    for (SearchMode mode : SearchMode.values()) {
      SearchRequest.Builder request = SearchRequest.builder("words for 3").mode(mode).top(120);
      List<String> expected = ids(search(request));
      for (int round = 0; round < 3; round++) {
        assertEquals(expected, ids(search(request)));
      }
    }
  }

  public void testRefusesTheWrongModelAndNoIndex() throws IOException {
    indexCourses();
    try (BagOfWordsEmbedder other = new BagOfWordsEmbedder(8, WINDOW)) {
      IndexOpenException e =
          expectThrows(IndexOpenException.class, () -> SemanticSearcher.open(folder, other));
      assertTrue(e.toString(), e.toString().contains("64 dimensions, fingerprint fake-64-20"));
      assertTrue(e.toString(), e.toString().contains("8 dimensions, fingerprint fake-8-20"));
    }
    expectThrows(
        IndexOpenException.class, () -> SemanticSearcher.open(folder.resolve("missing"), embedder));
  }

  public void testCountsDocumentsNotPassages() throws IOException {
    index(document("long", "", "word ".repeat(200), "a"), document("short", "", "word", "a"));
    try (SemanticSearcher searcher = SemanticSearcher.open(folder, embedder)) {
      assertEquals(2, searcher.documents());
      assertEquals(embedder.model(), searcher.manifest().model());
    }
  }
}
