package io.github.semblance.search;

import io.github.semblance.embed.BagOfWordsEmbedder;
import io.github.semblance.index.DocumentFields;
import io.github.semblance.index.IndexSchema;
import io.github.semblance.index.SemanticIndexWriter;
import io.github.semblance.index.SemanticIndexWriterConfig;
import io.github.semblance.index.Tuning;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.LongField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.NoMergePolicy;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.SearcherFactory;
import org.apache.lucene.search.SearcherManager;
import org.apache.lucene.search.Sort;
import org.apache.lucene.search.SortField;
import org.apache.lucene.search.SortedNumericSortField;
import org.apache.lucene.search.TopDocs;
import org.apache.lucene.search.uhighlight.UnifiedHighlighter;
import org.apache.lucene.search.uhighlight.UnifiedHighlighter.HighlightFlag;
import org.apache.lucene.store.Directory;
import org.apache.lucene.tests.analysis.MockAnalyzer;
import org.apache.lucene.tests.util.LuceneTestCase;
import org.jspecify.annotations.Nullable;

/** What a Lucene application does around a hybrid query, as docs/lucene.md says it goes. */
public class LuceneHostTest extends LuceneTestCase {
  private final BagOfWordsEmbedder embedder = new BagOfWordsEmbedder(32, 12);
  private Directory directory;
  private Analyzer analyzer;

  @Override
  public void setUp() throws Exception {
    super.setUp();
    directory = newDirectory();
    analyzer = new MockAnalyzer(random());
  }

  @Override
  public void tearDown() throws Exception {
    directory.close();
    embedder.close();
    super.tearDown();
  }

  private SemanticIndexWriter semantic(IndexWriter writer) throws IOException {
    return new SemanticIndexWriter(
        writer,
        embedder,
        new SemanticIndexWriterConfig()
            .setFields(DocumentFields.of("isbn", "blurb").withTitle("name")));
  }

  private static Document book(String isbn, String blurb, long price) {
    Document book = new Document();
    book.add(new StringField("isbn", isbn, Field.Store.YES));
    book.add(new TextField("name", "", Field.Store.YES));
    book.add(new TextField("blurb", blurb, Field.Store.YES));
    book.add(new LongField("price", price, Field.Store.NO));
    return book;
  }

  private HybridQuery query(String question, IndexSearcher searcher) throws IOException {
    return HybridQuery.of(question, searcher.getIndexReader(), analyzer, embedder);
  }

  private static List<String> isbns(IndexSearcher searcher, Query query, int top)
      throws IOException {
    List<String> isbns = new ArrayList<>();
    for (ScoreDoc hit : searcher.search(query, top).scoreDocs) {
      isbns.add(searcher.storedFields().document(hit.doc).get("isbn"));
    }
    return isbns;
  }

  public void testTheUnifiedHighlighterMarksTheWordsOfAHybridQuery() throws IOException {
    try (IndexWriter writer = new IndexWriter(directory, new IndexWriterConfig(analyzer));
        SemanticIndexWriter semantic = semantic(writer)) {
      semantic.updateDocument(book("1", "engines run well at sea", 1));
      semantic.updateDocument(book("2", "a storm on land", 2));
      semantic.commit();
      try (DirectoryReader reader = DirectoryReader.open(writer)) {
        IndexSearcher searcher = new IndexSearcher(reader);
        Query query = query("sea engines storm", searcher);
        TopDocs found = searcher.search(query, 2);
        for (Set<HighlightFlag> flags :
            List.of(
                Set.of(HighlightFlag.PHRASES, HighlightFlag.MULTI_TERM_QUERY),
                Set.of(
                    HighlightFlag.PHRASES,
                    HighlightFlag.MULTI_TERM_QUERY,
                    HighlightFlag.WEIGHT_MATCHES))) {
          UnifiedHighlighter highlighter =
              UnifiedHighlighter.builder(searcher, analyzer)
                  .withFlags(flags)
                  .withFieldMatcher(field -> field.equals(IndexSchema.CATCH_ALL))
                  .build();
          List<String> marked = List.of(highlighter.highlight("blurb", query, found));
          assertTrue(
              flags + ": " + marked, marked.contains("<b>engines</b> run well at <b>sea</b>"));
          assertTrue(flags + ": " + marked, marked.contains("a <b>storm</b> on land"));
        }
      }
    }
  }

