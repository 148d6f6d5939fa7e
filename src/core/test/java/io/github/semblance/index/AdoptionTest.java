package io.github.semblance.index;

import io.github.semblance.embed.BagOfWordsEmbedder;
import io.github.semblance.search.SemanticQuery;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.core.WhitespaceTokenizer;
import org.apache.lucene.analysis.payloads.TokenOffsetPayloadTokenFilter;
import org.apache.lucene.analysis.standard.StandardAnalyzer;
import org.apache.lucene.document.BinaryDocValuesField;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.DoubleField;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.IntPoint;
import org.apache.lucene.document.KeywordField;
import org.apache.lucene.document.KnnByteVectorField;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.document.LongField;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.document.SortedDocValuesField;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.KnnByteVectorQuery;
import org.apache.lucene.search.KnnFloatVectorQuery;
import org.apache.lucene.search.PhraseQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.store.Directory;
import org.apache.lucene.tests.util.LuceneTestCase;
import org.apache.lucene.util.BytesRef;

/** An index that an application has written gets its vectors. */
public class AdoptionTest extends LuceneTestCase {
  private static final DocumentFields FIELDS = DocumentFields.of("isbn", "blurb").withTitle("name");

  private final BagOfWordsEmbedder embedder = new BagOfWordsEmbedder(16, 12);
  private final List<String> failed = new ArrayList<>();
  private Directory directory;
  private IndexWriter writer;

  @Override
  public void setUp() throws Exception {
    super.setUp();
    directory = newDirectory();
    // Not MockAnalyzer: it adds payloads to fields by chance, and those are refused.
    writer = new IndexWriter(directory, newIndexWriterConfig(new StandardAnalyzer()));
  }

  @Override
  public void tearDown() throws Exception {
    writer.close();
    directory.close();
    super.tearDown();
  }

  private SemanticIndexWriter open() throws IOException {
    return new SemanticIndexWriter(
        writer,
        embedder,
        new SemanticIndexWriterConfig()
            .setFields(FIELDS)
            .setFailureHandler((id, cause) -> failed.add(id + ": " + cause.getMessage())));
  }

  private static Document book(String isbn, String blurb) {
    Document book = new Document();
    book.add(new StringField("isbn", isbn, Field.Store.YES));
    book.add(new TextField("name", "Book number " + isbn, Field.Store.YES));
    book.add(new TextField("blurb", blurb, Field.Store.YES));
    return book;
  }

  private void write(int books) throws IOException {
    for (int i = 0; i < books; i++) {
      writer.addDocument(book("b" + i, "storks build nests number " + i + " up here"));
      if (rarely()) {
        writer.flush();
      }
    }
  }

  private int count(Query query) throws IOException {
    try (DirectoryReader reader = DirectoryReader.open(writer)) {
      return new IndexSearcher(reader).count(query);
    }
  }

  private List<BlockDump> dump() throws IOException {
    try (DirectoryReader reader = DirectoryReader.open(writer)) {
      return BlockDump.of(reader);
    }
  }

  public void testEveryDocumentGetsItsVectors() throws IOException {
    write(50);
    List<Long> progress = new ArrayList<>();
    try (SemanticIndexWriter semantic = open()) {
      semantic.updateDocument(book("ours", "had it before"));
      AdoptionSummary summary =
          semantic.adopt(
              Adoption.fromStoredFields()
                  .committingEvery(7)
                  .withProgress(
                      (done, documents) -> {
                        assertEquals(50, documents);
                        progress.add(done);
                      }));
      assertEquals(50, summary.documents());
      assertEquals(50, summary.adopted());
      assertEquals(1, summary.before());
      assertEquals(0, summary.failed() + summary.missing());
      assertTrue(summary.passages() >= 50);
      AdoptionSummary again = semantic.adopt(Adoption.fromStoredFields());
      assertEquals(new AdoptionSummary(0, 0, 0, 0, 0, 51), again);
    }
    assertEquals(progress.stream().sorted().toList(), progress);
    assertEquals(50, progress.getLast().longValue());
    assertEquals(List.of(), failed);
    assertEquals(51, dump().size());
    assertEquals(50, count(new TermQuery(new Term("blurb", "nests"))));
    float[] query =
        embedder.embedQuery("Book number b7 storks build nests number 7 up here").vector();
    try (DirectoryReader reader = DirectoryReader.open(directory)) {
      IndexSearcher searcher = newSearcher(reader);
      ScoreDoc best = searcher.search(new SemanticQuery(query, 1), 1).scoreDocs[0];
      assertEquals("b7", searcher.storedFields().document(best.doc).get("isbn"));
    }
  }

