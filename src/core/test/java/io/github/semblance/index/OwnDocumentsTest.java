package io.github.semblance.index;

import io.github.semblance.embed.BagOfWordsEmbedder;
import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.CharArraySet;
import org.apache.lucene.analysis.LowerCaseFilter;
import org.apache.lucene.analysis.Tokenizer;
import org.apache.lucene.analysis.core.WhitespaceTokenizer;
import org.apache.lucene.analysis.standard.StandardAnalyzer;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.KeywordField;
import org.apache.lucene.document.LongField;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.MatchAllDocsQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.Sort;
import org.apache.lucene.search.SortField;
import org.apache.lucene.search.SortedNumericSortField;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.store.Directory;
import org.apache.lucene.tests.analysis.MockAnalyzer;
import org.apache.lucene.tests.util.LuceneTestCase;

/** Lucene documents that an application makes, with fields of its own. */
public class OwnDocumentsTest extends LuceneTestCase {
  private static final DocumentFields FIELDS =
      DocumentFields.of("isbn", "blurb", "review").withTitle("name");

  private final BagOfWordsEmbedder embedder = new BagOfWordsEmbedder(8, 12);
  private Directory directory;
  private IndexWriter writer;

  @Override
  public void setUp() throws Exception {
    super.setUp();
    directory = newDirectory();
    writer = new IndexWriter(directory, config());
  }

  @Override
  public void tearDown() throws Exception {
    writer.close();
    directory.close();
    super.tearDown();
  }

  private static IndexWriterConfig config() {
    return newIndexWriterConfig(new MockAnalyzer(random()));
  }

  private SemanticIndexWriter open() throws IOException {
    return new SemanticIndexWriter(writer, embedder, FIELDS, FailureHandler.THROW);
  }

  private static Document book(String isbn, String name, String blurb) {
    Document book = new Document();
    book.add(new KeywordField("isbn", isbn, Field.Store.YES));
    book.add(new TextField("name", name, Field.Store.YES));
    book.add(new TextField("blurb", blurb, Field.Store.YES));
    book.add(new LongField("price", isbn.length(), Field.Store.YES));
    return book;
  }

  private int count(Query query) throws IOException {
    try (DirectoryReader reader = DirectoryReader.open(writer)) {
      return new IndexSearcher(reader).count(query);
    }
  }

  private int count(String field, String value) throws IOException {
    return count(new TermQuery(new Term(field, value)));
  }

  private List<BlockDump> dump() throws IOException {
    try (DirectoryReader reader = DirectoryReader.open(writer)) {
      return BlockDump.of(reader);
    }
  }

  public void testKeepsTheirFields() throws IOException {
    try (SemanticIndexWriter semantic = open()) {
      semantic.add(book("123", "One", "first book"));
      semantic.flush();
      assertEquals(List.of("isbn=123", "name=One", "blurb=first book", "price=3"), stored());
      assertEquals(1, count("isbn", "123"));
      assertEquals(1, count("blurb", "first"));
      assertEquals(1, count("name", "one"));
      assertEquals(1, count(LongField.newExactQuery("price", 3)));
      assertEquals(
          "title and text",
          2,
          count(IndexSchema.CATCH_ALL, "one") + count(IndexSchema.CATCH_ALL, "book"));
      semantic.commit();
    }
    assertEquals(FIELDS, IndexManifest.read(directory).fields());
  }

  public void testKeepsWordsAsWrittenWhateverTheAnalyzerOfTheWriter() throws IOException {
    try (SemanticIndexWriter semantic = open()) {
      semantic.add(book("123", "One", "Books, bound"));
      semantic.flush();
    }
    assertEquals("by white space", 1, count(IndexSchema.CATCH_ALL, "books,"));
    assertEquals(1, count(IndexSchema.EXACT, "books"));
    assertEquals(1, count(IndexSchema.EXACT, "one"));
  }

  private List<String> stored() throws IOException {
    return dump().get(0).stored();
  }

  public void testEmbedsTheNamedFields() throws IOException {
    Document book = book("123", "One", "first");
    book.add(new TextField("review", "good", Field.Store.YES));
    book.add(new StoredField("review", "stored beside what is indexed"));
    book.add(new TextField("other", "not embedded", Field.Store.YES));
    assertEquals("first\ngood", FIELDS.text(book));
    try (SemanticIndexWriter semantic = open()) {
      semantic.add(book);
      semantic.flush();
    }
    String vector =
        Arrays.toString(embedder.embedPassages(List.of("One first\ngood")).get(0).vector());
    assertEquals(List.of("0-10" + vector), dump().get(0).passages());
  }

