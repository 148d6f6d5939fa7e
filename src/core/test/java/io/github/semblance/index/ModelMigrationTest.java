package io.github.semblance.index;

import io.github.semblance.embed.BagOfWordsEmbedder;
import io.github.semblance.embed.Embedding;
import io.github.semblance.embed.EmbeddingException;
import io.github.semblance.embed.EmbeddingModel;
import io.github.semblance.embed.TextEmbedder;
import io.github.semblance.embed.WordPiece;
import io.github.semblance.search.HybridQuery;
import io.github.semblance.search.ScoredId;
import io.github.semblance.search.SearchMode;
import io.github.semblance.search.SearchRequest;
import io.github.semblance.search.SemanticSearcher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.standard.StandardAnalyzer;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.IndexWriterConfig.OpenMode;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Sort;
import org.apache.lucene.search.SortField;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.tests.store.MockDirectoryWrapper;
import org.apache.lucene.tests.util.LuceneTestCase;
import org.apache.lucene.tests.util.TestUtil;

/** The model of an index changes while it is read and written. */
@LuceneTestCase.SuppressFileSystems("ExtrasFS") // no index is made among other files
public class ModelMigrationTest extends LuceneTestCase {
  private final BagOfWordsEmbedder old = new BagOfWordsEmbedder(16, 24);

  /** Other dimensions, and a window that cuts texts in other places. */
  private final BagOfWordsEmbedder young = new BagOfWordsEmbedder(20, 12);

  private Path folder;

  @Override
  public void setUp() throws Exception {
    super.setUp();
    folder = createTempDir();
  }

  private static String words(int most) {
    StringBuilder words = new StringBuilder("w");
    for (int i = random().nextInt(most + 1); i > 0; i--) {
      words.append(" w").append(random().nextInt(30)).append(rarely() ? "." : "");
    }
    return words.toString();
  }

  private static SourceDocument document(String id) {
    Map<String, List<String>> keywords =
        random().nextBoolean()
            ? Map.of("color", List.of("red", "blue"), "id", List.of("12"), "day", List.of("2024"))
            : Map.of();
    return new SourceDocument(
        id, random().nextInt(4) == 0 ? "" : words(3), words(random().nextInt(60)), keywords);
  }

  private SemanticIndexWriter open(Path place, TextEmbedder embedder) throws IOException {
    return SemanticIndexWriter.open(place, embedder, new SemanticIndexWriterConfig());
  }

  /** Everything that an index answers to some questions, by mode and question. */
  private static Map<String, List<ScoredId>> answers(SemanticSearcher searcher) throws IOException {
    Map<String, List<ScoredId>> answers = new TreeMap<>();
    for (SearchMode mode : SearchMode.values()) {
      for (String question : List.of("w1 w2 w3", "w7", "w4 w29 w11 w12 w13")) {
        SearchRequest request = SearchRequest.builder(question).mode(mode).top(1000).build();
        List<ScoredId> ranking = new ArrayList<>(searcher.rank(request));
        // Equal scores stand in the order of the index.
        ranking.sort(
            (a, b) ->
                a.score() == b.score()
                    ? a.id().compareTo(b.id())
                    : Float.compare(b.score(), a.score()));
        answers.put(mode + " " + question, ranking);
      }
    }
    return answers;
  }

  private static Map<String, List<ScoredId>> answers(Path place, TextEmbedder embedder)
      throws IOException {
    try (SemanticSearcher searcher = SemanticSearcher.open(place, embedder)) {
      return answers(searcher);
    }
  }

  private static Map<String, BlockDump> blocks(Path place) throws IOException {
    Map<String, BlockDump> blocks = new TreeMap<>();
    try (Directory directory = FSDirectory.open(place);
        DirectoryReader reader = DirectoryReader.open(directory)) {
      for (BlockDump block : BlockDump.of(reader)) {
        assertNull("one of each", blocks.put(block.id(), block));
      }
      TestUtil.checkReader(reader);
    }
    return blocks;
  }

  /** What deleted documents leave in the statistics of words differs from index to index. */
  private static void mergeAll(Path place) throws IOException {
    try (Directory directory = FSDirectory.open(place);
        IndexWriter writer =
            new IndexWriter(directory, new IndexWriterConfig().setOpenMode(OpenMode.APPEND))) {
      writer.forceMerge(1);
    }
  }