  public void testEveryFieldIsAsItWas() throws IOException {
    for (int i = 0; i < 20; i++) {
      Document book = book("b" + i, "storks build nests");
      book.add(new KeywordField("tag", "t" + i % 3, Field.Store.YES));
      book.add(new KeywordField("tag", "all", Field.Store.YES));
      book.add(new LongField("price", i - 5, Field.Store.YES));
      book.add(new DoubleField("weight", i / 3.0, Field.Store.YES));
      book.add(new IntPoint("pages", i));
      book.add(new StoredField("pages", i));
      book.add(new NumericDocValuesField("rank", 100 - i));
      book.add(new SortedDocValuesField("name", new BytesRef("sorted" + i)));
      book.add(new BinaryDocValuesField("blob", new BytesRef(new byte[] {(byte) i})));
      book.add(new StoredField("note", "kept " + i));
      book.add(new StoredField("raw", new byte[] {1, (byte) i}));
      book.add(new KnnFloatVectorField("place", new float[] {1, i}));
      book.add(new KnnByteVectorField("bytes", new byte[] {1, (byte) i}));
      writer.addDocument(book);
    }
    Map<String, String> before = facts();
    try (SemanticIndexWriter semantic = open()) {
      assertEquals(20, semantic.adopt(Adoption.fromStoredFields()).adopted());
    }
    assertEquals(before, facts());
    assertEquals(20, before.size());
    assertEquals(7, count(new TermQuery(new Term("tag", "t0"))));
    assertEquals(1, count(LongField.newExactQuery("price", -5)));
    assertEquals(1, count(DoubleField.newExactQuery("weight", 1)));
    assertEquals(1, count(IntPoint.newExactQuery("pages", 3)));
    assertEquals(20, count(new PhraseQuery("blurb", "build", "nests")));
    assertEquals(3, count(new KnnFloatVectorQuery("place", new float[] {1, 1}, 3)));
    assertEquals(3, count(new KnnByteVectorQuery("bytes", new byte[] {1, 1}, 3)));
  }

  /** Stored fields and numbers by document values. */
  private Map<String, String> facts() throws IOException {
    Map<String, String> facts = new HashMap<>();
    try (DirectoryReader reader = DirectoryReader.open(writer)) {
      for (LeafReaderContext context : reader.leaves()) {
        LeafReader leaf = context.reader();
        NumericDocValues ranks = leaf.getNumericDocValues("rank");
        for (int doc = ranks.nextDoc(); doc < leaf.maxDoc(); doc = ranks.nextDoc()) {
          if (leaf.getLiveDocs() == null || leaf.getLiveDocs().get(doc)) {
            Document stored = leaf.storedFields().document(doc);
            List<String> values = new ArrayList<>();
            stored.forEach(field -> values.add(field.name() + "=" + value(field)));
            values.sort(null);
            facts.put(stored.get("isbn"), values + " rank " + ranks.longValue());
          }
        }
      }
    }
    return facts;
  }

  private static String value(org.apache.lucene.index.IndexableField field) {
    return field.binaryValue() == null ? field.stringValue() : field.binaryValue().toString();
  }

  private void assertRefused(String... fragments) throws IOException {
    int documents = count(new TermQuery(new Term("blurb", "nests")));
    try (SemanticIndexWriter semantic = open()) {
      IllegalArgumentException e =
          expectThrows(
              IllegalArgumentException.class, () -> semantic.adopt(Adoption.fromStoredFields()));
      for (String fragment : fragments) {
        assertTrue(e.toString(), e.toString().contains(fragment));
      }
    }
    assertEquals("nothing is written", 0, dump().size());
    assertEquals(documents, count(new TermQuery(new Term("blurb", "nests"))));
  }

  public void testRefusesWhatIsNotStored() throws IOException {
    write(5);
    Document book = book("x", "storks build nests");
    book.add(new TextField("body", "only indexed", Field.Store.NO));
    writer.addDocument(book);
    assertRefused("field \"body\" is indexed and not stored", "Adoption.DocumentSource");
    writer.updateDocument(new Term("isbn", "x"), book("x", "gone"));
    Document points = book("y", "storks build nests");
    points.add(new IntPoint("pages", 7));
    writer.addDocument(points);
    assertRefused("field \"pages\" is indexed and not stored");
  }

