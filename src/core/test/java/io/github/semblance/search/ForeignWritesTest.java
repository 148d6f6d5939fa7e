package io.github.semblance.search;

import com.carrotsearch.randomizedtesting.generators.RandomPicks;
import io.github.semblance.embed.BagOfWordsEmbedder;
import io.github.semblance.index.DocumentFields;
import io.github.semblance.index.DropOrphansMergePolicy;
import io.github.semblance.index.FailureHandler;
import io.github.semblance.index.IndexSchema;
import io.github.semblance.index.PassageEmbedder;
import io.github.semblance.index.PassageVector;
import io.github.semblance.index.Quantization;
import io.github.semblance.index.SemanticIndexWriter;
import io.github.semblance.index.VectorCodec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.apache.lucene.codecs.Codec;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.IntField;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.document.SortedNumericDocValuesField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.SoftDeletesRetentionMergePolicy;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.MatchAllDocsQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.Sort;
import org.apache.lucene.search.SortField;
import org.apache.lucene.search.SortedNumericSelector;
import org.apache.lucene.search.SortedNumericSortField;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.store.Directory;
import org.apache.lucene.tests.analysis.MockAnalyzer;
import org.apache.lucene.tests.index.RandomCodec;
import org.apache.lucene.tests.util.LuceneTestCase;
import org.apache.lucene.tests.util.TestUtil;
import org.apache.lucene.util.IOUtils;
import org.jspecify.annotations.Nullable;

/**
 * An application writes to the index with Lucene's own calls between ours: it adds, updates and
 * deletes documents one by one, by query and softly, in indexes of random configuration. Searches
 * are compared with a naive one over what should be there. Many seeds: {@code mvn test
 * -Dtest=ForeignWritesTest -Dtests.iters=500}.
 */
public class ForeignWritesTest extends LuceneTestCase {
  private static final DocumentFields FIELDS = DocumentFields.of("key", "body").withTitle("head");
  private static final String SOFT = "deleted";
  private static final Query RED = new TermQuery(new Term("color", "red"));

  private final BagOfWordsEmbedder embedder = new BagOfWordsEmbedder(24, 12);

  /** What should be there, by a number that each document written has for its own. */
  private final Map<String, Page> expected = new TreeMap<>();

  private int written;

  /** A document of ours with its passages, or one of the application's with none. */
  private record Page(String key, int rank, String color, List<PassageVector> passages) {

    Page withPassages(Predicate<PassageVector> kept) {
      return new Page(key, rank, color, passages.stream().filter(kept).toList());
    }

    /** Of the closest passage; -1 if there is none. */
    float cosine(float[] query) {
      double best = -1;
      for (PassageVector passage : passages) {
        double dot = 0;
        double norms = 0;
        double queryNorm = 0;
        for (int i = 0; i < query.length; i++) {
          dot += (double) query[i] * passage.vector()[i];
          norms += (double) passage.vector()[i] * passage.vector()[i];
          queryNorm += (double) query[i] * query[i];
        }
        best = Math.max(best, dot / Math.sqrt(queryNorm * norms));
      }
      return (float) best;
    }
  }

  private static String words(int most) {
    StringBuilder words = new StringBuilder();
    for (int i = random().nextInt(most + 1); i > 0; i--) {
      words.append('w').append(random().nextInt(20)).append(' ');
    }
    return words.toString();
  }

  private static Document document(
      String serial, String key, int rank, String color, String head, String body) {
    Document document = new Document();
    document.add(new StringField("serial", serial, Field.Store.YES));
    document.add(new StringField("key", key, Field.Store.YES));
    document.add(new IntField("rank", rank, Field.Store.NO));
    // Apart from the rank: Lucene takes ranges over a sort field for gapless, and passages lack it.
    document.add(new SortedNumericDocValuesField("order", 20 - rank));
    document.add(new StringField("color", color, Field.Store.NO));
    document.add(new TextField("head", head, Field.Store.YES));
    document.add(new TextField("body", body, Field.Store.YES));
    return document;
  }

  /** Makes a document and expects to find it: with its passages if we are to write it. */
  private Document next(String key, boolean ours) {
    String serial = "s" + written++;
    int rank = random().nextInt(20);
    String color = random().nextBoolean() ? "red" : "blue";
    String head = words(3);
    String body = random().nextInt(8) == 0 ? "" : words(random().nextBoolean() ? 4 : 40);
    List<PassageVector> passages =
        ours
            ? new PassageEmbedder(embedder)
                .embed(List.of(new PassageEmbedder.TitledText(head, body)))
                .getFirst()
            : List.of();
    expected.put(serial, new Page(key, rank, color, passages));
    return document(serial, key, rank, color, head, body);
  }