  /** Writes, updates and deletes some documents of an index and of a map. */
  private void write(Map<String, SourceDocument> expected, int steps) throws IOException {
    try (SemanticIndexWriter semantic = open(folder, old)) {
      for (int step = 0; step < steps; step++) {
        String id = "k" + random().nextInt(60);
        if (random().nextInt(4) == 0) {
          semantic.deleteDocument(id);
          expected.remove(id);
        } else {
          SourceDocument document = document(id);
          semantic.updateDocument(document);
          expected.put(id, document);
        }
        if (random().nextInt(20) == 0) {
          semantic.commit();
        }
      }
      semantic.commit();
    }
  }

  public void testTheIndexIsAsIfTheNewModelHadMadeIt() throws IOException {
    Map<String, SourceDocument> expected = new TreeMap<>();
    write(expected, TestUtil.nextInt(random(), 1, 200));
    SemanticSearcher before = SemanticSearcher.open(folder, old);
    Map<String, List<ScoredId>> answersBefore = answers(before);
    int fills = random().nextInt(4);
    for (int fill = 0; fill < fills; fill++) {
      Map<String, List<ScoredId>> oldAnswers = answers(folder, old);
      try (ModelMigration migration = ModelMigration.open(folder, young).setCommitEvery(7)) {
        MigrationSummary filled = migration.fill();
        assertFalse(filled.switched());
        assertEquals(expected.size(), filled.documents());
      }
      assertEquals("filling changes no answer", oldAnswers, answers(folder, old));
      write(expected, random().nextInt(50));
    }
    MigrationSummary finished;
    try (ModelMigration migration = ModelMigration.open(folder, young)) {
      finished = migration.finish();
    }
    assertTrue(finished.switched());
    assertEquals(expected.size(), finished.documents());
    assertEquals("a reader opened before goes on", answersBefore, answers(before));
    before.close();
    IndexManifest manifest = IndexManifest.read(folder);
    assertEquals(young.model(), manifest.model());
    IndexOpenException e =
        expectThrows(IndexOpenException.class, () -> SemanticSearcher.open(folder, old));
    assertTrue(e.toString(), e.toString().contains("holds vectors of model"));
    assertFalse(Files.exists(ModelMigration.sideOf(folder, young.model())));
    try (Directory directory = FSDirectory.open(folder);
        DirectoryReader reader = DirectoryReader.open(directory);
        Analyzer analyzer = manifest.newAnalyzer(young)) {
      assertNotNull(HybridQuery.of("w1", reader, analyzer, young));
      expectThrows(IndexOpenException.class, () -> HybridQuery.of("w1", reader, analyzer, old));
    }

    Path anew = createTempDir();
    try (SemanticIndexWriter semantic = open(anew, young)) {
      List<SourceDocument> documents = new ArrayList<>(expected.values());
      Collections.shuffle(documents, random());
      for (SourceDocument document : documents) {
        semantic.updateDocument(document);
      }
      semantic.commit();
    }
    assertEquals(blocks(anew), blocks(folder));
    mergeAll(anew);
    mergeAll(folder);
    assertEquals(answers(anew, young), answers(folder, young));

    try (ModelMigration again = ModelMigration.open(folder, young)) {
      MigrationSummary nothing = again.finish();
      assertEquals(
          new MigrationSummary(finished.documents(), finished.passages(), 0, true), nothing);
      assertEquals(nothing, again.fill());
    }
    assertFalse(Files.exists(ModelMigration.sideOf(folder, young.model())));
    // The index goes on with its new model, and an equal document is known.
    try (SemanticIndexWriter semantic = open(folder, young)) {
      for (SourceDocument document : expected.values()) {
        semantic.updateDocument(document);
      }
      semantic.commit();
      assertEquals(expected.size(), semantic.statistics().unchanged());
    }
  }

  /** A model that fails after some texts, as a process that is killed does. */
  private static final class Failing implements TextEmbedder {
    private final TextEmbedder in;
    private int left;
    private int embedded;

    Failing(TextEmbedder in, int left) {
      this.in = in;
      this.left = left;
    }

    @Override
    public EmbeddingModel model() {
      return in.model();
    }

    @Override
    public Embedding embedQuery(String query) {
      return in.embedQuery(query);
    }

    @Override
    public synchronized List<Embedding> embedPassages(List<String> passages) {
      left -= passages.size();
      if (left < 0) {
        throw new EmbeddingException("killed");
      }
      embedded += passages.size();
      return in.embedPassages(passages);
    }

    @Override
    public List<WordPiece> wordPieces(String text) {
      return in.wordPieces(text);
    }

    @Override
    public void close() {}
  }