  public void testRefusesWhatWouldBeIndexedInAnotherWay() throws IOException {
    Document book = book("x", "storks build nests");
    book.add(new StringField("shelf", "indexed so", Field.Store.NO));
    book.add(new StoredField("shelf", "and stored so"));
    writer.addDocument(book);
    assertRefused("field \"shelf\" is indexed by other terms than its stored value");
  }

  public void testRefusesPayloads() throws IOException {
    writer.close();
    Analyzer offsets =
        new Analyzer(Analyzer.PER_FIELD_REUSE_STRATEGY) {
          @Override
          protected TokenStreamComponents createComponents(String field) {
            WhitespaceTokenizer words = new WhitespaceTokenizer();
            return new TokenStreamComponents(
                words, field.equals("blurb") ? new TokenOffsetPayloadTokenFilter(words) : words);
          }
        };
    writer = new IndexWriter(directory, newIndexWriterConfig(offsets));
    writer.addDocument(book("x", "storks build nests"));
    assertRefused("field \"blurb\" has payloads, which are not stored", "Adoption.DocumentSource");
  }

  public void testRefusesIdsThatFindNothing() throws IOException {
    Document book = new Document();
    book.add(new TextField("isbn", "words of an id", Field.Store.YES));
    book.add(new TextField("blurb", "storks build nests", Field.Store.YES));
    writer.addDocument(book);
    assertRefused("field \"isbn\" must be indexed as one term");
  }

  public void testTheApplicationGivesWhatIsNotStored() throws IOException {
    for (String isbn : List.of("1", "2", "3", "4")) {
      Document book = new Document();
      book.add(new StringField("isbn", isbn, Field.Store.YES));
      book.add(new TextField("blurb", "not stored " + isbn, Field.Store.NO));
      writer.addDocument(book);
    }
    try (SemanticIndexWriter semantic = open()) {
      AdoptionSummary summary =
          semantic.adopt(
              Adoption.from(
                  isbn ->
                      switch (isbn) {
                        case "2" -> null;
                        case "3" -> book("another", "text");
                        default -> book(isbn, "from the source");
                      }));
      assertEquals(new AdoptionSummary(4, 2, summary.passages(), 1, 1, 0), summary);
    }
    assertEquals(List.of("3: the source gave a document of another id, got: \"another\""), failed);
    assertEquals(2, dump().size());
    assertEquals(2, count(new TermQuery(new Term("blurb", "stored"))));
  }

  public void testGoesOnWhereItWasInterrupted() throws IOException {
    write(30);
    int[] asked = {0};
    Adoption.DocumentSource source =
        isbn -> {
          if (++asked[0] == 20) {
            throw new IOException("the database is down");
          }
          return book(isbn, "from the source");
        };
    try (SemanticIndexWriter semantic = open()) {
      IOException e =
          expectThrows(
              IOException.class, () -> semantic.adopt(Adoption.from(source).committingEvery(5)));
      assertEquals("the database is down", e.getMessage());
    }
    try (SemanticIndexWriter semantic = open()) {
      AdoptionSummary rest = semantic.adopt(Adoption.from(source));
      assertEquals(15, rest.before());
      assertEquals(15, rest.adopted());
    }
    assertEquals(30, dump().size());
  }

  public void testDocumentsOfOneIdAreNotMergedIntoOne() throws IOException {
    writer.addDocument(book("1", "storks build nests"));
    writer.addDocument(book("1", "frogs jump far"));
    writer.addDocument(book("2", "alone"));
    try (SemanticIndexWriter semantic = open()) {
      AdoptionSummary summary = semantic.adopt(Adoption.fromStoredFields());
      assertEquals(1, summary.adopted());
      assertEquals(2, summary.failed());
    }
    assertEquals(
        "1: 1 more have this id, and adding one would replace them all", failed.getFirst());
    assertEquals(2, count(new TermQuery(new Term("isbn", "1"))));
  }

  public void testADocumentThatHasLostPassagesGetsThemBack() throws IOException {
    try (SemanticIndexWriter semantic = open()) {
      semantic.updateDocument(book("1", "storks build nests ".repeat(20)));
      semantic.commit();
      List<BlockDump> whole = dump();
      writer.deleteDocuments(
          NumericDocValuesField.newSlowRangeQuery(IndexSchema.PASSAGE_START, 30, 200));
      AdoptionSummary summary = semantic.adopt(Adoption.fromStoredFields());
      assertEquals(1, summary.adopted());
      assertEquals(whole.getFirst().passages(), dump().getFirst().passages());
    }
  }
}
