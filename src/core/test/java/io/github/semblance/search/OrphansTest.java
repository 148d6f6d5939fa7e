package io.github.semblance.search;

import io.github.semblance.embed.BagOfWordsEmbedder;
import io.github.semblance.index.DocumentFields;
import io.github.semblance.index.DropOrphansMergePolicy;
import io.github.semblance.index.FailureHandler;
import io.github.semblance.index.IndexSchema;
import io.github.semblance.index.PassageVector;
import io.github.semblance.index.SegmentBlocks;
import io.github.semblance.index.SemanticIndexWriter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.NoMergePolicy;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.Sort;
import org.apache.lucene.search.SortField;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.store.Directory;
import org.apache.lucene.tests.analysis.MockAnalyzer;
import org.apache.lucene.tests.util.LuceneTestCase;

/** What Lucene's own calls leave of our documents is found for nobody. */
public class OrphansTest extends LuceneTestCase {
  private static final DocumentFields FIELDS = DocumentFields.of("isbn", "blurb");

  private final BagOfWordsEmbedder embedder = new BagOfWordsEmbedder(24, 12);
  private Directory directory;
  private IndexWriter writer;
  private SemanticIndexWriter semantic;

  @Override
  public void setUp() throws Exception {
    super.setUp();
    directory = newDirectory();
    open(config());
  }

  @Override
  public void tearDown() throws Exception {
    semantic.close();
    writer.close();
    directory.close();
    embedder.close();
    super.tearDown();
  }

  /** One segment for each flush until it is asked for fewer. */
  private static IndexWriterConfig config() {
    return newIndexWriterConfig(new MockAnalyzer(random())).setMaxBufferedDocs(1000);
  }

  private void open(IndexWriterConfig config) throws IOException {
    writer = new IndexWriter(directory, config);
    semantic = new SemanticIndexWriter(writer, embedder, FIELDS, FailureHandler.THROW);
  }

  private void reopen(IndexWriterConfig config) throws IOException {
    semantic.commit();
    semantic.close();
    writer.close();
    open(config);
  }

  private static Document book(String isbn, String blurb) {
    Document book = new Document();
    book.add(new StringField("isbn", isbn, Field.Store.YES));
    book.add(new TextField("blurb", blurb, Field.Store.YES));
    return book;
  }

  private static Term isbn(String isbn) {
    return new Term("isbn", isbn);
  }

  private void add(String isbn, String blurb) throws IOException {
    semantic.add(book(isbn, blurb));
    semantic.flush();
  }

  /** The isbn and score of what is found, best first. */
  private List<String> search(String question, int k) throws IOException {
    return search(new SemanticQuery(embedder.embedQuery(question).vector(), k));
  }

  private List<String> search(Query query) throws IOException {
    try (DirectoryReader reader = DirectoryReader.open(writer)) {
      IndexSearcher searcher = newSearcher(reader);
      List<String> found = new ArrayList<>();
      for (ScoreDoc hit : searcher.search(query, 100).scoreDocs) {
        found.add(
            searcher.storedFields().document(hit.doc).get("isbn")
                + (hit.score > 0.999 ? " exactly" : ""));
      }
      return found;
    }
  }

  public void testADeletedDocumentsPassagesAreNotTheNextOnes() throws IOException {
    add("1", "storks build nests");
    add("2", "a far away topic");
    assertEquals(List.of("1 exactly", "2"), search("storks build nests", 5));
    writer.deleteDocuments(isbn("1"));
    assertEquals("before the merge", List.of("2"), search("storks build nests", 5));
    writer.forceMerge(1);
    assertEquals("after it", List.of("2"), search("storks build nests", 5));
    assertEquals(List.of("2 exactly"), search("a far away topic", 5));
  }

  public void testASearchEndsWhereASegmentEndsWithOrphans() throws IOException {
    add("1", "storks build nests");
    add("2", "frogs jump far");
    writer.deleteDocuments(isbn("2"));
    writer.forceMerge(1);
    assertEquals(List.of("1"), search("frogs jump far", 5));
    writer.deleteDocuments(isbn("1"));
    writer.addDocument(book("3", "none of ours"));
    writer.forceMerge(1);
    assertEquals(List.of(), search("frogs jump far", 5));
  }

