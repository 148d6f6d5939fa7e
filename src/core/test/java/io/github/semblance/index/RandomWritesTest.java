package io.github.semblance.index;

import com.carrotsearch.randomizedtesting.generators.RandomPicks;
import io.github.semblance.embed.BagOfWordsEmbedder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexNotFoundException;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.IndexWriterConfig.OpenMode;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.KnnFloatVectorQuery;
import org.apache.lucene.search.SearcherFactory;
import org.apache.lucene.search.SearcherManager;
import org.apache.lucene.search.Sort;
import org.apache.lucene.search.SortField;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.store.Directory;
import org.apache.lucene.tests.analysis.MockAnalyzer;
import org.apache.lucene.tests.index.RandomCodec;
import org.apache.lucene.tests.util.LuceneTestCase;
import org.apache.lucene.tests.util.TestUtil;

/**
 * Random writes to indexes of random configuration, compared with a map. Many seeds: {@code mvn
 * test -Dtest=RandomWritesTest -Dtests.iters=200}; one again: {@code -Dtests.seed=SEED}.
 */
public class RandomWritesTest extends LuceneTestCase {
  private static final DocumentFields FIELDS = DocumentFields.of("key", "body").withTitle("head");

  private final BagOfWordsEmbedder embedder = new BagOfWordsEmbedder(64, 12);

  private record Page(String head, String body, String color) {}

  private static Page randomPage() {
    String body = random().nextInt(5) == 0 ? "" : words(random().nextBoolean() ? 4 : 40);
    return new Page(words(3), body, random().nextBoolean() ? "red" : "blue");
  }

  private static String words(int most) {
    StringBuilder words = new StringBuilder();
    for (int i = random().nextInt(most + 1); i > 0; i--) {
      words.append('w').append(random().nextInt(20)).append(rarely() ? ". " : " ");
    }
    return words.toString();
  }

  private static Document toLucene(String key, Page page) {
    Document document = new Document();
    document.add(new StringField("key", key, Field.Store.YES));
    document.add(new NumericDocValuesField("rank", key.hashCode()));
    document.add(new TextField("head", page.head(), Field.Store.YES));
    document.add(new TextField("body", page.body(), Field.Store.YES));
    document.add(new StringField("color", page.color(), Field.Store.YES));
    return document;
  }

  private IndexWriterConfig config() {
    IndexWriterConfig config = newIndexWriterConfig(new MockAnalyzer(random()));
    switch (random().nextInt(3)) {
      case 0 -> config.setCodec(new RandomCodec(random(), Set.of()));
      case 1 -> {
        Quantization quantization = RandomPicks.randomFrom(random(), Quantization.values());
        config.setCodec(
            VectorCodec.of(new SemanticIndexWriterConfig().setQuantization(quantization)));
      }
      default -> {} // one codec for all tests of a run
    }
    if (random().nextInt(4) == 0) {
      config
          .setIndexSort(new Sort(new SortField("rank", SortField.Type.LONG)))
          .setParentField("_parent");
    }
    return config.setOpenMode(OpenMode.CREATE_OR_APPEND);
  }

  private SemanticIndexWriter over(IndexWriter writer) throws IOException {
    return new SemanticIndexWriter(
        writer, embedder, new SemanticIndexWriterConfig().setFields(FIELDS));
  }

  /** The pages in an index, each of which must be whole and have the vectors of its own text. */
  private Map<String, Page> read(DirectoryReader reader) throws IOException {
    Map<String, Page> pages = new TreeMap<>();
    for (BlockDump block : BlockDump.of(reader)) {
      Page page = new Page(block.value("head"), block.value("body"), block.value("color"));
      assertEquals(expectedPassages(page), block.passages());
      assertNull("one of each", pages.put(block.value("key"), page));
    }
    return pages;
  }

  private List<String> expectedPassages(Page page) {
    List<String> expected = new ArrayList<>();
    for (Passages.Passage passage : Passages.of(embedder, page.head(), page.body(), false).list()) {
      float[] vector = embedder.embedPassages(List.of(passage.input())).get(0).vector();
      expected.add(passage.start() + "-" + passage.end() + Arrays.toString(vector));
    }
    return expected;
  }

