package io.github.semblance.search;

import io.github.semblance.embed.BagOfWordsEmbedder;
import io.github.semblance.index.DocumentFields;
import io.github.semblance.index.IndexOpenException;
import io.github.semblance.index.SemanticIndexWriter;
import io.github.semblance.index.SemanticIndexWriterConfig;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.DoubleField;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.IntField;
import org.apache.lucene.document.KeywordField;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.SearcherFactory;
import org.apache.lucene.search.SearcherManager;
import org.apache.lucene.store.Directory;
import org.apache.lucene.tests.analysis.MockAnalyzer;
import org.apache.lucene.tests.util.LuceneTestCase;

/** An application's own documents in its own index, searched with its own searchers. */
public class OwnSearcherTest extends LuceneTestCase {
  private static final DocumentFields FIELDS =
      DocumentFields.of("isbn", "blurb", "review").withTitle("name");

  private final BagOfWordsEmbedder embedder = new BagOfWordsEmbedder(32, 12);
  private Directory directory;
  private Analyzer analyzer;
  private IndexWriter writer;
  private SemanticIndexWriter semantic;
  private SearcherManager manager;

  @Override
  public void setUp() throws Exception {
    super.setUp();
    directory = newDirectory();
    analyzer = new MockAnalyzer(random());
    writer = new IndexWriter(directory, new IndexWriterConfig(analyzer));
    semantic =
        new SemanticIndexWriter(
            writer, embedder, new SemanticIndexWriterConfig().setFields(FIELDS));
    semantic.commit();
    manager = new SearcherManager(writer, new SearcherFactory());
  }

  @Override
  public void tearDown() throws Exception {
    manager.close();
    semantic.close();
    writer.close();
    directory.close();
    super.tearDown();
  }

  private static Document book(String isbn, String name, String blurb, Field.Store store) {
    Document book = new Document();
    book.add(new StringField("isbn", isbn, Field.Store.YES));
    book.add(new KeywordField("shelf", "top", Field.Store.YES));
    book.add(new TextField("name", name, store));
    book.add(new TextField("blurb", blurb, store));
    book.add(new TextField("review", "good", store));
    return book;
  }

  private SearchResults search(SearchRequest request) throws IOException {
    manager.maybeRefreshBlocking();
    IndexSearcher searcher = manager.acquire();
    try (SemanticSearcher ours = SemanticSearcher.over(searcher, embedder, analyzer)) {
      assertEquals(
          ours.search(request).hits().stream().map(Hit::id).toList(),
          ours.rank(request).stream().map(ScoredId::id).toList());
      return ours.search(request);
    } finally {
      manager.release(searcher);
    }
  }

  public void testSeesWhatTheirSearcherSees() throws IOException {
    for (SearchMode mode : SearchMode.values()) {
      SearchRequest request = SearchRequest.builder("engines").mode(mode).build();
      int before = search(request).hits().size();
      semantic.updateDocument(book("a" + mode, "Engines", "how they run", Field.Store.YES));
      semantic.flush(); // near real time: no commit
      assertEquals(before + 1, search(request).hits().size());
      semantic.deleteDocument("a" + mode);
      assertEquals(before, search(request).hits().size());
    }
  }

  public void testShowsTheirFields() throws IOException {
    String blurb = "one two three four five six seven eight nine ten engines run well at sea";
    semantic.updateDocument(book("1", "Ships", blurb, Field.Store.YES));
    semantic.flush();
    for (SearchMode mode : SearchMode.values()) {
      SearchRequest request =
          SearchRequest.builder("engines at sea").mode(mode).filter("shelf", "top").build();
      Hit hit = search(request).hits().get(0);
      assertEquals("1", hit.id());
      assertEquals("Ships", hit.title());
      assertEquals(blurb + "\ngood", hit.text());
      assertEquals(Map.of("shelf", List.of("top")), hit.fields());
      if (mode != SearchMode.BM25) {
        Hit.PassageText passage = Objects.requireNonNull(hit.passage());
        assertTrue(passage.text(), passage.text().contains("engines"));
      }
    }
  }

  public void testTextNeedNotBeStored() throws IOException {
    semantic.updateDocument(book("1", "Ships", "engines ".repeat(30), Field.Store.NO));
    semantic.flush();
    for (SearchMode mode : SearchMode.values()) {
      Hit hit = search(SearchRequest.builder("engines").mode(mode).build()).hits().get(0);
      assertEquals("1", hit.id());
      assertEquals("", hit.text());
      assertEquals("", hit.snippet().text());
    }
  }

  /** Numbers that an application indexes itself sort hits, and filter them as its own queries. */
  public void testTheirNumbers() throws IOException {
    double[] prices = {2.5, -7.25, 30, -0.5};
    for (int i = 0; i < prices.length; i++) {
      Document book = book("b" + i, "Ships", "engines at sea", Field.Store.YES);
      book.add(new DoubleField("price", prices[i], Field.Store.NO));
      book.add(new IntField("pages", 100 * i, Field.Store.NO));
      book.add(new NumericDocValuesField("rank", -i));
      semantic.updateDocument(book);
    }
    semantic.flush();
    for (SearchMode mode : SearchMode.values()) {
      SearchRequest.Builder engines = SearchRequest.builder("engines").mode(mode);
      assertEquals(List.of("b1", "b3", "b0", "b2"), ids(engines.sort("price", false)));
      engines = SearchRequest.builder("engines").mode(mode);
      assertEquals(List.of("b3", "b2", "b1", "b0"), ids(engines.sort("pages", true)));
      engines = SearchRequest.builder("engines").mode(mode);
      assertEquals(List.of("b3", "b2", "b1", "b0"), ids(engines.sort("rank", false)));
    }
    manager.maybeRefreshBlocking();
    IndexSearcher searcher = manager.acquire();
    try (SemanticSearcher ours = SemanticSearcher.over(searcher, embedder, analyzer)) {
      SearchRequest request = SearchRequest.builder("engines").sort("price", false).build();
      assertEquals(
          List.of("b3", "b0"),
          ours.among(DoubleField.newRangeQuery("price", -1, 3)).search(request).hits().stream()
              .map(Hit::id)
              .toList());
      SearchRequest range = SearchRequest.builder("engines").range("price", "-1", "3").build();
      assertEquals(
          "field \"price\" holds points of an application's own, whose type an index does not tell;"
              + " search with SemanticSearcher.among and a range query of that type",
          expectThrows(SearchRequestException.class, () -> ours.search(range)).getMessage());
    } finally {
      manager.release(searcher);
    }
  }

  private List<String> ids(SearchRequest.Builder request) throws IOException {
    return search(request.build()).hits().stream().map(Hit::id).toList();
  }

  public void testRefusesOtherModelsAndForeignIndexes() throws IOException {
    IndexSearcher searcher = manager.acquire();
    try (BagOfWordsEmbedder other = new BagOfWordsEmbedder(8, 12)) {
      expectThrows(
          IndexOpenException.class, () -> SemanticSearcher.over(searcher, other, analyzer));
    } finally {
      manager.release(searcher);
    }
    try (Directory foreign = newDirectory();
        IndexWriter theirs = new IndexWriter(foreign, new IndexWriterConfig(analyzer));
        SearcherManager searchers = new SearcherManager(theirs, new SearcherFactory())) {
      IndexSearcher empty = searchers.acquire();
      try {
        IndexOpenException e =
            expectThrows(
                IndexOpenException.class, () -> SemanticSearcher.over(empty, embedder, analyzer));
        assertTrue(e.toString(), e.toString().contains("was not written by Semblance"));
      } finally {
        searchers.release(empty);
      }
    }
  }
}
