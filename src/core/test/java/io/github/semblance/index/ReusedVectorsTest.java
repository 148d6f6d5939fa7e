package io.github.semblance.index;

import io.github.semblance.analysis.NamedAnalyzer;
import io.github.semblance.embed.BagOfWordsEmbedder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.IndexWriterConfig.OpenMode;
import org.apache.lucene.index.NoMergePolicy;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.MatchAllDocsQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.store.Directory;
import org.apache.lucene.tests.util.LuceneTestCase;

/** What a writer embeds, takes from the index and leaves alone when documents come again. */
@LuceneTestCase.SuppressFileSystems("ExtrasFS") // no index is made among other files
public class ReusedVectorsTest extends LuceneTestCase {
  private static final String LONG = "long ".repeat(50);

  private final BagOfWordsEmbedder embedder = new BagOfWordsEmbedder(8, 12);
  private Path folder;

  @Override
  public void setUp() throws Exception {
    super.setUp();
    folder = createTempDir();
  }

  private static SemanticIndexWriterConfig config() {
    return new SemanticIndexWriterConfig().setAnalyzer(NamedAnalyzer.STANDARD);
  }

  private static SourceDocument document(String id, String text, String color) {
    return new SourceDocument(id, "title", text, Map.of("color", List.of(color)));
  }

  private SemanticIndexWriter open(SemanticIndexWriterConfig settings, OpenMode mode)
      throws IOException {
    return SemanticIndexWriter.open(folder, embedder, settings.setOpenMode(mode));
  }

  private IndexStatistics add(
      SemanticIndexWriterConfig settings, OpenMode mode, SourceDocument... documents)
      throws IOException {
    try (SemanticIndexWriter semantic = open(settings, mode)) {
      for (SourceDocument document : documents) {
        semantic.updateDocument(document);
      }
      semantic.commit();
      return semantic.statistics();
    }
  }

  private IndexStatistics update(SourceDocument... documents) throws IOException {
    return add(config(), OpenMode.CREATE_OR_APPEND, documents);
  }

  private int count(Query query) throws IOException {
    try (Directory directory = newFSDirectory(folder);
        DirectoryReader reader = DirectoryReader.open(directory)) {
      return new IndexSearcher(reader).count(query);
    }
  }

  private int count(String field, String value) throws IOException {
    return count(new TermQuery(new Term(field, value)));
  }

  private List<BlockDump> dump() throws IOException {
    try (Directory directory = newFSDirectory(folder);
        DirectoryReader reader = DirectoryReader.open(directory)) {
      return BlockDump.of(reader);
    }
  }

  public void testUnchangedDocumentsAreLeftAlone() throws IOException {
    IndexStatistics first = update(document("1", LONG, "red"), document("2", "short", "red"));
    assertEquals(first.passages(), first.embedded());
    List<BlockDump> before = dump();
    long generation = generation();

    IndexStatistics again = update(document("1", LONG, "red"), document("2", "short", "red"));
    assertEquals(
        new IndexStatistics(2, first.passages(), 0, first.passages(), 2, 0, 0, 0, 0, 0, 0, 0),
        again);
    assertEquals(before, dump());
    assertEquals("nothing to commit", generation, generation());
  }

  private long generation() throws IOException {
    try (Directory directory = newFSDirectory(folder);
        DirectoryReader reader = DirectoryReader.open(directory)) {
      return reader.getIndexCommit().getGeneration();
    }
  }

  public void testOnlyChangedTextIsEmbedded() throws IOException {
    update(document("1", LONG, "red"), document("2", "short", "red"));
    IndexStatistics changed = update(document("1", LONG, "red"), document("2", "brief", "red"));
    assertEquals(1, changed.embedded());
    assertEquals(1, changed.unchanged());
    assertEquals(1, count(IndexSchema.TEXT, "brief"));
    assertEquals(0, count(IndexSchema.TEXT, "short"));
    List<BlockDump> updated = dump();
    add(config(), OpenMode.CREATE, document("1", LONG, "red"), document("2", "brief", "red"));
    assertEquals(dump(), updated);
  }

  public void testAChangedTitleIsEmbedded() throws IOException {
    update(new SourceDocument("1", "one", "text", Map.of()));
    assertEquals(1, update(new SourceDocument("1", "two", "text", Map.of())).embedded());
    // The same words, divided otherwise.
    update(new SourceDocument("1", "one two", "three", Map.of()));
    assertEquals(1, update(new SourceDocument("1", "one", "two three", Map.of())).embedded());
  }

  public void testChangedKeywordsAreWrittenWithTheStoredVectors() throws IOException {
    for (Quantization quantization : Quantization.values()) {
      SemanticIndexWriterConfig settings = config().setQuantization(quantization);
      add(settings, OpenMode.CREATE, document("1", LONG, "red"), document("2", LONG, "red"));
      List<BlockDump> before = dump();
      IndexStatistics changed =
          add(settings, OpenMode.APPEND, document("1", LONG, "blue"), document("2", LONG, "red"));
      assertEquals(0, changed.embedded());
      assertEquals(1, changed.unchanged());
      assertEquals(1, count("color", "blue"));
      assertEquals(1, count("color", "red"));
      List<BlockDump> after = dump();
      assertEquals(
          quantization.toString(),
          before.get(0).passages(),
          after.stream().filter(block -> block.id().equals("1")).findFirst().get().passages());
    }
  }

