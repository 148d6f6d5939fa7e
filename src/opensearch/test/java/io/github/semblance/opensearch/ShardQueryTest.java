package io.github.semblance.opensearch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.semblance.embed.Calibration;
import io.github.semblance.index.IndexSchema;
import io.github.semblance.index.PassageVector;
import io.github.semblance.search.Fusion;
import io.github.semblance.search.SemanticQuery;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.lucene.analysis.standard.StandardAnalyzer;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.CollectionStatistics;
import org.apache.lucene.search.ConstantScoreQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.MatchAllDocsQuery;
import org.apache.lucene.search.MatchNoDocsQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.QueryVisitor;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.ScoreMode;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.TermStatistics;
import org.apache.lucene.search.TopDocs;
import org.apache.lucene.search.Weight;
import org.apache.lucene.store.ByteBuffersDirectory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@SuppressWarnings("NullAway.Init") // fields are set before each test
final class ShardQueryTest {
  private static final float[] EAST = {1, 0};
  private static final Fusion FUSION = Fusion.convex(0.1f);
  private static final Query THIRD = new TermQuery(new Term("all", "third"));
  private static final Calibration CALIBRATION = new Calibration(0.9f, 40, 0.25f);

  private final ByteBuffersDirectory directory = new ByteBuffersDirectory();
  private DirectoryReader reader;
  private IndexSearcher searcher;

  @BeforeEach
  void index() throws IOException {
    try (IndexWriter writer =
        new IndexWriter(directory, new IndexWriterConfig(new StandardAnalyzer()))) {
      for (int i = 0; i < 40; i++) {
        Document passage = new Document();
        double angle = Math.PI * i / 40;
        float[] vector = {(float) Math.cos(angle), (float) Math.sin(angle)};
        IndexSchema.passageFields(new PassageVector(0, 1, vector)).forEach(passage::add);
        Document parent = new Document();
        parent.add(IndexSchema.parentField(1));
        parent.add(new NumericDocValuesField("_primary_term", 1)); // what is no nested document
        parent.add(new TextField("all", i % 3 == 0 ? "third word" : "word", Field.Store.NO));
        writer.addDocuments(List.of(passage, parent));
      }
    }
    reader = DirectoryReader.open(directory);
    searcher = new IndexSearcher(reader);
  }

  @AfterEach
  void close() throws IOException {
    reader.close();
    directory.close();
  }

  private static ShardQuery query(@Nullable Query filter) {
    return query(filter, 0, new ShardQuery.Lexical(THIRD, THIRD, FUSION));
  }

  private static ShardQuery query(
      @Nullable Query filter, float minConfidence, ShardQuery.@Nullable Lexical lexical) {
    return new ShardQuery(
        "passages.vector",
        false,
        new QueryVector(EAST, "m", "f00d", 0, CALIBRATION, 0),
        10,
        filter,
        SemanticQuery.ANY_SIMILARITY,
        minConfidence,
        lexical,
        new ShardSearches());
  }

  /** Matches all, and counts how often it is asked to. */
  private static final class Counting extends Query {
    private int searches;

    @Override
    public Weight createWeight(IndexSearcher searcher, ScoreMode mode, float boost)
        throws IOException {
      searches++;
      return new ConstantScoreQuery(MatchAllDocsQuery.INSTANCE).createWeight(searcher, mode, boost);
    }

    @Override
    public void visit(QueryVisitor visitor) {
      visitor.visitLeaf(this);
    }

    @Override
    public String toString(String field) {
      return "Counting";
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return this == other;
    }

    @Override
    public int hashCode() {
      return classHash();
    }
  }

  @Test
  void itSearchesOnceForEachSearcher() throws IOException {
    Counting filter = new Counting();
    ShardQuery query = query(filter);
    Query rewritten = searcher.rewrite(query);
    assertEquals(0, filter.searches);
    TopDocs found = searcher.search(rewritten, 5);
    int once = filter.searches;
    assertTrue(once > 0);
    searcher.search(query, 3);
    assertTrue(searcher.explain(query, found.scoreDocs[0].doc).isMatch());
    // An explanation scores the document itself.
    assertTrue(filter.searches <= once + 2, () -> once + " and then " + filter.searches);
    assertTrue(new IndexSearcher(reader).count(query) >= 10);
    assertTrue(filter.searches >= 2 * once, () -> once + " and then " + filter.searches);
  }

