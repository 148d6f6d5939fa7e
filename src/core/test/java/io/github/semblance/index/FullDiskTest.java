package io.github.semblance.index;

import io.github.semblance.embed.BagOfWordsEmbedder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig.OpenMode;
import org.apache.lucene.index.SerialMergeScheduler;
import org.apache.lucene.store.AlreadyClosedException;
import org.apache.lucene.tests.store.MockDirectoryWrapper;
import org.apache.lucene.tests.util.LuceneTestCase;
import org.apache.lucene.tests.util.TestUtil;

/** Directories that cannot be written, or not any further. */
@LuceneTestCase.SuppressFileSystems("ExtrasFS") // no index is made among other files
public class FullDiskTest extends LuceneTestCase {
  private final BagOfWordsEmbedder embedder = new BagOfWordsEmbedder(8, 12);

  private static SourceDocument document(int number) {
    String text = TestUtil.randomSimpleString(random(), 1, 200);
    return new SourceDocument("id" + number, "title", text, Map.of());
  }

  public void testAFullDiskKeepsTheLastCommit() throws IOException {
    try (MockDirectoryWrapper directory = newMockDirectory()) {
      IndexWriter writer =
          new IndexWriter(
              directory, newIndexWriterConfig().setMergeScheduler(new SerialMergeScheduler()));
      SemanticIndexWriter semantic =
          new SemanticIndexWriter(writer, embedder, new SemanticIndexWriterConfig());
      int committed = TestUtil.nextInt(random(), 1, 20);
      for (int i = 0; i < committed; i++) {
        semantic.updateDocument(document(i));
      }
      semantic.commit();
      long room = TestUtil.nextInt(random(), 1, 20_000);
      directory.setMaxSizeInBytes(directory.sizeInBytes() + room);
      IOException full = null;
      int added = committed;
      while (full == null) {
        try {
          semantic.updateDocument(document(added++));
          if (random().nextInt(10) == 0) {
            semantic.commit();
            committed = added;
          }
        } catch (AlreadyClosedException e) {
          full = new IOException(e);
        } catch (IOException e) {
          full = e;
        }
      }
      semantic.close();
      writer.rollback();
      directory.setMaxSizeInBytes(0);
      try (DirectoryReader reader = DirectoryReader.open(directory)) {
        List<BlockDump> blocks = BlockDump.of(reader);
        assertEquals(full.toString(), committed, blocks.size());
      }
    }
  }

  public void testAFolderThatMayNotBeWritten() throws IOException {
    Path folder = createTempDir();
    try (SemanticIndexWriter semantic = open(folder)) {
      semantic.updateDocument(document(1));
      semantic.commit();
    }
    Files.deleteIfExists(folder.resolve(IndexWriter.WRITE_LOCK_NAME));
    assertTrue(folder.toFile().setWritable(false));
    try {
      assumeFalse("this user may write everywhere", Files.isWritable(folder));
      IndexOpenException e = expectThrows(IndexOpenException.class, () -> open(folder));
      assertTrue(e.toString(), e.toString().contains("cannot write to the index at " + folder));
      assertTrue(e.toString(), e.toString().contains("AccessDenied"));
      assertEquals(embedder.model(), IndexManifest.read(folder).model());
    } finally {
      assertTrue(folder.toFile().setWritable(true));
    }
  }

  private SemanticIndexWriter open(Path folder) throws IOException {
    return SemanticIndexWriter.open(
        folder, embedder, new SemanticIndexWriterConfig().setOpenMode(OpenMode.CREATE));
  }
}