  public void testAnUpdatedDocumentHasNoVectorAnyMore() throws IOException {
    add("1", "storks build nests");
    add("2", "a far away topic");
    writer.updateDocument(isbn("1"), book("1", "frogs jump far"));
    writer.forceMerge(1);
    assertEquals(List.of("2"), search("storks build nests", 5));
    Query frogs = new TermQuery(new Term("blurb", "frogs"));
    float[] vector = embedder.embedQuery("storks build nests").vector();
    try (DirectoryReader reader = DirectoryReader.open(writer)) {
      for (FusedHit hit :
          new HybridQuery(frogs, new SemanticQuery(vector, 5), Fusion.convex(0))
              .search(newSearcher(reader))) {
        boolean updated = hit.lexicalRank() > 0;
        assertEquals(updated, hit.candidate().cosine() == -1);
        assertTrue(hit.candidate().cosine() < 0.9);
      }
    }
  }

  public void testOrphansTakeNobodysPlace() throws IOException {
    for (int i = 0; i < 300; i++) {
      semantic.add(book("dead" + i, "storks build nests"));
    }
    for (int i = 0; i < 5; i++) {
      semantic.add(book("live" + i, "storks and frogs number " + i));
    }
    semantic.flush();
    for (int i = 0; i < 300; i++) {
      writer.deleteDocuments(isbn("dead" + i));
    }
    assertEquals(5, search("storks build nests", 5).size());
    writer.forceMerge(1);
    assertEquals(5, search("storks build nests", 5).size());
  }

  public void testAnUnharmedSegmentNeedsNoFilter() throws IOException {
    for (int i = 0; i < 20; i++) {
      semantic.add(book("b" + i, "storks build nests ".repeat(20)));
    }
    writer.addDocument(book("theirs", "alone"));
    semantic.delete("b3");
    semantic.flush();
    try (DirectoryReader reader = DirectoryReader.open(writer)) {
      assertFalse(SegmentBlocks.of(reader.leaves().get(0)).hasOrphans());
    }
    writer.deleteDocuments(isbn("b4"));
    try (DirectoryReader reader = DirectoryReader.open(writer)) {
      SegmentBlocks blocks = SegmentBlocks.of(reader.leaves().get(0));
      assertTrue(blocks.toString(), blocks.hasOrphans());
      assertSame("cached", blocks, SegmentBlocks.of(reader.leaves().get(0)));
    }
  }

  public void testOrphansAreDeletedOnRequest() throws IOException {
    add("1", "storks build nests ".repeat(20));
    add("2", "a far away topic");
    int before = docs();
    writer.deleteDocuments(isbn("1"));
    long orphans = semantic.deleteOrphans();
    assertTrue("got: " + orphans, orphans > 5);
    assertEquals(0, semantic.deleteOrphans());
    assertEquals(before - orphans - 1, docs());
    assertEquals(List.of("2 exactly"), search("a far away topic", 5));
  }

  public void testAMergePolicyDropsOrphans() throws IOException {
    reopen(config().setMergePolicy(new DropOrphansMergePolicy(newLogMergePolicy())));
    add("1", "storks build nests ".repeat(20));
    add("2", "a far away topic");
    writer.deleteDocuments(isbn("1"));
    writer.forceMerge(1);
    assertEquals(2, docs());
  }

  public void testASortedIndexStaysMergeable() throws IOException {
    try (Directory sorted = newDirectory();
        IndexWriter sorting =
            new IndexWriter(
                sorted,
                config()
                    .setMergePolicy(newLogMergePolicy())
                    .setIndexSort(new Sort(new SortField("price", SortField.Type.LONG)))
                    .setParentField("_parent"))) {
      try (SemanticIndexWriter writing =
          new SemanticIndexWriter(sorting, embedder, FIELDS, FailureHandler.THROW)) {
        for (int round = 0; round < 4; round++) {
          for (int i = 0; i < 3; i++) {
            Document book = book(round + "-" + i, "storks build nests ".repeat(10));
            book.add(new NumericDocValuesField("price", i));
            writing.add(book);
          }
          writing.flush();
          sorting.deleteDocuments(isbn(round + "-2")); // the last one in the sort
          sorting.forceMerge(1);
        }
        assertEquals(0, writing.deleteOrphans());
      }
    }
  }

