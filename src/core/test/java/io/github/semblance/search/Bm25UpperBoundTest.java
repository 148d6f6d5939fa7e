package io.github.semblance.search;

import java.io.IOException;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field.Store;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.BoostQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.MatchAllDocsQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.TermStatistics;
import org.apache.lucene.search.similarities.BM25Similarity;
import org.apache.lucene.search.similarities.ClassicSimilarity;
import org.apache.lucene.store.Directory;
import org.apache.lucene.tests.index.RandomIndexWriter;
import org.apache.lucene.tests.util.LuceneTestCase;

public class Bm25UpperBoundTest extends LuceneTestCase {
  private static final String FIELD = "body";
  private static final String[] WORDS = {"late", "start", "course", "join", "after"};

  private Directory directory;
  private DirectoryReader reader;
  private IndexSearcher searcher;

  @Override
  public void setUp() throws Exception {
    super.setUp();
    directory = newDirectory();
    try (RandomIndexWriter writer = new RandomIndexWriter(random(), directory)) {
      for (int i = 0; i < 50; i++) {
        StringBuilder text = new StringBuilder(WORDS[i % WORDS.length]);
        for (int word = random().nextInt(20); word > 0; word--) {
          text.append(' ').append(WORDS[random().nextInt(WORDS.length)]);
        }
        Document document = new Document();
        document.add(new TextField(FIELD, text.toString(), Store.NO));
        writer.addDocument(document);
      }
      reader = writer.getReader();
    }
    searcher = newSearcher(reader);
    searcher.setSimilarity(new BM25Similarity());
  }

  @Override
  public void tearDown() throws Exception {
    reader.close();
    directory.close();
    super.tearDown();
  }

  public void testIsBoostTimesIdfSummedUp() throws IOException {
    double late = idf("late");
    double join = idf("join");
    assertEquals(late, Bm25UpperBound.of(searcher, term("late")), 1e-5);
    Query query =
        new BooleanQuery.Builder()
            .add(term("late"), Occur.SHOULD)
            .add(new BoostQuery(term("join"), 3), Occur.MUST)
            .add(term("start"), Occur.FILTER)
            .add(term("missing"), Occur.SHOULD)
            .add(term("after"), Occur.MUST_NOT)
            .build();
    assertEquals(late + 3 * join, Bm25UpperBound.of(searcher, query), 1e-4);
    assertEquals(
        2 * (late + 3 * join), Bm25UpperBound.of(searcher, new BoostQuery(query, 2)), 1e-4);
  }

  public void testNoScoreExceedsIt() throws IOException {
    BooleanQuery.Builder query = new BooleanQuery.Builder();
    for (String word : WORDS) {
      if (random().nextBoolean()) {
        query.add(new BoostQuery(term(word), 1 + random().nextInt(3)), Occur.SHOULD);
      }
    }
    float limit = Bm25UpperBound.of(searcher, query.build());
    for (ScoreDoc hit : searcher.search(query.build(), 50).scoreDocs) {
      assertTrue(hit.score + " of " + limit, hit.score <= limit);
    }
  }

  public void testOneShardTakesTheStatisticsOfAll() throws IOException {
    IndexSearcher shard =
        new IndexSearcher(reader) {
          @Override
          public TermStatistics termStatistics(Term term, int docFreq, long totalTermFreq)
              throws IOException {
            return term.text().equals("elsewhere")
                ? new TermStatistics(term.bytes(), 2, 3)
                : super.termStatistics(term, docFreq, totalTermFreq);
          }
        };
    double elsewhere = Math.log(1 + (50 - 2 + 0.5) / (2 + 0.5));
    assertEquals(elsewhere, Bm25UpperBound.of(shard, term("elsewhere")), 1e-5);
    assertEquals(0, Bm25UpperBound.of(shard, term("nowhere")), 0);
    assertEquals(0, Bm25UpperBound.of(shard, new TermQuery(new Term("no field", "late"))), 0);
  }

  public void testOtherQueriesAndSimilaritiesHaveNone() throws IOException {
    assertEquals(0, Bm25UpperBound.of(searcher, MatchAllDocsQuery.INSTANCE), 0);
    searcher.setSimilarity(new ClassicSimilarity());
    assertEquals(0, Bm25UpperBound.of(searcher, term("late")), 0);
  }

  private double idf(String word) throws IOException {
    long having = reader.docFreq(new Term(FIELD, word));
    return Math.log(1 + (50 - having + 0.5) / (having + 0.5));
  }

  private static Query term(String word) {
    return new TermQuery(new Term(FIELD, word));
  }
}
