package io.github.semblance.search;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.BoostQuery;
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
        writer.addDocument(document);
      }
      try (IndexReader reader = writer.getReader()) {
        IndexSearcher searcher = new IndexSearcher(reader);
        for (int round = 0; round < 100; round++) {
          Query query = searcher.rewrite(LexicalQuery.of(bag("analysed", 1), bag("written", 0)));
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