  @Test
  void filtersInEachOtherCostNoMoreThanBesideEachOther() throws IOException {
    int one = searches(1);
    assertTrue(searches(20) <= 20 * one, () -> "one: " + one);
  }

  private int searches(int depth) throws IOException {
    Counting innermost = new Counting();
    Query query = innermost;
    for (int i = 0; i < depth; i++) {
      query = query(query);
    }
    assertTrue(searcher.count(query) > 0);
    return innermost.searches;
  }

  @Test
  void aWordThatAShardLacksIsRareThere() throws IOException {
    Term missing = new Term("all", "elsewhere");
    TermStatistics whole =
        new ShardSearcher(searcher, false, null)
            .termStatistics(missing, Integer.MAX_VALUE, Long.MAX_VALUE);
    assertEquals(Integer.MAX_VALUE, whole.docFreq());
    TermStatistics part =
        new ShardSearcher(searcher, true, null)
            .termStatistics(missing, Integer.MAX_VALUE, Long.MAX_VALUE);
    assertEquals(1, part.docFreq());
    // With the statistics of all shards, it is nowhere.
    IndexSearcher all =
        new IndexSearcher(reader) {
          @Override
          public CollectionStatistics collectionStatistics(String field) {
            return new CollectionStatistics(field, 1_000, 1_000, 5_000, 5_000);
          }
        };
    TermStatistics known =
        new ShardSearcher(all, true, null)
            .termStatistics(missing, Integer.MAX_VALUE, Long.MAX_VALUE);
    assertEquals(Integer.MAX_VALUE, known.docFreq());
  }

  @Test
  void whatIsTooUnlikelyToAnswerIsNotFound() throws IOException {
    // Of what is found, 14 are the third ones; the closest 10 have cosines of .76 and more.
    ShardQuery all = query(null);
    ShardQuery sure = query(null, 0.5f, new ShardQuery.Lexical(THIRD, THIRD, FUSION));
    assertNotEquals(all, sure);
    Map<Integer, Float> scores = scores(all);
    Map<Integer, Float> left = scores(sure);
    assertTrue(left.size() < scores.size(), left::toString);
    int byWords = 0;
    for (Map.Entry<Integer, Float> hit : scores.entrySet()) {
      int doc = hit.getKey();
      float confidence = all.confidence(searcher, doc).getOrDefault(doc, -1f);
      float cosine = all.scores(searcher, doc).getFirst().cosine();
      if (searcher.explain(THIRD, doc).isMatch()) {
        byWords++;
        assertEquals(Math.max(0.9f, CALIBRATION.confidence(cosine)), confidence);
      } else {
        assertEquals(CALIBRATION.confidence(cosine), confidence);
      }
      assertEquals(confidence >= 0.5f ? hit.getValue() : null, left.get(doc));
    }
    assertTrue(byWords > 0);
    // Other words than the text's say nothing of it.
    ShardQuery other =
        query(null, 0.5f, new ShardQuery.Lexical(THIRD, new MatchNoDocsQuery("none"), FUSION));
    Map<Integer, Float> close = scores(other);
    close.keySet().forEach(doc -> assertTrue(cosine(doc) >= 0.9f));
    assertEquals(close.keySet(), scores(query(null, 0.5f, null)).keySet());
    assertTrue(close.size() > 2 && close.size() < left.size(), close::toString);
  }

  private float cosine(int doc) {
    try {
      return query(null).scores(searcher, doc).getFirst().cosine();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Map<Integer, Float> scores(ShardQuery query) throws IOException {
    Map<Integer, Float> scores = new HashMap<>();
    for (ScoreDoc hit : searcher.search(query, 50).scoreDocs) {
      scores.put(hit.doc, hit.score);
    }
    return scores;
  }

  @Test
  void explanationsAreTheScores() throws IOException {
    ShardQuery query = query(null);
    TopDocs found = searcher.search(query, 10);
    for (var hit : found.scoreDocs) {
      assertEquals(hit.score, searcher.explain(query, hit.doc).getValue().floatValue(), 1e-6);
    }
  }
}