  public void testStoredTextCanBeEmbedded() {
    Document book = new Document();
    book.add(new StoredField("blurb", "stored"));
    book.add(new StoredField("blurb", "twice"));
    assertEquals("stored\ntwice", FIELDS.text(book));
    assertEquals("", FIELDS.title(book));
  }

  public void testADocumentWithoutTextHasNoPassage() throws IOException {
    try (SemanticIndexWriter semantic = open()) {
      semantic.add(book("1", "", " "));
      semantic.add(book("2", "", "text"));
      semantic.commit();
      assertEquals(2, semantic.statistics().documents());
      assertEquals(1, semantic.statistics().passages());
    }
    assertEquals(List.of(0, 1), dump().stream().map(block -> block.passages().size()).toList());
  }

  public void testReplacesAndDeletesWholeDocuments() throws IOException {
    try (SemanticIndexWriter semantic = open()) {
      semantic.add(book("1", "One", "long ".repeat(50)));
      semantic.add(book("2", "Two", "long ".repeat(50)));
      semantic.add(book("1", "Uno", "short"));
      semantic.flush();
      assertEquals(2, dump().size());
      assertEquals(0, count("name", "one"));
      semantic.delete(new TermQuery(new Term("name", "two")));
      assertEquals(1, dump().size());
      semantic.delete("1");
      assertEquals(0, count(MatchAllDocsQuery.INSTANCE));
    }
  }

  public void testVectorsAreReusedButDocumentsWritten() throws IOException {
    try (SemanticIndexWriter semantic = open()) {
      semantic.add(book("1", "One", "long ".repeat(50)));
      semantic.commit();
    }
    List<BlockDump> before = dump();
    try (SemanticIndexWriter semantic = open()) {
      Document dearer = book("1", "One", "long ".repeat(50));
      dearer.add(new LongField("pages", 7, Field.Store.YES));
      semantic.add(dearer);
      semantic.commit();
      assertEquals(0, semantic.statistics().embedded());
      assertEquals(0, semantic.statistics().unchanged());
    }
    assertEquals(before.get(0).passages(), dump().get(0).passages());
    assertEquals(1, count(LongField.newExactQuery("pages", 7)));
  }

  public void testWorksInASortedIndex() throws IOException {
    try (Directory sorted = newDirectory();
        IndexWriter sorting =
            new IndexWriter(
                sorted,
                config()
                    .setIndexSort(
                        new Sort(new SortedNumericSortField("price", SortField.Type.LONG, true)))
                    .setParentField("_parent"))) {
      try (SemanticIndexWriter semantic =
          new SemanticIndexWriter(sorting, embedder, FIELDS, FailureHandler.THROW)) {
        for (String isbn : List.of("1", "333", "22", "4444")) {
          semantic.add(book(isbn, "Name", "long ".repeat(20)));
          if (random().nextBoolean()) {
            semantic.commit();
          }
        }
        semantic.commit();
      }
      sorting.forceMerge(1);
      try (DirectoryReader reader = DirectoryReader.open(sorting)) {
        assertEquals(
            List.of("isbn=4444", "isbn=333", "isbn=22", "isbn=1"),
            BlockDump.of(reader).stream().map(block -> block.stored().get(0)).toList());
      }
    }
  }