  public void testAnInterruptedChangeGoesOn() throws IOException {
    try (SemanticIndexWriter semantic = open(folder, old)) {
      for (int i = 0; i < 100; i++) {
        semantic.updateDocument(new SourceDocument("k" + i, "", "some words w" + i, Map.of()));
      }
      semantic.commit();
    }
    Map<String, List<ScoredId>> answers = answers(folder, old);
    Failing failing = new Failing(young, 60);
    try (ModelMigration migration = ModelMigration.open(folder, failing).setCommitEvery(10)) {
      expectThrows(IllegalArgumentException.class, migration::finish);
    }
    assertEquals(answers, answers(folder, old));
    int before = failing.embedded;
    assertTrue("some are kept: " + before, before >= 50);
    failing.left = Integer.MAX_VALUE;
    try (ModelMigration migration = ModelMigration.open(folder, failing)) {
      long rest = migration.finish().embedded();
      assertTrue(before + " and " + rest, before + rest >= 100 && before + rest <= 110);
    }
    assertEquals(100, blocks(folder).size());
    assertEquals(young.model(), IndexManifest.read(folder).model());
  }

  public void testASwitchThatFailsChangesNothing() throws IOException {
    try (MockDirectoryWrapper directory = newMockDirectory();
        MockDirectoryWrapper side = newMockDirectory()) {
      SemanticIndexWriterConfig config = new SemanticIndexWriterConfig();
      try (IndexWriter writer = new IndexWriter(directory, config.indexWriterConfig(old));
          SemanticIndexWriter semantic = new SemanticIndexWriter(writer, old, config)) {
        writer.setLiveCommitData(Map.of("application", "keeps this").entrySet());
        for (int i = 0; i < 30; i++) {
          semantic.updateDocument(document("k" + i));
        }
        semantic.commit();
      }
      ModelMigration migration = new ModelMigration(directory, side, young);
      migration.fill();
      try (DirectoryReader reader = DirectoryReader.open(directory);
          Analyzer analyzer = IndexManifest.read(reader).newAnalyzer(old)) {
        Map<String, List<ScoredId>> answers =
            answers(SemanticSearcher.over(new IndexSearcher(reader), old, analyzer));
        directory.setMaxSizeInBytes(
            directory.sizeInBytes() + TestUtil.nextInt(random(), 1, 10_000));
        expectThrows(IOException.class, migration::finish);
        assertEquals(
            answers, answers(SemanticSearcher.over(new IndexSearcher(reader), old, analyzer)));
      }
      directory.setMaxSizeInBytes(0);
      assertEquals(old.model(), IndexManifest.read(directory).model());
      assertTrue(migration.finish().switched());
      assertEquals(0, side.listAll().length);
      try (DirectoryReader reader = DirectoryReader.open(directory)) {
        assertEquals(young.model(), IndexManifest.read(reader).model());
        assertEquals(30, BlockDump.of(reader).size());
        assertEquals("keeps this", reader.getIndexCommit().getUserData().get("application"));
      }
    }
  }

  /** Every block of a reader must have the vectors of the model that its manifest names. */
  private int readWhole(Directory directory) throws IOException {
    try (DirectoryReader reader = DirectoryReader.open(directory)) {
      EmbeddingModel model = IndexManifest.read(reader).model();
      TextEmbedder embedder = model.equals(old.model()) ? old : young;
      assertEquals(embedder.model(), model);
      List<BlockDump> blocks = BlockDump.of(reader);
      for (BlockDump block : blocks) {
        List<String> expected = new ArrayList<>();
        for (Passages.Passage passage :
            Passages.of(embedder, block.value("title"), block.value("text"), false).list()) {
          float[] vector = embedder.embedPassages(List.of(passage.input())).getFirst().vector();
          expected.add(passage.start() + "-" + passage.end() + Arrays.toString(vector));
        }
        assertEquals(expected, block.passages());
      }
      return blocks.size();
    }
  }

  public void testReadersAndAWriterGoOnMeanwhile() throws Exception {
    Map<String, SourceDocument> expected = new TreeMap<>();
    write(expected, 50);
    AtomicBoolean done = new AtomicBoolean();
    FutureTask<Void> reads =
        started(
            () -> {
              try (Directory directory = FSDirectory.open(folder)) {
                while (!done.get()) {
                  assertTrue(readWhole(directory) >= 0);
                }
              }
            });
    try (ModelMigration migration = ModelMigration.open(folder, young).setCommitEvery(5)) {
      FutureTask<Void> fills = started(() -> assertFalse(migration.fill().switched()));
      write(expected, TestUtil.nextInt(random(), 1, 100));
      fills.get();
      assertEquals(expected.size(), migration.finish().documents());
    } finally {
      done.set(true);
    }
    reads.get();
    assertEquals(expected.keySet(), blocks(folder).keySet());
    try (Directory directory = FSDirectory.open(folder)) {
      assertEquals(expected.size(), readWhole(directory));
    }
  }

