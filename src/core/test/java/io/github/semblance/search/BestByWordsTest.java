package io.github.semblance.search;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.StringField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.BoostQuery;
import org.apache.lucene.search.Collector;
import org.apache.lucene.search.CollectorManager;
import org.apache.lucene.search.Explanation;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.store.Directory;
import org.apache.lucene.tests.index.RandomIndexWriter;
import org.apache.lucene.tests.util.LuceneTestCase;

/** Whatever is searched instead of a query, its best documents must be found. */
public class BestByWordsTest extends LuceneTestCase {
  private static final int WORDS = 12;

  /** Word 0 is in nearly every text, the last one in few. */
  private static String text(boolean asWritten) {
    StringBuilder text = new StringBuilder();
    for (int word = asWritten ? 0 : 1; word < WORDS; word++) { // 0 is a stop word
      for (int times = random().nextInt(3);
          times >= 0 && random().nextInt(word + 1) == 0;
          times--) {
        text.append('w').append(word).append(' ');
      }
    }
    return text.toString();
  }

  private static Query bag(String field, int first) {
    BooleanQuery.Builder bag = new BooleanQuery.Builder();
    for (int i = 0; i < 3; i++) {
      String word = "w" + (first + random().nextInt(WORDS - first));
      bag.add(new TermQuery(new Term(field, word)), Occur.SHOULD);
    }
    return bag.build();
  }

  /** Of some documents only, by a filter, a prohibition or both, around the words or nested. */
  private static Query limited(Query words) {
    BooleanQuery.Builder limited = new BooleanQuery.Builder().add(words, Occur.MUST);
    int kind = 1 + random().nextInt(3);
    if ((kind & 1) != 0) {
      limited.add(tag(), Occur.FILTER);
    }
    if ((kind & 2) != 0) {
      limited.add(tag(), Occur.MUST_NOT);
    }
    Query query = limited.build();
    return rarely() ? limited(query) : query;
  }

  private static Query tag() {
    return new TermQuery(new Term("tag", "t" + random().nextInt(4)));
  }

  private static Map<Integer, Float> explained(IndexSearcher searcher, Query query, int[] docs)
      throws IOException {
    Map<Integer, Float> scores = new HashMap<>();
    for (int doc : docs) {
      Explanation score = searcher.explain(query, doc);
      scores.put(doc, score.isMatch() ? score.getValue().floatValue() : 0);
    }
    return scores;
  }

  public void testFindsWhatTheQueryItselfFinds() throws IOException {
    try (Directory directory = newDirectory();
        RandomIndexWriter writer = new RandomIndexWriter(random(), directory)) {
      for (int doc = 0; doc < 300; doc++) {
        Document document = new Document();
        document.add(new TextField("analysed", text(false), Field.Store.NO));
        document.add(new TextField("written", text(true), Field.Store.NO));
        document.add(new StringField("tag", "t" + random().nextInt(4), Field.Store.NO));
        writer.addDocument(document);
      }
      try (IndexReader reader = writer.getReader()) {
        IndexSearcher searcher = new IndexSearcher(reader);
        for (int round = 0; round < 100; round++) {
          Query words = searcher.rewrite(LexicalQuery.of(bag("analysed", 1), bag("written", 0)));
          Query query = random().nextBoolean() ? words : limited(words);
          int k = 1 + random().nextInt(40);
          Map<Integer, Float> best =
              BestByWords.search(searcher, query, k, docs -> explained(searcher, query, docs));
          ScoreDoc[] expected = searcher.search(query, k).scoreDocs;
          assertEquals(query + ", " + k, expected.length, best.size());
          float least = Float.MAX_VALUE;
          for (ScoreDoc hit : expected) {
            least = Math.min(least, hit.score);
          }
          for (Map.Entry<Integer, Float> hit : best.entrySet()) {
            // Equally good ones may stand for each other at the end.
            assertTrue(query + ", " + k, hit.getValue() >= least - 1e-5f);
            assertEquals(
                searcher.explain(query, hit.getKey()).getValue().floatValue(),
                hit.getValue(),
                1e-5f);
          }
        }
      }
    }
  }