  private void forget(String key) {
    expected.values().removeIf(page -> page.key().equals(key));
  }

  private @Nullable Sort randomSort() {
    return random().nextInt(3) == 0
        ? new Sort(
            new SortedNumericSortField(
                "order",
                SortField.Type.INT,
                random().nextBoolean(),
                SortedNumericSelector.Type.MIN))
        : null;
  }

  private IndexWriterConfig config(@Nullable Sort sort, boolean soft) {
    IndexWriterConfig config = newIndexWriterConfig(new MockAnalyzer(random()));
    Quantization quantization = RandomPicks.randomFrom(random(), Quantization.values());
    switch (random().nextInt(3)) {
      case 0 -> config.setCodec(new RandomCodec(random(), Set.of()));
      case 1 -> config.setCodec(VectorCodec.over(Codec.getDefault(), quantization));
      default -> {} // one codec for all tests of a run
    }
    if (sort != null) {
      config.setIndexSort(sort).setParentField("_parent");
    }
    if (soft) {
      config.setSoftDeletesField(SOFT);
      if (random().nextBoolean()) {
        config.setMergePolicy(
            new SoftDeletesRetentionMergePolicy(SOFT, () -> RED, config.getMergePolicy()));
      }
    }
    if (random().nextBoolean()) {
      config.setMergePolicy(new DropOrphansMergePolicy(config.getMergePolicy()));
    }
    return config;
  }

  private SemanticIndexWriter over(IndexWriter writer) throws IOException {
    return new SemanticIndexWriter(writer, embedder, FIELDS, FailureHandler.THROW);
  }

  public void testFindsWhatANaiveSearchFinds() throws IOException {
    int keys = TestUtil.nextInt(random(), 1, 30);
    Sort sort = randomSort();
    boolean soft = sort == null && random().nextInt(3) == 0; // see DropOrphansMergePolicy
    Directory directory = newDirectory();
    IndexWriter writer = null;
    SemanticIndexWriter semantic = null;
    try {
      writer = new IndexWriter(directory, config(sort, soft));
      semantic = over(writer);
      for (int step = TestUtil.nextInt(random(), 1, 150); step > 0; step--) {
        String key = "k" + random().nextInt(keys);
        if (random().nextInt(3) > 0) {
          forget(key);
          semantic.add(next(key, true));
          continue;
        }
        semantic.flush(); // so that both of us know what comes first
        switch (random().nextInt(16)) {
          case 0 -> {
            writer.deleteDocuments(new Term("key", key));
            forget(key);
          }
          case 1 -> {
            forget(key);
            writer.updateDocument(new Term("key", key), next(key, false));
          }
          case 2 -> writer.addDocument(next(key, false));
          case 3 -> {
            if (sort == null) { // Lucene fails to sort such a block once its last document is gone
              writer.addDocuments(List.of(next("child", false), next(key, false)));
            }
          }
          case 4 -> {
            int rank = random().nextInt(20);
            writer.deleteDocuments(IntField.newRangeQuery("rank", rank, rank + 2));
            expected.values().removeIf(page -> page.rank() >= rank && page.rank() <= rank + 2);
          }
          case 5 -> {
            // Passages have no color: all of them go too.
            if (rarely()) {
              writer.deleteDocuments(
                  new BooleanQuery.Builder()
                      .add(MatchAllDocsQuery.INSTANCE, Occur.MUST)
                      .add(RED, Occur.MUST_NOT)
                      .build());
              expected.values().removeIf(page -> !page.color().equals("red"));
              expected.replaceAll((serial, page) -> page.withPassages(passage -> false));
            }
          }
          case 6 -> {
            if (soft) {
              forget(key);
              writer.softUpdateDocument(
                  new Term("key", key), next(key, false), new NumericDocValuesField(SOFT, 1));
            }
          }
          case 7 -> {
            // Somebody else's passages of one place, out of the middle of their blocks.
            int start = random().nextInt(60);
            writer.deleteDocuments(
                NumericDocValuesField.newSlowRangeQuery(
                    IndexSchema.PASSAGE_START, start, start + 5));
            expected.replaceAll(
                (serial, page) ->
                    page.withPassages(
                        passage -> passage.start() < start || passage.start() > start + 5));
          }
          case 8 -> writer.forceMerge(TestUtil.nextInt(random(), 1, 3));
          case 9 -> writer.flush();
          case 10 -> {
            semantic.commit();
            semantic.close();
            writer.close();
            writer = new IndexWriter(directory, config(sort, soft));
            semantic = over(writer);
          }
          case 11 -> semantic.commit();
          case 12 -> {
            semantic.delete(key);
            forget(key);
          }
          case 13 -> semantic.deleteOrphans();
          default -> check(writer);
        }
      }
      semantic.flush();
      check(writer);
      long orphans = semantic.deleteOrphans();
      assertTrue("got: " + orphans, orphans >= 0);
      assertEquals(0, semantic.deleteOrphans());
      check(writer);
    } finally {
      IOUtils.close(semantic, writer, directory);
    }
  }

