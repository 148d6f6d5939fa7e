package io.github.semblance.search;

import io.github.semblance.embed.BagOfWordsEmbedder;
import io.github.semblance.index.IndexIntegrity;
import io.github.semblance.index.IndexOpenException;
import io.github.semblance.index.Quantization;
import io.github.semblance.index.SemanticIndexWriter;
import io.github.semblance.index.SemanticIndexWriterConfig;
import io.github.semblance.index.SourceDocument;
import io.github.semblance.index.VectorCodec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.tests.util.LuceneTestCase;
import org.apache.lucene.tests.util.TestUtil;

/**
 * Flips bits in each file of an index. More of them: {@code -Dsemblance.flips=200}, for each file.
 *
 * <p>Whatever is refused names the index, the reason and what to do. Lucene compares the checksums
 * of large files only when asked to; then each flip is found, wherever it is.
 */
@LuceneTestCase.SuppressFileSystems("ExtrasFS") // which puts files there that are not of the index
public class DamagedIndexTest extends LuceneTestCase {
  private static final int FLIPS = Integer.getInteger("semblance.flips", 2);

  private final BagOfWordsEmbedder embedder = new BagOfWordsEmbedder(24, 12);

  private void write(Path folder, boolean compound) throws IOException {
    SemanticIndexWriterConfig settings =
        new SemanticIndexWriterConfig().setQuantization(Quantization.INT8);
    try (Directory directory = FSDirectory.open(folder)) {
      IndexWriterConfig config =
          settings
              .indexWriterConfig(embedder)
              .setCodec(VectorCodec.over(TestUtil.getDefaultCodec(), Quantization.INT8))
              .setUseCompoundFile(compound);
      config.getMergePolicy().setNoCFSRatio(compound ? 1 : 0);
      try (IndexWriter writer = new IndexWriter(directory, config);
          SemanticIndexWriter semantic = new SemanticIndexWriter(writer, embedder, settings)) {
        for (int i = 0; i < 200; i++) {
          semantic.updateDocument(
              new SourceDocument(
                  "d" + i,
                  "title w" + i % 7,
                  IndexedTestCase.words(1 + random().nextInt(60)),
                  Map.of("color", List.of(i % 2 == 0 ? "red" : "blue"))));
          if (i == 100) {
            semantic.commit();
          }
        }
        semantic.deleteDocument("d3");
        semantic.commit();
      }
    }
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> !file.endsWith("write.lock")).sorted().toList();
    }
  }

  private List<String> search(Path folder) throws IOException {
    List<String> found = new ArrayList<>();
    try (SemanticSearcher searcher = SemanticSearcher.open(folder, embedder)) {
      for (SearchMode mode : SearchMode.values()) {
        for (String question : List.of("w1 w2", "w7 title", "nothing")) {
          SearchRequest request =
              SearchRequest.builder(question).mode(mode).filter("color", "red").build();
          for (Hit hit : searcher.search(request).hits()) {
            found.add(hit.id() + " " + hit.score() + " " + hit.snippet());
          }
        }
      }
    }
    return found;
  }

  public void testBytesOfAFileDoNotBreakAMessage() {
    IndexOpenException e = new IndexOpenException("suffix=\n\u001b[31m\u0000\u0085; index again");
    assertEquals("suffix=\uFFFD\uFFFD[31m\uFFFD\uFFFD; index again", e.getMessage());
  }

  public void testEachFlippedBitIsFound() throws IOException {
    Map<String, Integer> outcomes = new TreeMap<>();
    int tried = 0;
    for (boolean compound : new boolean[] {false, true}) {
      Path sound = createTempDir();
      write(sound, compound);
      List<String> expected = search(sound);
      assertFalse(expected.isEmpty());
      IndexIntegrity.check(sound);
      for (Path file : files(sound)) {
        byte[] bytes = Files.readAllBytes(file);
        for (int flip = 0; flip < FLIPS; flip++) {
          int at = random().nextInt(bytes.length);
          byte[] damaged = bytes.clone();
          damaged[at] ^= (byte) (1 << random().nextInt(8));
          tried++;
          Files.write(file, damaged);
          try {
            String what = file.getFileName() + " at " + at;
            outcomes.merge(outcome(what, sound, expected), 1, Integer::sum);
            assertSaid(
                what,
                sound,
                expectThrows(IndexOpenException.class, what, () -> IndexIntegrity.check(sound)));
          } finally {
            Files.write(file, bytes);
          }
        }
      }
      assertEquals(expected, search(sound));
    }
    assertTrue(outcomes.toString(), outcomes.getOrDefault("refused", 0) > 0);
    System.out.println(tried + " damaged files: " + outcomes);
  }

  private String outcome(String what, Path folder, List<String> expected) throws IOException {
    try {
      return search(folder).equals(expected) ? "unseen, the same result" : "another result";
    } catch (IndexOpenException e) {
      assertSaid(what, folder, e);
      return "refused";
    } catch (AssertionError e) {
      // Lucene's own, which is on in tests only.
      assertTrue(what, e.getStackTrace()[0].getClassName().startsWith("org.apache.lucene"));
      return "an assertion of Lucene";
    }
  }

  private static void assertSaid(String what, Path folder, IndexOpenException e) {
    String message = e.toString();
    assertTrue(what + ": " + message, message.contains(folder.toString()));
    assertTrue(
        what + ": " + message, message.contains("index again") || message.contains("choose"));
    assertFalse(what + ": " + message, message.contains("\n"));
  }
}