  private int docs() throws IOException {
    try (DirectoryReader reader = DirectoryReader.open(writer)) {
      return reader.numDocs();
    }
  }

  public void testVectorsOfOrphansAreNotTakenForAnotherText() throws IOException {
    add("1", "storks build nests ".repeat(20));
    semantic.commit();
    writer.deleteDocuments(isbn("1"));
    reopen(config().setMergePolicy(NoMergePolicy.INSTANCE));
    add("1", "storks build nests ".repeat(20));
    semantic.commit();
    assertTrue(semantic.statistics().embedded() > 5);
    assertEquals("they are not there any more", 0, semantic.statistics().reused());
    assertEquals(List.of("1"), search("storks build nests", 5));
  }

  public void testAddingReplacesAPlainDocumentOfTheSameId() throws IOException {
    writer.addDocument(book("1", "storks build nests"));
    writer.addDocument(book("2", "theirs"));
    add("1", "frogs jump far");
    try (DirectoryReader reader = DirectoryReader.open(writer)) {
      assertEquals(1, new IndexSearcher(reader).count(new TermQuery(isbn("1"))));
      assertEquals(1, new IndexSearcher(reader).count(new TermQuery(isbn("2"))));
    }
    assertEquals(List.of("1 exactly"), search("frogs jump far", 5));
    semantic.delete("2");
    try (DirectoryReader reader = DirectoryReader.open(writer)) {
      assertEquals(0, new IndexSearcher(reader).count(new TermQuery(isbn("2"))));
    }
  }

  public void testAnIdThatIsAWordDeletesNoOtherText() throws IOException {
    DocumentFields named = DocumentFields.of("name", "blurb");
    Document peace = new Document();
    peace.add(new TextField("name", "war and peace", Field.Store.YES));
    try (Directory other = newDirectory();
        IndexWriter theirs = new IndexWriter(other, config())) {
      theirs.addDocument(peace);
      try (SemanticIndexWriter ours =
          new SemanticIndexWriter(theirs, embedder, named, FailureHandler.THROW)) {
        Document war = new Document();
        war.add(new TextField("name", "war", Field.Store.YES));
        war.add(new TextField("blurb", "short", Field.Store.YES));
        ours.add(war);
        ours.flush();
      }
      try (DirectoryReader reader = DirectoryReader.open(theirs)) {
        assertEquals(2, new IndexSearcher(reader).count(new TermQuery(new Term("name", "war"))));
      }
    }
  }

  /** As hosts write them, and as indexes have them that are older than the owner of a passage. */
  public void testBlocksWithoutAnOwnerAreToldByTheirCount() throws IOException {
    for (int i = 0; i < 3; i++) {
      List<Document> block = new ArrayList<>();
      for (String word : List.of("storks" + i, "nests" + i)) {
        Document child = new Document();
        PassageVector vector = new PassageVector(0, 1, embedder.embedQuery(word).vector());
        IndexSchema.passageFields(vector).forEach(child::add);
        block.add(child);
        block.add(new Document()); // of another nested field
      }
      Document parent = book("host" + i, "text");
      parent.add(IndexSchema.parentField(2));
      block.add(parent);
      writer.addDocuments(block);
    }
    writer.deleteDocuments(isbn("host1"));
    writer.forceMerge(1);
    assertFalse(search("storks1", 5).toString(), search("storks1", 5).contains("host2 exactly"));
    assertEquals("host2 exactly", search("storks2", 5).getFirst());
    assertEquals("host2 exactly", search("nests2", 5).getFirst());
    assertEquals("host0 exactly", search("storks0", 5).getFirst());
  }
}