  public void testKeepsFiltersBesideTheDisjunction() throws IOException {
    try (Directory directory = newDirectory();
        RandomIndexWriter writer = new RandomIndexWriter(random(), directory)) {
      for (String tag : new String[] {"t0", "t1", "t2"}) {
        Document document = new Document();
        document.add(new TextField("analysed", "a b", Field.Store.NO));
        document.add(new TextField("written", "a b", Field.Store.NO));
        document.add(new StringField("tag", tag, Field.Store.NO));
        writer.addDocument(document);
      }
      try (IndexReader reader = writer.getReader()) {
        List<Query> searched = new ArrayList<>();
        IndexSearcher searcher =
            new IndexSearcher(reader) {
              @Override
              public <C extends Collector, T> T search(
                  Query query, CollectorManager<C, T> collectors) throws IOException {
                searched.add(query);
                return super.search(query, collectors);
              }
            };
        Query words =
            searcher.rewrite(LexicalQuery.of(anyOf("analysed", "a", "b"), anyOf("written", "a")));
        Query query =
            new BooleanQuery.Builder()
                .add(words, Occur.MUST)
                .add(anyOf("tag", "t0", "t1"), Occur.FILTER)
                .add(anyOf("tag", "t1"), Occur.MUST_NOT)
                .build();
        Map<Integer, Float> best =
            BestByWords.search(searcher, query, 3, docs -> explained(searcher, query, docs));
        assertEquals("only t0 is allowed", 1, best.size());
        assertEquals("the query itself is not searched", 1, searched.size());
        BooleanQuery wider = (BooleanQuery) searched.getFirst();
        assertEquals(wider.toString(), 3, wider.getClauses(Occur.SHOULD).size());
        assertEquals(wider.toString(), 1, wider.getClauses(Occur.FILTER).size());
        assertEquals(wider.toString(), 1, wider.getClauses(Occur.MUST_NOT).size());
        assertEquals(wider.toString(), 5, wider.clauses().size());
      }
    }
  }

  private static Query anyOf(String field, String... words) {
    BooleanQuery.Builder any = new BooleanQuery.Builder();
    for (String word : words) {
      any.add(new TermQuery(new Term(field, word)), Occur.SHOULD);
    }
    return any.build();
  }

  public void testSearchesAnyOtherQueryAsItIs() throws IOException {
    try (Directory directory = newDirectory();
        RandomIndexWriter writer = new RandomIndexWriter(random(), directory)) {
      for (String text : new String[] {"a", "a b", "b", "b b"}) {
        Document document = new Document();
        document.add(new TextField("text", text, Field.Store.NO));
        writer.addDocument(document);
      }
      try (IndexReader reader = writer.getReader()) {
        IndexSearcher searcher = new IndexSearcher(reader);
        Query a = new TermQuery(new Term("text", "a"));
        Query b = new TermQuery(new Term("text", "b"));
        for (Query query :
            new Query[] {
              a,
              new BooleanQuery.Builder().add(a, Occur.MUST).add(b, Occur.MUST_NOT).build(),
              new BooleanQuery.Builder().add(a, Occur.FILTER).add(b, Occur.MUST).build(),
              new BooleanQuery.Builder().add(a, Occur.MUST).add(b, Occur.MUST).build(),
              new BooleanQuery.Builder()
                  .add(a, Occur.MUST)
                  .add(new BoostQuery(b, 100), Occur.SHOULD)
                  .build(),
              new BooleanQuery.Builder()
                  .add(a, Occur.SHOULD)
                  .add(b, Occur.SHOULD)
                  .setMinimumNumberShouldMatch(2)
                  .build()
            }) {
          Map<Integer, Float> best =
              BestByWords.search(searcher, query, 2, docs -> explained(searcher, query, docs));
          ScoreDoc[] expected = searcher.search(query, 2).scoreDocs;
          assertEquals(query.toString(), expected.length, best.size());
          for (ScoreDoc hit : expected) {
            assertEquals(query.toString(), hit.score, best.getOrDefault(hit.doc, Float.NaN), 1e-6f);
          }
        }
      }
    }
  }
}