  /** The searcher of a moment goes on seeing it, and threads do not change what is found. */
  public void testASearcherManagerWithThreads() throws IOException {
    try (ExecutorService threads = Executors.newFixedThreadPool(2);
        IndexWriter writer =
            new IndexWriter(
                directory, new IndexWriterConfig(analyzer).setMergePolicy(NoMergePolicy.INSTANCE));
        SemanticIndexWriter semantic = semantic(writer)) {
      for (int i = 0; i < 40; i++) {
        semantic.updateDocument(book("b" + i, "sea " + "engine ".repeat(i % 7), i));
        if (i % 10 == 9) {
          semantic.commit();
        }
      }
      try (SearcherManager manager =
          new SearcherManager(
              writer,
              new SearcherFactory() {
                @Override
                public IndexSearcher newSearcher(
                    IndexReader reader, @Nullable IndexReader previous) {
                  return new IndexSearcher(reader, threads);
                }
              })) {
        IndexSearcher before = manager.acquire();
        try {
          Query query = query("engine", before);
          List<String> alone = isbns(new IndexSearcher(before.getIndexReader()), query, 40);
          assertEquals(alone, isbns(before, query, 40));
          semantic.updateDocument(book("new", "engine", 9));
          semantic.flush();
          manager.maybeRefreshBlocking();
          assertEquals(alone, isbns(before, query, 40));
          IndexSearcher after = manager.acquire();
          try {
            assertTrue(isbns(after, query, 100).contains("new"));
          } finally {
            manager.release(after);
          }
        } finally {
          manager.release(before);
        }
      }
    }
  }

  /** An index sort keeps blocks whole, and decides between hits of one score. */
  public void testAnIndexSort() throws IOException {
    IndexWriterConfig config =
        new IndexWriterConfig(analyzer)
            .setIndexSort(new Sort(new SortedNumericSortField("price", SortField.Type.LONG)))
            .setParentField("_parent");
    try (IndexWriter writer = new IndexWriter(directory, config);
        SemanticIndexWriter semantic = semantic(writer)) {
      for (int i = 0; i < 20; i++) {
        semantic.updateDocument(book("b" + i, "sea engine", 100 - i));
      }
      semantic.commit();
      writer.forceMerge(1);
      semantic.commit();
      try (DirectoryReader reader = DirectoryReader.open(writer)) {
        IndexSearcher searcher = new IndexSearcher(reader);
        List<String> cheapest = new ArrayList<>();
        for (int i = 19; i >= 0; i--) {
          cheapest.add("b" + i);
        }
        assertEquals(cheapest, isbns(searcher, query("engine", searcher), 20));
      }
    }
  }

  public void testTheWeightOfTheIndex() throws IOException {
    try (IndexWriter writer = new IndexWriter(directory, new IndexWriterConfig(analyzer));
        SemanticIndexWriter semantic = semantic(writer)) {
      semantic.updateDocument(book("1", "sea", 1));
      semantic.commit();
      try (DirectoryReader reader = DirectoryReader.open(directory)) {
        assertEquals(Fusion.convex(0), Fusion.of(reader, embedder.model()));
      }
      semantic.setTuning(new Tuning(0.8f, Tuning.Origin.JUDGEMENTS, 9, "mrr", 0.5, 0.6, 0.01));
      semantic.commit();
      try (DirectoryReader reader = DirectoryReader.open(directory)) {
        assertEquals(new Fusion.Convex(0.8f, 0), Fusion.of(reader, embedder.model()));
        IndexSearcher searcher = new IndexSearcher(reader);
        assertTrue(query("sea", searcher).toString().contains("semanticWeight=0.8"));
      }
    }
  }
}
