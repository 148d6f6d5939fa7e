package io.github.semblance.index;

import io.github.semblance.embed.BagOfWordsEmbedder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.IndexWriterConfig.OpenMode;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.search.Sort;
import org.apache.lucene.search.SortField;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.tests.util.LuceneTestCase;

@LuceneTestCase.SuppressFileSystems("ExtrasFS") // no index is made among other files
public class TuningStoreTest extends LuceneTestCase {
  private static final Tuning TUNING =
      new Tuning(0.7f, Tuning.Origin.TITLES, 241, "mrr", 0.702, 0.729, 0.014);

  private final BagOfWordsEmbedder embedder = new BagOfWordsEmbedder();

  private void write(Path folder, OpenMode mode, String id) throws IOException {
    try (SemanticIndexWriter writer =
        SemanticIndexWriter.open(
            folder, embedder, new SemanticIndexWriterConfig().setOpenMode(mode))) {
      writer.updateDocument(new SourceDocument(id, "a title", "a text", Map.of()));
      writer.commit();
    }
  }

  private static List<String> segments(Path folder) throws IOException {
    try (DirectoryReader reader = DirectoryReader.open(FSDirectory.open(folder))) {
      return reader.leaves().stream().map(LeafReaderContext::reader).map(Object::toString).toList();
    }
  }

  public void testATuningStaysUntilTheIndexIsMadeAnew() throws IOException {
    Path folder = createTempDir();
    write(folder, OpenMode.CREATE, "1");
    assertNull(IndexManifest.read(folder).tuning());
    List<String> before = segments(folder);
    TuningStore.save(folder, TUNING);
    assertEquals(TUNING, IndexManifest.read(folder).tuning());
    assertEquals(before, segments(folder));
    write(folder, OpenMode.APPEND, "2");
    assertEquals(TUNING, IndexManifest.read(folder).tuning());
    write(folder, OpenMode.CREATE, "3");
    assertNull(IndexManifest.read(folder).tuning());
  }

  public void testAWriterSetsItWithItsNextCommit() throws IOException {
    Path folder = createTempDir();
    try (SemanticIndexWriter writer =
        SemanticIndexWriter.open(
            folder, embedder, new SemanticIndexWriterConfig().setOpenMode(OpenMode.CREATE))) {
      writer.updateDocument(new SourceDocument("1", "a title", "a text", Map.of()));
      writer.commit();
      writer.setTuning(TUNING);
      assertNull(IndexManifest.read(folder).tuning());
      IndexOpenException locked =
          expectThrows(IndexOpenException.class, () -> TuningStore.save(folder, TUNING));
      assertTrue(locked.toString(), locked.toString().contains("locked by another writer"));
      writer.commit();
      assertEquals(TUNING, IndexManifest.read(folder).tuning());
    }
  }

  public void testAnApplicationsOwnIndexKeepsItsSortAndItsCommitData() throws IOException {
    Path folder = createTempDir();
    IndexWriterConfig config =
        new IndexWriterConfig()
            .setParentField("parent")
            .setIndexSort(new Sort(new SortField("rank", SortField.Type.LONG)));
    try (Directory directory = FSDirectory.open(folder);
        IndexWriter writer = new IndexWriter(directory, config);
        SemanticIndexWriter semantic =
            new SemanticIndexWriter(writer, embedder, new SemanticIndexWriterConfig())) {
      semantic.updateDocument(new SourceDocument("1", "a title", "a text", Map.of()));
      semantic.flush();
      Map<String, String> data = new java.util.HashMap<>(Map.of("mine", "kept"));
      writer.getLiveCommitData().forEach(entry -> data.put(entry.getKey(), entry.getValue()));
      writer.setLiveCommitData(data.entrySet());
      semantic.commit();
    }
    TuningStore.save(folder, TUNING);
    assertEquals(TUNING, IndexManifest.read(folder).tuning());
    try (DirectoryReader reader = DirectoryReader.open(FSDirectory.open(folder))) {
      assertEquals("kept", reader.getIndexCommit().getUserData().get("mine"));
    }
  }

  public void testADamagedTuningIsTold() {
    IndexOpenException e =
        expectThrows(
            IndexOpenException.class,
            () -> {
              Path folder = createTempDir();
              write(folder, OpenMode.CREATE, "1");
              try (Directory directory = FSDirectory.open(folder);
                  IndexWriter writer = new IndexWriter(directory, new IndexWriterConfig())) {
                Map<String, String> data = new java.util.HashMap<>();
                writer
                    .getLiveCommitData()
                    .forEach(entry -> data.put(entry.getKey(), entry.getValue()));
                data.putAll(TUNING.toUserData());
                data.put("semblance.tuning.semantic_weight", "7");
                writer.setLiveCommitData(data.entrySet());
                writer.commit();
              }
              IndexManifest.read(folder);
            });
    assertTrue(
        e.toString(), e.toString().contains("damaged: semanticWeight must be in [0, 1], got: 7.0"));
  }
}