  private interface Work {
    void run() throws Exception;
  }

  private static FutureTask<Void> started(Work work) {
    FutureTask<Void> task =
        new FutureTask<>(
            () -> {
              work.run();
              return null;
            });
    new Thread(task).start();
    return task;
  }

  @SuppressWarnings("try") // An application closes its writer when it is told to.
  public void testAWriterIsNotCutOff() throws IOException {
    write(new TreeMap<>(), 30);
    try (SemanticIndexWriter semantic = open(folder, old);
        ModelMigration migration = ModelMigration.open(folder, young)) {
      migration.fill();
      semantic.updateDocument(document("late"));
      semantic.commit();
      IndexOpenException e = expectThrows(IndexOpenException.class, migration::finish);
      assertTrue(e.toString(), e.toString().contains("is locked by another writer"));
      semantic.close();
      assertTrue(migration.finish().switched());
    }
    assertTrue(blocks(folder).containsKey("late"));
  }

  public void testDocumentsThatCameWithVectorsAreEmbedded() throws IOException {
    Map<String, Object> metadata =
        Map.of("page", 12, "weight", 0.5, "ok", true, "tags", List.of("a", "b"), "id", "own");
    String text = "w1 w2 w3 " + "w4 ".repeat(5);
    try (SemanticIndexWriter semantic = open(folder, old)) {
      float[] vector = old.embedQuery("given by a stranger").vector();
      semantic.updateDocuments(List.of(new EmbeddedDocument("v", text, metadata, vector)));
      semantic.updateDocument(document("k"));
      semantic.commit();
    }
    BagOfWordsEmbedder third = new BagOfWordsEmbedder(9, 40);
    for (TextEmbedder model : List.of(young, third)) {
      try (ModelMigration migration = ModelMigration.open(folder, model)) {
        assertEquals(2, migration.finish().documents());
      }
      float[] expected = model.embedPassages(List.of(text)).getFirst().vector();
      BlockDump block = Objects.requireNonNull(blocks(folder).get("v"));
      assertEquals(List.of("0-" + text.length() + Arrays.toString(expected)), block.passages());
      try (Directory directory = FSDirectory.open(folder);
          DirectoryReader reader = DirectoryReader.open(directory)) {
        IndexSearcher searcher = new IndexSearcher(reader);
        int doc = searcher.search(IndexSchema.withId("v"), 1).scoreDocs[0].doc;
        assertEquals(metadata, MetadataFields.read(searcher.storedFields().document(doc)));
      }
    }
    try (SemanticIndexWriter semantic = open(folder, third)) {
      semantic.updateDocuments(
          List.of(
              new EmbeddedDocument(
                  "mute", null, Map.of(), new float[] {1, 2, 3, 4, 5, 6, 7, 8, 9})));
      semantic.commit();
    }
    try (ModelMigration migration = ModelMigration.open(folder, old)) {
      IllegalArgumentException e = expectThrows(IllegalArgumentException.class, migration::finish);
      assertTrue(e.toString(), e.toString().contains("document \"mute\" cannot be embedded"));
      assertTrue(e.toString(), e.toString().contains("without a text"));
    }
    assertEquals(third.model(), IndexManifest.read(folder).model());
  }

  private static Document book(String isbn, boolean stored) {
    Document book = new Document();
    book.add(new StringField("isbn", isbn, Field.Store.YES));
    book.add(new TextField("blurb", words(20), stored ? Field.Store.YES : Field.Store.NO));
    book.add(new NumericDocValuesField("rank", isbn.hashCode()));
    book.add(new StringField("shelf", "s" + isbn.length(), Field.Store.YES));
    return book;
  }

  private interface Writing {
    void with(IndexWriter writer, SemanticIndexWriter semantic) throws IOException;
  }

  private static final Sort SORT = new Sort(new SortField("rank", SortField.Type.LONG));

  private IndexWriterConfig applicationConfig(Analyzer analyzer) {
    return new IndexWriterConfig(analyzer).setIndexSort(SORT).setParentField("_parent");
  }