  public void testTheLastOfSeveralWinsEvenIfItIsTheStoredOne() throws IOException {
    update(document("1", "stored", "red"));
    IndexStatistics both = update(document("1", "other", "red"), document("1", "stored", "red"));
    assertEquals(1, both.duplicates());
    assertEquals(1, both.documents());
    assertEquals(1, both.passages());
    assertEquals(1, count(IndexSchema.TEXT, "stored"));
    assertEquals(0, count(IndexSchema.TEXT, "other"));
  }

  public void testADeletedDocumentIsWrittenAgain() throws IOException {
    update(document("1", "stored", "red"), document("2", "stored", "red"));
    try (SemanticIndexWriter semantic = open(config(), OpenMode.APPEND)) {
      semantic.deleteDocument("1");
      semantic.deleteDocuments(new TermQuery(new Term(IndexSchema.ID, "2")));
      semantic.updateDocument(document("1", "stored", "red"));
      semantic.updateDocument(document("2", "stored", "red"));
      semantic.commit();
      assertEquals(0, semantic.statistics().embedded());
      assertEquals(0, semantic.statistics().unchanged());
    }
    assertEquals(2, count(IndexSchema.TEXT, "stored"));
  }

  public void testAnApplicationMayDeleteInBetween() throws IOException {
    try (Directory directory = newDirectory()) {
      try (IndexWriter writer = new IndexWriter(directory, newIndexWriterConfig())) {
        try (SemanticIndexWriter semantic =
            new SemanticIndexWriter(writer, embedder, new SemanticIndexWriterConfig())) {
          semantic.updateDocument(document("1", LONG, "red"));
          semantic.commit();
        }
        try (SemanticIndexWriter semantic =
            new SemanticIndexWriter(writer, embedder, new SemanticIndexWriterConfig())) {
          writer.deleteAll();
          semantic.updateDocument(document("1", LONG, "red"));
          semantic.commit();
        }
      }
      try (DirectoryReader reader = DirectoryReader.open(directory)) {
        assertEquals(1, BlockDump.of(reader).size());
      }
    }
  }

  public void testTruncatedAndWholeDocumentsDoNotShareVectors() throws IOException {
    SemanticIndexWriterConfig truncating = config().setTruncate(true);
    IndexStatistics whole = update(document("1", LONG, "red"), document("2", "short", "red"));
    assertEquals(0, whole.truncated());
    assertTrue(whole.passages() > 2);
    IndexStatistics cut =
        add(truncating, OpenMode.APPEND, document("1", LONG, "red"), document("2", "short", "red"));
    assertEquals(2, cut.embedded());
    assertEquals(2, cut.passages());
    assertEquals(1, cut.truncated());
    assertEquals(2, count(MatchAllDocsQuery.INSTANCE) - 2);
    assertEquals(
        "stored ones count as well",
        1,
        add(truncating, OpenMode.APPEND, document("1", LONG, "red")).truncated());
  }

  public void testDeletesWhatIsMissing() throws IOException {
    update(document("1", "one", "red"), document("2", LONG, "red"), document("3", "3", "red"));
    try (SemanticIndexWriter semantic = open(config(), OpenMode.APPEND)) {
      semantic.updateDocument(document("1", "one", "red"));
      semantic.updateDocument(document("4", "four", "red"));
      assertEquals(2, semantic.deleteMissing());
      semantic.commit();
    }
    assertEquals(List.of("1", "4"), dump().stream().map(BlockDump::id).sorted().toList());
    assertEquals(4, count(MatchAllDocsQuery.INSTANCE));
    try (SemanticIndexWriter semantic = open(config(), OpenMode.CREATE)) {
      assertEquals("a new index misses nothing", 0, semantic.deleteMissing());
    }
  }

  public void testWhatIsDeletedInTheCommitIsNotThere() throws IOException {
    IndexWriterConfig unmerged =
        newIndexWriterConfig().setMergePolicy(NoMergePolicy.INSTANCE).setMaxBufferedDocs(100);
    try (Directory directory = newDirectory();
        IndexWriter writer = new IndexWriter(directory, unmerged)) {
      try (SemanticIndexWriter semantic =
          new SemanticIndexWriter(writer, embedder, new SemanticIndexWriterConfig())) {
        semantic.updateDocument(document("1", LONG, "red"));
        semantic.updateDocument(document("2", LONG, "red"));
        semantic.updateDocument(document("1", "new", "red"));
        semantic.deleteDocument("2");
        semantic.commit();
      }
      try (SemanticIndexWriter semantic =
          new SemanticIndexWriter(writer, embedder, new SemanticIndexWriterConfig())) {
        assertEquals("only the live one", 1, semantic.deleteMissing());
        semantic.updateDocument(document("1", "new", "blue"));
        semantic.commit();
        assertEquals(1, semantic.statistics().reused());
      }
    }
  }

  public void testADocumentThatFailsIsNotMissing() throws IOException {
    update(document("1", "one", "red"));
    try (SemanticIndexWriter semantic =
        SemanticIndexWriter.open(
            folder,
            embedder,
            config().setOpenMode(OpenMode.APPEND).setFailureHandler((id, cause) -> {}))) {
      semantic.updateDocument(document("1", "two", "x".repeat(40_000)));
      assertEquals(0, semantic.deleteMissing());
      semantic.commit();
      assertEquals(1, semantic.statistics().failed());
    }
    assertEquals(1, count(IndexSchema.TEXT, "one"));
  }
}