  private void check(IndexWriter writer) throws IOException {
    try (DirectoryReader reader = DirectoryReader.open(writer)) {
      IndexSearcher searcher = newSearcher(reader);
      float[] query = embedder.embedQuery(words(4)).vector();
      checkSemantic(searcher, query, null, page -> true);
      checkSemantic(searcher, query, RED, page -> page.color().equals("red"));
      checkHybrid(searcher, query);
      checkMoreLike(searcher);
    }
  }

  private static String serial(IndexSearcher searcher, int doc) throws IOException {
    return searcher.storedFields().document(doc).get("serial");
  }

  private void checkSemantic(
      IndexSearcher searcher, float[] query, @Nullable Query filter, Predicate<Page> allowed)
      throws IOException {
    Map<String, Float> all = new HashMap<>();
    expected.forEach(
        (serial, page) -> {
          if (allowed.test(page) && !page.passages().isEmpty()) {
            all.put(serial, page.cosine(query));
          }
        });
    int k = TestUtil.nextInt(random(), 1, Math.max(1, all.size()));
    List<Float> best = all.values().stream().sorted(Comparator.reverseOrder()).limit(k).toList();
    ScoreDoc[] found =
        searcher.search(
                new SemanticQuery(query, k, filter, SemanticQuery.ANY_SIMILARITY),
                Math.max(1, searcher.getIndexReader().maxDoc()))
            .scoreDocs;
    List<Float> cosines = new ArrayList<>();
    for (ScoreDoc hit : found) {
      String serial = serial(searcher, hit.doc);
      assertNotNull(serial + " should not be found", all.get(serial));
      assertEquals(serial, (1 + all.get(serial)) / 2, hit.score, 1e-6);
      cosines.add(all.get(serial));
    }
    assertEquals("as many as there are", best.size(), found.length);
    for (int i = 0; i < found.length; i++) {
      assertEquals("of the best " + k + ", at " + i, best.get(i), cosines.get(i), 1e-6);
    }
  }

  private void checkHybrid(IndexSearcher searcher, float[] query) throws IOException {
    HybridQuery both =
        new HybridQuery(
            new TermQuery(new Term("body", "w1")), new SemanticQuery(query, 50), Fusion.convex(0));
    for (FusedHit hit : both.search(searcher)) {
      String serial = serial(searcher, hit.candidate().doc());
      Page page = expected.get(serial);
      assertNotNull(serial + " should not be found", page);
      assertEquals(serial, page.cosine(query), hit.candidate().cosine(), 1e-6);
      assertEquals(serial, page.passages().isEmpty(), hit.candidate().passage() < 0);
    }
  }

  private void checkMoreLike(IndexSearcher searcher) throws IOException {
    List<Page> pages = expected.values().stream().filter(p -> !p.passages().isEmpty()).toList();
    if (pages.isEmpty()) {
      return;
    }
    String key = RandomPicks.randomFrom(random(), pages).key();
    Query like = SemanticQuery.moreLike(searcher, key, 1_000, null, SemanticQuery.ANY_SIMILARITY);
    for (ScoreDoc hit :
        searcher.search(like, Math.max(1, searcher.getIndexReader().maxDoc())).scoreDocs) {
      Page page = expected.get(serial(searcher, hit.doc));
      assertNotNull(page);
      assertFalse(page.passages().isEmpty());
    }
  }
}