  public void testRefusesWhatItCannotEmbedOrName() throws IOException {
    try (SemanticIndexWriter semantic = open()) {
      Document reader = book("1", "One", "text");
      reader.add(new TextField("blurb", new StringReader("text")));
      assertRefused(semantic, reader, "field \"blurb\" must hold a string to be embedded");
      Document nameless = new Document();
      nameless.add(new TextField("blurb", "text", Field.Store.YES));
      assertRefused(semantic, nameless, "field \"isbn\" must have one value that is not blank");
      Document twice = book("1", "One", "text");
      twice.add(new KeywordField("isbn", "2", Field.Store.NO));
      assertRefused(semantic, twice, "got: [1, 2]");
      assertRefused(semantic, book(" ", "One", "text"), "not blank");
      expectThrows(
          IllegalStateException.class,
          () -> semantic.add(new SourceDocument("1", "title", "text", Map.of())));
    }
    List<String> failed = new ArrayList<>();
    try (SemanticIndexWriter semantic =
        new SemanticIndexWriter(
            writer, embedder, FIELDS, (id, cause) -> failed.add(id + ": " + cause.getMessage()))) {
      Document ours = book("1", "One", "text");
      ours.add(new StringField(IndexSchema.BLOCK, "2", Field.Store.NO));
      semantic.add(ours);
      Document longId = new Document();
      longId.add(new StoredField("isbn", "x".repeat(40_000)));
      longId.add(new TextField("blurb", "text", Field.Store.NO));
      semantic.add(longId);
      semantic.flush();
      assertEquals(0, count(MatchAllDocsQuery.INSTANCE));
    }
    assertEquals(
        "1: the field name \"_block\" belongs to the index; rename the field", failed.get(0));
    assertTrue(failed.toString(), failed.get(1).contains("must be at most 32766 bytes"));
    assertEquals(2, failed.size());
  }

  private static void assertRefused(SemanticIndexWriter semantic, Document document, String why) {
    IllegalArgumentException e =
        expectThrows(IllegalArgumentException.class, () -> semantic.add(document));
    assertTrue(e.toString(), e.toString().contains(why));
  }

  public void testRefusesOtherFields() throws IOException {
    try (SemanticIndexWriter semantic = open()) {
      semantic.commit();
    }
    IndexOpenException e =
        expectThrows(
            IndexOpenException.class,
            () -> new SemanticIndexWriter(writer, embedder, FailureHandler.THROW));
    assertTrue(
        e.toString(), e.toString().contains("was written with fields DocumentFields[id=isbn"));
    assertTrue(e.toString(), e.toString().contains("got: DocumentFields[id=id"));
    expectThrows(IllegalArgumentException.class, () -> DocumentFields.of("id"));
  }

  private SemanticIndexWriter openWith(Analyzer analyzer) throws IOException {
    writer.close();
    writer = new IndexWriter(directory, new IndexWriterConfig(analyzer));
    return open();
  }

  private static Analyzer anonymous(boolean lowerCase) {
    return new Analyzer() {
      @Override
      protected TokenStreamComponents createComponents(String field) {
        Tokenizer words = new WhitespaceTokenizer();
        return new TokenStreamComponents(words, lowerCase ? new LowerCaseFilter(words) : words);
      }
    };
  }

  public void testKnowsAnAnalyzerByWhatItDoes() throws IOException {
    try (SemanticIndexWriter semantic = openWith(anonymous(true))) {
      semantic.add(book("1", "One", "first book"));
      semantic.commit();
    }
    openWith(anonymous(true)).close();
    for (Analyzer other : List.of(anonymous(false), new StandardAnalyzer())) {
      String message =
          String.valueOf(
              expectThrows(IndexOpenException.class, () -> openWith(other)).getMessage());
      assertTrue(message, message.contains("makes other tokens of the same text"));
    }
  }

  public void testStopWordsAreSomethingThatAnAnalyzerDoes() throws IOException {
    try (SemanticIndexWriter semantic = openWith(new StandardAnalyzer(words("zyzzyva")))) {
      semantic.commit();
    }
    openWith(new StandardAnalyzer(words("zyzzyva"))).close();
    expectThrows(
        IndexOpenException.class, () -> openWith(new StandardAnalyzer(words("xylophone"))));
  }

  public void testAnAnalyzerMayHaveAName() throws IOException {
    try (SemanticIndexWriter named =
        new SemanticIndexWriter(writer, embedder, FIELDS, "books-2", FailureHandler.THROW)) {
      named.commit();
    }
    assertEquals("books-2", IndexManifest.read(directory).analyzer());
    expectThrows(IndexOpenException.class, this::open);
    for (String taken : List.of(" ", "English", "tokens:00")) {
      expectThrows(
          IllegalArgumentException.class,
          () -> new SemanticIndexWriter(writer, embedder, FIELDS, taken, FailureHandler.THROW));
    }
  }

  private static CharArraySet words(String... words) {
    return new CharArraySet(List.of(words), false);
  }
}
