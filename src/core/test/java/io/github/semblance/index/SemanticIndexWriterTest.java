package io.github.semblance.index;

import io.github.semblance.analysis.NamedAnalyzer;
import io.github.semblance.embed.BagOfWordsEmbedder;
import io.github.semblance.embed.Embedding;
import io.github.semblance.embed.EmbeddingException;
import io.github.semblance.embed.EmbeddingModel;
import io.github.semblance.embed.TextEmbedder;
import io.github.semblance.embed.WordPiece;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.StringField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig.OpenMode;
import org.apache.lucene.index.MultiBits;
import org.apache.lucene.index.StoredFields;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.KnnFloatVectorQuery;
import org.apache.lucene.search.MatchAllDocsQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.store.Directory;
import org.apache.lucene.tests.analysis.MockAnalyzer;
import org.apache.lucene.tests.util.LuceneTestCase;
import org.apache.lucene.tests.util.TestUtil;
import org.apache.lucene.util.Bits;

@LuceneTestCase.SuppressFileSystems("ExtrasFS") // no index is made among other files
public class SemanticIndexWriterTest extends LuceneTestCase {
  private final BagOfWordsEmbedder embedder = new BagOfWordsEmbedder(8, 12);

  private static SourceDocument document(String id, String text) {
    return new SourceDocument(id, "title", text, Map.of("color", List.of("red")));
  }

  private IndexWriter newWriter(Directory directory) throws IOException {
    return new IndexWriter(directory, newIndexWriterConfig(new MockAnalyzer(random())));
  }

  private SemanticIndexWriter over(IndexWriter writer) throws IOException {
    return new SemanticIndexWriter(writer, embedder, new SemanticIndexWriterConfig());
  }

  private static long count(Directory directory, Query query) throws IOException {
    try (DirectoryReader reader = DirectoryReader.open(directory)) {
      return new IndexSearcher(reader).count(query);
    }
  }

  private static Query parents() {
    return IndexSchema.parents().getQuery();
  }

  private static Query all() {
    return MatchAllDocsQuery.INSTANCE;
  }

  public void testDocumentsKeepTheirOrder() throws IOException {
    int documents = TestUtil.nextInt(random(), 1, 1000);
    try (Directory directory = newDirectory();
        IndexWriter writer =
            new IndexWriter(directory, newIndexWriterConfig().setMergePolicy(newLogMergePolicy()));
        SemanticIndexWriter semantic = over(writer)) {
      for (int i = 0; i < documents; i++) {
        semantic.updateDocument(
            document(Integer.toString(i), "w ".repeat(random().nextInt(30) + 1)));
      }
      semantic.commit();
      List<String> ids = new ArrayList<>();
      try (DirectoryReader reader = DirectoryReader.open(directory)) {
        StoredFields stored = reader.storedFields();
        for (int doc = 0; doc < reader.maxDoc(); doc++) {
          String id = stored.document(doc).get(IndexSchema.ID);
          if (id != null) {
            ids.add(id);
          }
        }
      }
      for (int i = 0; i < documents; i++) {
        assertEquals(Integer.toString(i), ids.get(i));
      }
      assertEquals(documents, ids.size());
      assertEquals(documents, semantic.statistics().documents());
    }
  }

  public void testReplacesAndDeletesWholeBlocks() throws IOException {
    try (Directory directory = newDirectory();
        IndexWriter writer = newWriter(directory);
        SemanticIndexWriter semantic = over(writer)) {
      Set<String> expected = new HashSet<>();
      Set<String> seen = new HashSet<>();
      long duplicates = 0;
      for (int i = 0; i < 200; i++) {
        String id = Integer.toString(random().nextInt(40));
        if (random().nextInt(4) == 0) {
          semantic.deleteDocument(id);
          expected.remove(id);
        } else {
          semantic.updateDocument(document(id, "word. ".repeat(1 + random().nextInt(20))));
          duplicates += seen.add(id) ? 0 : 1;
          expected.add(id);
        }
        if (rarely()) {
          semantic.commit();
        }
      }
      semantic.commit();
      assertEquals(duplicates, semantic.statistics().duplicates());
      assertEquals(expected.size(), count(directory, parents()));
      try (DirectoryReader reader = DirectoryReader.open(directory)) {
        Bits live = MultiBits.getLiveDocs(reader);
        StoredFields stored = reader.storedFields();
        boolean open = false;
        for (int doc = 0; doc < reader.maxDoc(); doc++) {
          if (live == null || live.get(doc)) {
            String id = stored.document(doc).get(IndexSchema.ID);
            open = id == null;
            assertTrue(id == null || expected.contains(id));
          } else {
            assertFalse("a block is deleted in part", open);
          }
        }
        assertFalse("a passage without its document", open);
      }
    }
  }