  private void application(Analyzer analyzer, Writing writing) throws IOException {
    try (Directory directory = FSDirectory.open(folder);
        IndexWriter writer = new IndexWriter(directory, applicationConfig(analyzer));
        SemanticIndexWriter semantic =
            new SemanticIndexWriter(
                writer,
                old,
                new SemanticIndexWriterConfig().setFields(DocumentFields.of("isbn", "blurb")))) {
      writing.with(writer, semantic);
      semantic.commit();
    }
  }

  public void testDocumentsOfAnApplicationKeepTheirFields() throws IOException {
    Analyzer analyzer = new StandardAnalyzer();
    application(
        analyzer,
        (writer, semantic) -> {
          for (int i = 0; i < 40; i++) {
            semantic.updateDocument(book("b" + i, true));
          }
        });
    List<List<String>> stored = stored();
    try (ModelMigration migration = ModelMigration.open(folder, young)) {
      IndexOpenException e = expectThrows(IndexOpenException.class, migration::finish);
      assertTrue(e.toString(), e.toString().contains("an application's own analyzer"));
      migration.setWriterConfig(() -> applicationConfig(analyzer)).fill();
      // Deleted by a call of Lucene's, which leaves passages, and brought back by another.
      application(
          analyzer,
          (writer, semantic) -> {
            writer.deleteDocuments(new Term("isbn", "b3"));
            writer.updateDocValues(new Term("isbn", "b4"), new NumericDocValuesField("other", 77));
          });
      stored.removeIf(fields -> fields.contains("isbn=b3"));
      MigrationSummary finished = migration.finish();
      assertEquals(39, finished.documents());
      assertEquals("their vectors are there already", 0, finished.embedded());
    }
    assertEquals(stored, stored());
    try (Directory directory = FSDirectory.open(folder);
        DirectoryReader reader = DirectoryReader.open(directory)) {
      TestUtil.checkReader(reader);
      assertEquals(SORT, reader.leaves().getFirst().reader().getMetaData().sort());
      assertEquals(
          1, new IndexSearcher(reader).count(NumericDocValuesField.newSlowExactQuery("other", 77)));
    }
    assertEquals(DocumentFields.of("isbn", "blurb"), IndexManifest.read(folder).fields());
  }

  private List<List<String>> stored() throws IOException {
    try (Directory directory = FSDirectory.open(folder);
        DirectoryReader reader = DirectoryReader.open(directory)) {
      return new ArrayList<>(
          BlockDump.of(reader).stream()
              .map(BlockDump::stored)
              .sorted((a, b) -> a.toString().compareTo(b.toString()))
              .toList());
    }
  }

  public void testWhatWouldBeLostIsRefusedByName() throws IOException {
    Analyzer analyzer = new StandardAnalyzer();
    application(
        analyzer,
        (writer, semantic) -> {
          semantic.updateDocument(book("stored", true));
          semantic.updateDocument(book("secret", false));
        });
    try (ModelMigration migration = ModelMigration.open(folder, young)) {
      migration.setWriterConfig(() -> applicationConfig(analyzer));
      IllegalArgumentException e = expectThrows(IllegalArgumentException.class, migration::fill);
      assertTrue(e.toString(), e.toString().contains("document \"secret\" cannot be embedded"));
      assertTrue(e.toString(), e.toString().contains("\"blurb\" is indexed and not stored"));
      migration.setSource(isbn -> isbn.equals("stored") ? book(isbn, false) : null);
      IllegalArgumentException gone = expectThrows(IllegalArgumentException.class, migration::fill);
      assertTrue(gone.toString(), gone.toString().contains("the source has it no more"));
      application(analyzer, (writer, semantic) -> writer.addDocument(book("foreign", true)));
      migration.setSource(isbn -> book(isbn, false));
      IllegalArgumentException foreign =
          expectThrows(IllegalArgumentException.class, migration::finish);
      assertTrue(foreign.toString(), foreign.toString().contains("1 documents without passages"));
      application(
          analyzer, (writer, semantic) -> writer.deleteDocuments(new Term("isbn", "foreign")));
      assertEquals(2, migration.finish().documents());
    }
  }

  public void testThereMustBeAnIndex() throws IOException {
    Path none = folder.resolve("none");
    IndexOpenException e =
        expectThrows(IndexOpenException.class, () -> ModelMigration.open(none, young));
    assertTrue(e.toString(), e.toString().contains("no index at " + none));
    assertFalse(Files.exists(none));
  }
}
