package io.github.semblance.index;

import io.github.semblance.embed.BagOfWordsEmbedder;
import io.github.semblance.embed.EmbeddingModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig.OpenMode;
import org.apache.lucene.store.Directory;
import org.apache.lucene.tests.util.LuceneTestCase;

@LuceneTestCase.SuppressFileSystems("ExtrasFS") // no index is made among other files
public class IndexManifestTest extends LuceneTestCase {
  private static final IndexManifest MANIFEST =
      new IndexManifest(
          IndexSchema.VERSION,
          new EmbeddingModel(
              "e5",
              384,
              512,
              4,
              0.78f,
              "abcdef0123456789",
              Map.of("precision", "int8", "query_prefix", "query: ")),
          "english",
          IndexSchema.FIELDS,
          null,
          null,
          null);

  public void testSurvivesTheCommit() throws IOException {
    assertEquals(Optional.of(MANIFEST), IndexManifest.of(MANIFEST.toUserData(), "here"));
    assertEquals(Optional.empty(), IndexManifest.of(Map.of("other", "data"), "here"));
  }

  public void testTellsHowVectorsAreKeptAndWhatWasMeasured() throws IOException {
    IndexManifest quantized =
        new IndexManifest(
            IndexSchema.VERSION,
            MANIFEST.model(),
            MANIFEST.analyzer(),
            MANIFEST.fields(),
            Quantization.INT4,
            new Tuning(0.7f, Tuning.Origin.TITLES, 241, "mrr", 0.5, 0.625, 0.03125),
            0.25f);
    assertEquals(Optional.of(quantized), IndexManifest.of(quantized.toUserData(), "here"));
  }

  public void testOnlyIndexesOfOursAreReplaced() throws IOException {
    WriterOpening.requireReplaceable(createTempDir().resolve("missing"));
    Path folder = createTempDir();
    WriterOpening.requireReplaceable(folder);
    try (Directory directory = newFSDirectory(folder)) {
      new IndexWriter(directory, newIndexWriterConfig()).close();
    }
    IndexOpenException e =
        expectThrows(
            IndexOpenException.class,
            () ->
                SemanticIndexWriter.open(
                    folder,
                    new BagOfWordsEmbedder(),
                    new SemanticIndexWriterConfig().setOpenMode(OpenMode.CREATE)));
    assertTrue(e.toString(), e.toString().contains("replaces only indexes of its own"));
    Path unreadable = createTempDir();
    Files.writeString(unreadable.resolve("segments_1"), "not what it seems");
    e = expectThrows(IndexOpenException.class, () -> WriterOpening.requireReplaceable(unreadable));
    assertTrue(e.toString(), e.toString().contains("it is unknown who has written it"));
    Path earlier = createTempDir();
    try (Directory directory = newFSDirectory(earlier);
        IndexWriter writer = new IndexWriter(directory, newIndexWriterConfig())) {
      writer.setLiveCommitData(Map.of("semblance.schema", "1").entrySet());
      writer.commit();
    }
    WriterOpening.requireReplaceable(earlier);
  }

  public void testRefusesAnotherSchema() {
    Map<String, String> later = new HashMap<>(MANIFEST.toUserData());
    later.put("semblance.schema", "99");
    IndexOpenException e =
        expectThrows(IndexOpenException.class, () -> IndexManifest.of(later, "here"));
    assertEquals(
        "the index at here has schema version 99 and this program writes and reads 3; index again",
        e.getMessage());
  }

  public void testRefusesADamagedManifest() {
    for (String key : MANIFEST.toUserData().keySet()) {
      if (!key.equals("semblance.schema") && !key.contains(".property.")) {
        Map<String, String> damaged = new HashMap<>(MANIFEST.toUserData());
        damaged.remove(key);
        IndexOpenException e =
            expectThrows(IndexOpenException.class, () -> IndexManifest.of(damaged, "here"));
        assertTrue(e.toString(), e.toString().contains("\"" + key + "\" is missing"));
      }
    }
  }

  public void testRefusesWhatIsNoIndexOfOurs() throws IOException {
    Path folder = createTempDir();
    assertRefused(folder.resolve("missing"), "the folder does not exist");
    assertFalse(Files.exists(folder.resolve("missing")));
    assertRefused(folder, "no index at " + folder + "; index documents first");
    assertRefused(Files.createFile(folder.resolve("file")), "it is not a folder");

    Path foreign = createTempDir();
    try (Directory directory = newFSDirectory(foreign)) {
      new IndexWriter(directory, newIndexWriterConfig()).close();
    }
    assertRefused(foreign, "was not written by Semblance");
  }

  public void testRefusesADamagedIndex() throws IOException {
    Path folder = createTempDir();
    Files.writeString(folder.resolve("segments_1"), "not what it seems");
    assertRefused(folder, "the index at " + folder);
  }

  private static void assertRefused(Path folder, String reason) {
    IndexOpenException e = expectThrows(IndexOpenException.class, () -> IndexManifest.read(folder));
    assertTrue(e.toString(), e.toString().contains(reason));
  }
}