  public void testDeletesByQueryWithPassages() throws IOException {
    try (Directory directory = newDirectory();
        IndexWriter writer = newWriter(directory);
        SemanticIndexWriter semantic = over(writer)) {
      semantic.updateDocument(document("1", "long ".repeat(50)));
      semantic.updateDocument(
          new SourceDocument("2", "title", "long ".repeat(50), Map.of("color", List.of("blue"))));
      semantic.deleteDocuments(new TermQuery(new Term("color", "red")));
      semantic.commit();
      assertEquals(1, count(directory, parents()));
      assertEquals(1 + (semantic.statistics().passages() / 2), count(directory, all()));
      semantic.deleteDocuments(all());
      semantic.commit();
      assertEquals(0, count(directory, all()));
    }
  }

  public void testLeavesForeignDocumentsAlone() throws IOException {
    try (Directory directory = newDirectory();
        IndexWriter writer = newWriter(directory)) {
      Document foreign = new Document();
      foreign.add(new StringField("isbn", "123", Field.Store.YES));
      writer.addDocument(foreign);
      writer.setLiveCommitData(Map.of("owner", "application").entrySet());
      try (SemanticIndexWriter semantic = over(writer)) {
        semantic.updateDocument(document("1", "text"));
        semantic.flush();
        semantic.deleteDocuments(all());
      }
      writer.commit(); // by the application: the manifest is there all the same
      assertEquals(1, count(directory, all()));
      try (DirectoryReader reader = DirectoryReader.open(directory)) {
        assertEquals("application", reader.getIndexCommit().getUserData().get("owner"));
      }
      assertEquals(embedder.model(), IndexManifest.read(directory).model());
    }
  }

  public void testNearRealTimeReadersSeeFlushedDocuments() throws IOException {
    try (Directory directory = newDirectory();
        IndexWriter writer = newWriter(directory);
        SemanticIndexWriter semantic = over(writer)) {
      semantic.updateDocument(document("1", "text"));
      semantic.flush();
      try (DirectoryReader reader = DirectoryReader.open(writer)) {
        assertEquals(1, new IndexSearcher(reader).count(parents()));
      }
    }
  }

  public void testADocumentThatFailsIsReportedAndTheRestGoesOn() throws IOException {
    List<String> failed = new ArrayList<>();
    try (Directory directory = newDirectory();
        IndexWriter writer = newWriter(directory);
        SemanticIndexWriter semantic =
            new SemanticIndexWriter(
                writer,
                new Refusing(embedder, "poison"),
                new SemanticIndexWriterConfig()
                    .setFailureHandler(
                        (id, cause) -> failed.add(id + ": " + cause.getMessage())))) {
      for (int i = 0; i < 300; i++) {
        semantic.updateDocument(document(Integer.toString(i), i % 100 == 7 ? "poison" : "food"));
      }
      semantic.updateDocument(
          new SourceDocument("long", "", "text", Map.of("k", List.of("x".repeat(40_000)))));
      semantic.commit();
      assertEquals(
          List.of(
              "7: refused",
              "107: refused",
              "207: refused",
              "long: field \"k\" must be at most 32766 bytes of UTF-8 to be matched exactly, got:"
                  + " 40000"),
          failed);
      assertEquals(297, count(directory, parents()));
      assertEquals(4, semantic.statistics().failed());
    }
  }

  public void testByDefaultAFailureStopsAndNamesTheDocument() throws IOException {
    try (Directory directory = newDirectory();
        IndexWriter writer = newWriter(directory);
        SemanticIndexWriter semantic =
            new SemanticIndexWriter(
                writer, new Refusing(embedder, "poison"), new SemanticIndexWriterConfig())) {
      semantic.updateDocument(document("good", "food"));
      semantic.updateDocument(document("bad", "poison"));
      semantic.updateDocument(document("fine", "food"));
      IllegalArgumentException e = expectThrows(IllegalArgumentException.class, semantic::commit);
      assertEquals("document \"bad\" could not be indexed: refused", e.getMessage());
      semantic.commit();
      assertEquals(2, count(directory, parents()));
    }
  }

  public void testCountsWhatWasWritten() throws IOException {
    try (Directory directory = newDirectory();
        IndexWriter writer = newWriter(directory);
        SemanticIndexWriter semantic = over(writer)) {
      semantic.updateDocument(new SourceDocument("1", "one two", "three four five", Map.of()));
      semantic.updateDocument(
          new SourceDocument("2", "word ".repeat(9), "three four five", Map.of()));
      semantic.flush();
      assertEquals(
          new IndexStatistics(2, 2, 2, 0, 0, 0, 7 + 10, 0, 0, 0, 1, 0), semantic.statistics());
    }
  }

