package io.github.semblance.search;

import io.github.semblance.embed.BagOfWordsEmbedder;
import io.github.semblance.index.IndexSchema;
import io.github.semblance.index.SemanticIndexWriter;
import io.github.semblance.index.SemanticIndexWriterConfig;
import io.github.semblance.index.SourceDocument;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.FloatVectorValues;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.store.Directory;
import org.apache.lucene.tests.analysis.MockAnalyzer;
import org.apache.lucene.tests.util.LuceneTestCase;
import org.apache.lucene.util.Bits;

/** An index of random documents, several segments, some deletes, and naive answers about it. */
abstract class IndexedTestCase extends LuceneTestCase {
  /** So small a window that documents of a dozen words have several passages. */
  static final int WINDOW = 16;

  private static final String[] COLORS = {"red", "green", "blue"};

  final BagOfWordsEmbedder embedder = new BagOfWordsEmbedder(24, WINDOW);
  Directory directory;
  IndexWriter writer;
  IndexReader reader;
  IndexSearcher searcher;

  @Override
  public void setUp() throws Exception {
    super.setUp();
    directory = newDirectory();
    writer = new IndexWriter(directory, newIndexWriterConfig(new MockAnalyzer(random())));
    open();
  }

  @Override
  public void tearDown() throws Exception {
    reader.close();
    writer.close();
    directory.close();
    embedder.close();
    super.tearDown();
  }

  /** Adds documents in a few flushes, deletes some of them, and opens a searcher. */
  final void index(int documents) throws IOException {
    try (SemanticIndexWriter semantic =
        new SemanticIndexWriter(writer, embedder, new SemanticIndexWriterConfig())) {
      for (int i = 0; i < documents; i++) {
        semantic.updateDocument(randomDocument(i));
        if (rarely()) {
          semantic.commit();
        }
      }
      for (int i = 0; i < documents / 10; i++) {
        semantic.deleteDocument(Integer.toString(random().nextInt(documents)));
      }
      semantic.commit();
    }
    open();
  }

  final void index(SourceDocument... documents) throws IOException {
    try (SemanticIndexWriter semantic =
        new SemanticIndexWriter(writer, embedder, new SemanticIndexWriterConfig())) {
      for (SourceDocument document : documents) {
        semantic.updateDocument(document);
      }
      semantic.commit();
    }
    open();
  }

  private void open() throws IOException {
    if (reader != null) {
      reader.close();
    }
    reader = DirectoryReader.open(writer);
    searcher = newSearcher(reader);
  }

  private static SourceDocument randomDocument(int number) {
    return new SourceDocument(
        Integer.toString(number),
        words(random().nextInt(4)),
        words(1 + random().nextInt(random().nextBoolean() ? 5 : 40)),
        Map.of("color", List.of(COLORS[random().nextInt(COLORS.length)])));
  }

  static String words(int count) {
    StringBuilder words = new StringBuilder();
    for (int i = 0; i < count; i++) {
      words.append(
          String.format(Locale.ROOT, "w%d%s", random().nextInt(30), rarely() ? ". " : " "));
    }
    return words.toString();
  }

  final float[] vector(String query) {
    return embedder.embedQuery(query).vector();
  }

  /** Any of the words in the catch-all field. */
  static Query anyOf(String... words) {
    BooleanQuery.Builder query = new BooleanQuery.Builder();
    for (String word : words) {
      query.add(new TermQuery(new Term(IndexSchema.CATCH_ALL, word)), Occur.SHOULD);
    }
    return query.build();
  }

  static Query color(String color) {
    return new TermQuery(new Term("color", color));
  }

  final String id(int doc) throws IOException {
    return reader.storedFields().document(doc).get(IndexSchema.ID);
  }

  /** The scores of all documents that match, by document number. */
  final Map<Integer, Float> allScores(Query query) throws IOException {
    Map<Integer, Float> scores = new HashMap<>();
    if (reader.maxDoc() > 0) {
      for (ScoreDoc hit : searcher.search(query, reader.maxDoc()).scoreDocs) {
        scores.put(hit.doc, hit.score);
      }
    }
    return scores;
  }

  /** The largest cosine over each live document's passages, found by looking at everything. */
  final Map<Integer, Float> allCosines(float[] query) throws IOException {
    Map<Integer, Float> cosines = new HashMap<>();
    for (LeafReaderContext leaf : reader.leaves()) {
      Map<Integer, float[]> vectors = new HashMap<>();
      FloatVectorValues values = leaf.reader().getFloatVectorValues(IndexSchema.VECTOR);
      for (int ord = 0; values != null && ord < values.size(); ord++) {
        vectors.put(values.ordToDoc(ord), values.vectorValue(ord).clone());
      }
      Bits live = leaf.reader().getLiveDocs();
      List<float[]> passages = new ArrayList<>();
      for (int doc = 0; doc < leaf.reader().maxDoc(); doc++) {
        if (vectors.containsKey(doc)) {
          passages.add(vectors.get(doc));
          continue;
        }
        if (!passages.isEmpty() && (live == null || live.get(doc))) {
          float best = -1;
          for (float[] passage : passages) {
            double norms = dot(query, query) * dot(passage, passage);
            best = Math.max(best, (float) (dot(query, passage) / Math.sqrt(norms)));
          }
          cosines.put(leaf.docBase + doc, best);
        }
        passages.clear();
      }
    }
    return cosines;
  }

  private static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }

  /** Document numbers by falling score, ties by number. */
  static List<Integer> ranked(Map<Integer, Float> scores) {
    return scores.entrySet().stream()
        .sorted(
            Map.Entry.<Integer, Float>comparingByValue()
                .reversed()
                .thenComparing(Map.Entry.comparingByKey()))
        .map(Map.Entry::getKey)
        .toList();
  }
}
