package io.github.semblance.index;

import io.github.semblance.embed.BagOfWordsEmbedder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.IndexWriterConfig.OpenMode;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.tests.util.LuceneTestCase;

@LuceneTestCase.SuppressFileSystems("ExtrasFS") // no index is made among other files
public class IndexFolderTest extends LuceneTestCase {
  private final BagOfWordsEmbedder embedder = new BagOfWordsEmbedder(8, 12);

  private SemanticIndexWriter open(Path folder, OpenMode mode) throws IOException {
    return SemanticIndexWriter.open(
        folder, embedder, new SemanticIndexWriterConfig().setOpenMode(mode));
  }

  private void index(Path folder, OpenMode mode) throws IOException {
    try (SemanticIndexWriter writer = open(folder, mode)) {
      writer.updateDocument(new SourceDocument("d", "", "text", Map.of()));
      writer.commit();
    }
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private void assertRefused(Path folder, String... fragments) {
    for (OpenMode mode : List.of(OpenMode.CREATE, OpenMode.CREATE_OR_APPEND)) {
      IndexOpenException e =
          expectThrows(IndexOpenException.class, () -> open(folder, mode).close());
      for (String fragment : fragments) {
        assertTrue(e.toString(), e.toString().contains(fragment));
      }
      assertFalse(e.toString(), e.toString().contains("delete the"));
    }
  }

  public void testNoIndexIsMadeAmongOtherFiles() throws IOException {
    // The last three have names by which Lucene would delete them.
    for (String name : List.of("notes.md", ".hidden", "_index.md", "_config.yml", "segments.csv")) {
      Path folder = createTempDir();
      Files.writeString(folder.resolve(name), "mine");
      assertRefused(folder, folder.toString(), "\"" + name + "\"", "choose a folder that is empty");
      expectThrows(IndexOpenException.class, () -> IndexFolder.requireOurs(folder));
      assertEquals(List.of(name), names(folder));
      assertEquals("mine", Files.readString(folder.resolve(name)));
    }
    Path folder = createTempDir();
    Files.createDirectory(folder.resolve("inner"));
    assertRefused(folder, "\"inner\"");
  }

  public void testIndexesAreMadeWhereNothingElseIs() throws IOException {
    for (OpenMode mode : List.of(OpenMode.CREATE, OpenMode.CREATE_OR_APPEND)) {
      index(createTempDir(), mode);
      index(createTempDir().resolve("a").resolve("b"), mode);
    }
  }

  public void testWhatAnInterruptedWriterLeftIsInNobodysWay() throws IOException {
    Path interrupted = createTempDir();
    try (Directory directory = FSDirectory.open(interrupted)) {
      IndexWriter writer =
          new IndexWriter(directory, new IndexWriterConfig().setUseCompoundFile(false));
      writer.addDocument(new org.apache.lucene.document.Document());
      writer.flush();
      for (OpenMode mode : List.of(OpenMode.CREATE, OpenMode.CREATE_OR_APPEND)) {
        Path folder = createTempDir();
        for (String file : directory.listAll()) {
          Files.copy(interrupted.resolve(file), folder.resolve(file));
        }
        Files.createFile(folder.resolve("_1.fdt")); // killed before the first bytes
        Files.writeString(folder.resolve("_1_Lucene90_0-vec_3.tmp"), "vectors");
        assertTrue(names(folder).toString(), names(folder).contains("_0.si"));
        index(folder, mode);
        assertFalse(names(folder).toString(), names(folder).contains("_1.fdt"));
      }
      writer.rollback();
    }
  }

  public void testFilesBesideAnIndexStay() throws IOException {
    Path folder = createTempDir();
    index(folder, OpenMode.CREATE);
    Files.writeString(folder.resolve("notes.md"), "mine");
    index(folder, OpenMode.CREATE);
    index(folder, OpenMode.CREATE_OR_APPEND);
    assertEquals("mine", Files.readString(folder.resolve("notes.md")));
    Files.writeString(folder.resolve("_index.md"), "mine");
    assertRefused(folder, "\"_index.md\"", "move that file away");
    IndexOpenException e =
        expectThrows(IndexOpenException.class, () -> IndexIntegrity.deleteOrphans(folder));
    assertTrue(e.toString(), e.toString().contains("\"_index.md\""));
    assertEquals("mine", Files.readString(folder.resolve("_index.md")));
  }

  public void testIndexesInAFolderAreNamed() throws IOException {
    Path folder = createTempDir();
    Files.createDirectory(folder.resolve("empty"));
    IndexOpenException e = expectThrows(IndexOpenException.class, () -> IndexManifest.read(folder));
    assertEquals("no index at " + folder + "; index documents first", e.getMessage());
    index(folder.resolve("one"), OpenMode.CREATE);
    e = expectThrows(IndexOpenException.class, () -> IndexManifest.read(folder));
    assertEquals(
        "no index at " + folder + "; there is one at " + folder.resolve("one"), e.getMessage());
  }

  public void testIndexesOfOthersAreNotOurs() throws IOException {
    Path folder = createTempDir();
    try (Directory directory = FSDirectory.open(folder)) {
      new IndexWriter(directory, new IndexWriterConfig()).close();
    }
    expectThrows(IndexOpenException.class, () -> IndexFolder.requireOurs(folder));
    expectThrows(IndexOpenException.class, () -> open(folder, OpenMode.CREATE));
    index(folder, OpenMode.CREATE_OR_APPEND); // as an application does with its own
    IndexFolder.requireOurs(folder);
    try (DirectoryReader reader = DirectoryReader.open(FSDirectory.open(folder))) {
      assertTrue(reader.numDocs() > 0);
    }
  }
}
