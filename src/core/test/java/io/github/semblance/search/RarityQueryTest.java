package io.github.semblance.search;

import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
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
import org.apache.lucene.search.QueryVisitor;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.TermStatistics;
import org.apache.lucene.search.similarities.BM25Similarity;
import org.apache.lucene.store.Directory;
import org.apache.lucene.tests.index.RandomIndexWriter;
import org.apache.lucene.tests.util.LuceneTestCase;

public class RarityQueryTest extends LuceneTestCase {
  private static final int DOCUMENTS = 60;

  private Directory directory;
  private DirectoryReader reader;
  private IndexSearcher searcher;

  @Override
  public void setUp() throws Exception {
    super.setUp();
    directory = newDirectory();
    try (RandomIndexWriter writer = new RandomIndexWriter(random(), directory)) {
      for (int i = 0; i < DOCUMENTS; i++) {
        Document document = new Document();
        String text = (i % 2 == 0 ? "even " : "odd ") + (i % 20 == 0 ? "rare " : "") + "all";
        document.add(new TextField("body", text, Store.NO));
        document.add(new TextField("title", i % 10 == 0 ? "even" : "none", Store.NO));
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

  private static Query term(String field, String word) {
    return new TermQuery(new Term(field, word));
  }

  private static Query any(Query... queries) {
    BooleanQuery.Builder any = new BooleanQuery.Builder();
    for (Query query : queries) {
      any.add(query, Occur.SHOULD);
    }
    return any.build();
  }

  private static double idf(int having) {
    return Math.log(1 + (DOCUMENTS - having + 0.5) / (having + 0.5));
  }

  private Map<Integer, Float> scores(Query query) throws IOException {
    Map<Integer, Float> scores = new HashMap<>();
    for (ScoreDoc hit : searcher.search(query, DOCUMENTS).scoreDocs) {
      scores.put(hit.doc, hit.score);
    }
    return scores;
  }

  public void testTermsCountByTheSquareRootOfTheirIdf() throws IOException {
    float even = (float) Math.sqrt(idf(30) / idf(3));
    Query wanted =
        any(
            new BoostQuery(term("body", "even"), 3 * even),
            term("body", "rare"),
            term("body", "missing"),
            new BoostQuery(term("title", "even"), 0.25f));
    Query query =
        new RarityQuery(
            any(
                new BoostQuery(term("body", "even"), 3),
                term("body", "rare"),
                term("body", "missing"),
                new BoostQuery(term("title", "even"), 0.25f)));
    Map<Integer, Float> expected = scores(wanted);
    Map<Integer, Float> got = scores(query);
    assertEquals(expected.keySet(), got.keySet());
    expected.forEach(
        (doc, score) -> assertEquals(score, Objects.requireNonNull(got.get(doc)), 1e-5));
    assertEquals(Bm25UpperBound.of(searcher, wanted), Bm25UpperBound.of(searcher, query), 1e-4);
  }

  public void testOneWordIsNotChanged() throws IOException {
    for (Query one : new Query[] {term("body", "even"), any(term("body", "missing"))}) {
      assertEquals(scores(one), scores(new RarityQuery(one)));
    }
  }

  public void testWhatIsNotATermStays() throws IOException {
    Query filtered =
        new BooleanQuery.Builder()
            .add(MatchAllDocsQuery.INSTANCE, Occur.MUST)
            .add(term("body", "odd"), Occur.FILTER)
            .add(term("body", "rare"), Occur.MUST_NOT)
            .build();
    assertEquals(scores(filtered), scores(new RarityQuery(filtered)));
  }

  public void testOneShardTakesTheStatisticsOfAll() throws IOException {
    IndexSearcher shard =
        new IndexSearcher(reader) {
          @Override
          public TermStatistics termStatistics(Term term, int docFreq, long totalTermFreq)
              throws IOException {
            return term.text().equals("elsewhere")
                ? new TermStatistics(term.bytes(), 1, 1)
                : super.termStatistics(term, docFreq, totalTermFreq);
          }
        };
    shard.setSimilarity(new BM25Similarity());
    double limit =
        Bm25UpperBound.of(
            shard, new RarityQuery(any(term("body", "elsewhere"), term("body", "even"))));
    assertEquals(idf(1) + idf(30) * Math.sqrt(idf(30) / idf(1)), limit, 1e-4);
  }

  public void testEqualityAndTerms() {
    Query query = new RarityQuery(any(term("body", "even"), term("body", "rare")));
    assertEquals(query, new RarityQuery(any(term("body", "even"), term("body", "rare"))));
    assertEquals(
        query.hashCode(),
        new RarityQuery(any(term("body", "even"), term("body", "rare"))).hashCode());
    assertFalse(query.equals(new RarityQuery(term("body", "even"))));
    Set<Term> terms = new HashSet<>();
    query.visit(QueryVisitor.termCollector(terms));
    assertEquals(Set.of(new Term("body", "even"), new Term("body", "rare")), terms);
  }
}