  public void testTheIndexHoldsWhatWasWritten() throws IOException {
    Map<String, Page> expected = new TreeMap<>();
    Map<String, Page> committed = new TreeMap<>();
    int keys = TestUtil.nextInt(random(), 1, 60);
    IndexWriterConfig config = config();
    Sort sort = config.getIndexSort();
    try (Directory directory = newDirectory()) {
      IndexWriter writer = new IndexWriter(directory, config);
      SemanticIndexWriter semantic = over(writer);
      for (int step = TestUtil.nextInt(random(), 1, 300); step > 0; step--) {
        String key = "k" + random().nextInt(keys);
        switch (random().nextInt(20)) {
          case 0, 1 -> {
            semantic.deleteDocument(key);
            expected.remove(key);
          }
          case 2 -> {
            semantic.deleteDocuments(new TermQuery(new Term("color", "red")));
            expected.values().removeIf(page -> page.color().equals("red"));
          }
          case 3 -> {
            semantic.commit();
            committed = new TreeMap<>(expected);
          }
          case 4 -> {
            semantic.flush();
            try (DirectoryReader reader = DirectoryReader.open(writer)) {
              assertEquals(expected, read(reader));
            }
          }
          case 5 -> {
            boolean forget = random().nextBoolean();
            if (forget) {
              semantic.close();
              writer.rollback();
              expected = new TreeMap<>(committed);
            } else {
              semantic.commit();
              semantic.close();
              writer.close();
              committed = new TreeMap<>(expected);
            }
            IndexWriterConfig next = config();
            while (!Objects.equals(next.getIndexSort(), sort)) {
              next = config();
            }
            writer = new IndexWriter(directory, next);
            semantic = over(writer);
          }
          case 6 -> {
            semantic.flush();
            writer.forceMerge(TestUtil.nextInt(random(), 1, 3));
          }
          case 7 -> {
            // The same text with another color, whose vectors can be reused.
            Page page = expected.get(key);
            if (page != null) {
              Page other = new Page(page.head(), page.body(), "green");
              semantic.updateDocument(toLucene(key, other));
              expected.put(key, other);
            }
          }
          default -> {
            Page page = randomPage();
            semantic.updateDocument(toLucene(key, page));
            expected.put(key, page);
          }
        }
      }
      semantic.commit();
      semantic.close();
      writer.close();
      try (DirectoryReader reader = DirectoryReader.open(directory)) {
        assertEquals(expected, read(reader));
        TestUtil.checkReader(reader);
      }
    }
  }

  public void testReadersNeverFailDuringWriting() throws Exception {
    try (Directory directory = newDirectory();
        IndexWriter writer = new IndexWriter(directory, config());
        SemanticIndexWriter semantic = over(writer);
        SearcherManager manager = new SearcherManager(writer, new SearcherFactory())) {
      AtomicBoolean done = new AtomicBoolean();
      AtomicReference<Throwable> failure = new AtomicReference<>();
      float[] query = embedder.embedQuery("w1 w2").vector();
      Thread nearRealTime =
          new Thread(
              () -> {
                try {
                  while (!done.get()) {
                    manager.maybeRefreshBlocking();
                    IndexSearcher searcher = manager.acquire();
                    try {
                      read((DirectoryReader) searcher.getIndexReader());
                      searcher.search(new KnnFloatVectorQuery(IndexSchema.VECTOR, query, 5), 5);
                      searcher.search(new TermQuery(new Term("body", "w1")), 5);
                    } finally {
                      manager.release(searcher);
                    }
                  }
                } catch (Throwable e) {
                  failure.compareAndSet(null, e);
                }
              });
      Thread commits =
          new Thread(
              () -> {
                try {
                  while (!done.get()) {
                    try (DirectoryReader reader = DirectoryReader.open(directory)) {
                      read(reader);
                    } catch (IndexNotFoundException e) {
                      // not committed yet
                    }
                  }
                } catch (Throwable e) {
                  failure.compareAndSet(null, e);
                }
              });
      nearRealTime.start();
      commits.start();
      try {
        for (int step = TestUtil.nextInt(random(), 1, 300); step > 0; step--) {
          String key = "k" + random().nextInt(30);
          switch (random().nextInt(10)) {
            case 0 -> semantic.deleteDocument(key);
            case 1 -> semantic.flush();
            case 2 -> semantic.commit();
            default -> semantic.updateDocument(toLucene(key, randomPage()));
          }
        }
        semantic.commit();
      } finally {
        done.set(true);
        nearRealTime.join();
        commits.join();
      }
      if (failure.get() != null) {
        throw new AssertionError("a reader failed", failure.get());
      }
    }
  }
}
