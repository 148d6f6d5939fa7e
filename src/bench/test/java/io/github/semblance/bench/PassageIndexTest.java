package io.github.semblance.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.semblance.index.Quantization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.util.VectorUtil;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PassageIndexTest {
  private static final int PASSAGES = 700;
  private static final int TOP = 10;

  private static final ClusteredVectors VECTORS = new ClusteredVectors(1, PASSAGES);
  private static final VariedTexts TEXTS =
      new VariedTexts(1, List.of("the cat sat on the mat", "a dog slept under the old oak tree"));

  @TempDir private Path folder;

  private PassageIndex index() throws IOException {
    return PassageIndex.in(folder, Quantization.INT8, PASSAGES, VECTORS, TEXTS);
  }

  @Test
  void keptIndexIsTakenAgain() throws IOException {
    PassageIndex built = index();
    assertEquals(PASSAGES, built.building().passages());
    assertTrue(built.bytes() > PASSAGES * ClusteredVectors.DIMENSION * 4L);
    try (Directory directory = FSDirectory.open(built.folder());
        DirectoryReader reader = DirectoryReader.open(directory)) {
      assertEquals(2 * PASSAGES, reader.numDocs()); // a document and its passage each
      long codes = (long) PASSAGES * ClusteredVectors.DIMENSION;
      assertTrue(built.searchedBytes(reader) > codes && built.searchedBytes(reader) < 2 * codes);
    }
    assertEquals(built, index());
  }

  @Test
  void keptIndexOfAnotherSizeIsRefused() throws IOException {
    PassageIndex built = index();
    Path told = folder.resolve("700-int8.json");
    Files.move(told, folder.resolve("800-int8.json"));
    String refused =
        assertThrows(
                IOException.class,
                () -> PassageIndex.in(folder, Quantization.INT8, 800, VECTORS, TEXTS))
            .toString();
    assertTrue(
        refused.contains("must hold 800 passages") && refused.contains("passages=700"), refused);
    assertNotEquals(built.building(), index().building()); // unfinished for what the files tell
  }

  @Test
  void exactNeighboursAreThoseOfComparingAll() throws IOException {
    ExactNeighbours exact = ExactNeighbours.of(VECTORS, PASSAGES, 3, TOP);
    Path file = folder.resolve("exact.json");
    exact.write(file);
    ExactNeighbours kept = ExactNeighbours.read(file);
    for (int query = 0; query < 3; query++) {
      float[] asked = VECTORS.query(query);
      for (Share share : Share.values()) {
        List<Integer> closest =
            IntStream.range(0, PASSAGES)
                .filter(share::allows)
                .boxed()
                .sorted(
                    Comparator.comparingDouble(
                        i -> -VectorUtil.dotProduct(asked, VECTORS.passage(i))))
                .limit(TOP)
                .toList();
        assertEquals(1, exact.recall(query, share, Set.copyOf(closest)));
        assertEquals(1, kept.recall(query, share, Set.copyOf(closest)));
        if (closest.size() == TOP) {
          assertEquals(.9, kept.recall(query, share, Set.copyOf(closest.subList(0, TOP - 1))));
        }
      }
    }
  }

  @Test
  void textsHaveTheWordsOfTheirCollectionAndOneOfTheirOwn() {
    assertEquals(TEXTS.passage(5), TEXTS.passage(5));
    Set<String> known =
        Arrays.stream("the cat sat on mat a dog slept under old oak tree".split(" ", -1))
            .collect(Collectors.toSet());
    int replaced = 0;
    for (int number = 0; number < PASSAGES; number++) {
      List<String> words = List.of(TEXTS.passage(number).split(" ", -1));
      assertEquals("n" + number, words.getLast());
      List<String> others = words.subList(0, words.size() - 1);
      assertTrue(known.containsAll(others), words.toString());
      assertTrue(others.size() == 6 || others.size() == 8, words.toString());
      replaced += others.contains("cat") && others.contains("dog") ? 1 : 0;
    }
    assertTrue(replaced > 0 && replaced < PASSAGES / 2, "texts with words of both: " + replaced);
  }
}