  public void testCloseForgetsWhatWasNotCommitted() throws IOException {
    Path folder = createTempDir();
    try (SemanticIndexWriter semantic = open(folder, OpenMode.CREATE)) {
      semantic.updateDocument(document("1", "text"));
      semantic.commit();
      semantic.updateDocument(document("2", "text"));
      semantic.flush();
      semantic.updateDocument(document("3", "text"));
    }
    try (Directory directory = newFSDirectory(folder)) {
      assertEquals(1, count(directory, parents()));
    }
    try (SemanticIndexWriter semantic = open(folder, OpenMode.CREATE)) {
      semantic.flush(); // replaced only by a commit
    }
    try (Directory directory = newFSDirectory(folder)) {
      assertEquals(1, count(directory, parents()));
    }
    SemanticIndexWriter closed = open(folder, OpenMode.CREATE);
    closed.close();
    closed.close();
    expectThrows(IllegalStateException.class, () -> closed.updateDocument(document("1", "text")));
  }

  private SemanticIndexWriter open(Path folder, OpenMode mode) throws IOException {
    return SemanticIndexWriter.open(
        folder, embedder, new SemanticIndexWriterConfig().setOpenMode(mode));
  }

  public void testEveryQuantizationIsReadByPlainLucene() throws IOException {
    for (Quantization quantization : Quantization.values()) {
      Path folder = createTempDir();
      try (BagOfWordsEmbedder wide = new BagOfWordsEmbedder(64, 12);
          SemanticIndexWriter semantic =
              SemanticIndexWriter.open(
                  folder,
                  wide,
                  new SemanticIndexWriterConfig()
                      .setQuantization(quantization)
                      .setOpenMode(OpenMode.CREATE));
          Directory directory = newFSDirectory(folder)) {
        for (int i = 0; i < 50; i++) {
          semantic.updateDocument(document(Integer.toString(i), "w" + i));
        }
        semantic.commit();
        float[] query = wide.embedQuery("title w7").vector();
        assertEquals(
            quantization.toString(),
            20,
            count(directory, new KnnFloatVectorQuery(IndexSchema.VECTOR, query, 20)));
      }
    }
  }

  public void testRefusesAnotherModelAnalyzerOrWriter() throws IOException {
    Path folder = createTempDir();
    try (SemanticIndexWriter semantic = open(folder, OpenMode.CREATE)) {
      semantic.commit();
      IndexOpenException locked =
          expectThrows(IndexOpenException.class, () -> open(folder, OpenMode.APPEND));
      assertTrue(locked.toString(), locked.toString().contains("locked by another writer"));
    }
    try (BagOfWordsEmbedder other = new BagOfWordsEmbedder(9, 12)) {
      IndexOpenException model =
          expectThrows(
              IndexOpenException.class,
              () ->
                  SemanticIndexWriter.open(
                      folder, other, new SemanticIndexWriterConfig().setOpenMode(OpenMode.APPEND)));
      assertTrue(model.toString(), model.toString().contains("fingerprint fake-8-12"));
      assertTrue(model.toString(), model.toString().contains("fingerprint fake-9-12"));
    }
    IndexOpenException analyzer =
        expectThrows(
            IndexOpenException.class,
            () ->
                SemanticIndexWriter.open(
                    folder,
                    embedder,
                    new SemanticIndexWriterConfig()
                        .setAnalyzer(NamedAnalyzer.STANDARD)
                        .setOpenMode(OpenMode.APPEND)));
    assertTrue(
        analyzer.toString(), analyzer.toString().contains("analyzer english, got: standard"));
    open(folder, OpenMode.APPEND).close(); // the refusals have let go of the lock
  }

  public void testRefusesWhatIsNoFolder() throws IOException {
    Path file = Files.writeString(createTempDir().resolve("file"), "text");
    IndexOpenException e =
        expectThrows(IndexOpenException.class, () -> open(file, OpenMode.CREATE));
    assertTrue(e.toString(), e.toString().contains("it is a file"));
  }

  /** Fails on every batch that holds a word. */
  private record Refusing(TextEmbedder delegate, String word) implements TextEmbedder {
    @Override
    public EmbeddingModel model() {
      return delegate.model();
    }

    @Override
    public Embedding embedQuery(String query) {
      return delegate.embedQuery(query);
    }

    @Override
    public List<Embedding> embedPassages(List<String> passages) {
      if (passages.stream().anyMatch(passage -> passage.contains(word))) {
        throw new EmbeddingException("refused");
      }
      return delegate.embedPassages(passages);
    }

    @Override
    public List<WordPiece> wordPieces(String text) {
      return delegate.wordPieces(text);
    }

    @Override
    public void close() {}
  }
}
