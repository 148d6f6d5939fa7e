package io.github.semblance.opensearch;

import io.github.semblance.embed.Calibration;
import io.github.semblance.search.Candidate;
import io.github.semblance.search.FusedHit;
import io.github.semblance.search.Fusion;
import io.github.semblance.search.HybridQuery;
import io.github.semblance.search.PassageMatch;
import io.github.semblance.search.SemanticQuery;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.ConstantScoreQuery;
import org.apache.lucene.search.Explanation;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.MatchNoDocsQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.QueryVisitor;
import org.apache.lucene.search.ScoreMode;
import org.apache.lucene.search.ScorerSupplier;
import org.apache.lucene.search.Weight;
import org.jspecify.annotations.Nullable;
import org.opensearch.common.lucene.search.Queries;

/**
 * The queries {@code semantic} and {@code semblance} on one shard. Safe for use by many threads.
 *
 * <p>The library's queries search in their rewrite, and OpenSearch rewrites before it knows the
 * statistics of all shards and the alias. So this one searches when its first document is asked
 * for, and once for each searcher, however often it stands in a request.
 */
final class ShardQuery extends Query {
  private static final Query NO_WORDS = new MatchNoDocsQuery("meaning alone");

  /**
   * The leg that scores words.
   *
   * @param query over documents, no passages among them
   * @param allWords matches documents that have every word
   * @param fusion of both legs
   */
  record Lexical(Query query, Query allWords, Fusion fusion) {
    Lexical {
      query =
          new BooleanQuery.Builder()
              .add(query, Occur.MUST)
              .add(Queries.newNonNestedFilter(), Occur.FILTER)
              .build();
    }
  }

  private final String field;
  private final boolean isPart;
  private final QueryVector vector;
  private final int k;
  private final @Nullable Query filter;
  private final float minSimilarity;
  private final float minConfidence;
  private final @Nullable Lexical lexical;
  private final ShardSearches searches;

  /** As it was asked, for comparisons. */
  private final Query asked;

  private @Nullable Found found;

  /**
   * Searches nothing yet.
   *
   * @param field of the vectors in the mapping
   * @param isPart whether the index has other shards
   * @param minConfidence of a document that is found, from 0 to 1; 0 without a calibration
   * @param lexical null for meaning alone; else as {@link SemanticQuery} and {@link HybridQuery}
   */
  ShardQuery(
      String field,
      boolean isPart,
      QueryVector vector,
      int k,
      @Nullable Query filter,
      float minSimilarity,
      float minConfidence,
      @Nullable Lexical lexical,
      ShardSearches searches) {
    this.field = field;
    this.isPart = isPart;
    this.vector = vector;
    this.k = k;
    this.filter = filter;
    this.minSimilarity = minSimilarity;
    this.minConfidence = minConfidence;
    this.lexical = lexical;
    this.searches = searches;
    this.asked = among(null);
  }

  /** What was found, and by which searcher. */
  private record Found(IndexSearcher host, ShardSearcher searcher, Query documents) {}

  private Query among(@Nullable Query alias) {
    return lexical == null ? semantic(alias) : hybrid(lexical, alias);
  }

  private HybridQuery hybrid(Lexical words, @Nullable Query alias) {
    return new HybridQuery(words.query(), semantic(alias), words.fusion());
  }

  private HybridQuery byMeaning(Query words) {
    return new HybridQuery(words, semantic(null), Fusion.convex(0));
  }

  private SemanticQuery semantic(@Nullable Query alias) {
    float least = lexical == null ? Math.max(minSimilarity, leastCosine()) : minSimilarity;
    return new SemanticQuery(vector.vector(), k, both(filter, alias), least);
  }

  private float leastCosine() {
    return minConfidence == 0 || vector.calibration() == null
        ? SemanticQuery.ANY_SIMILARITY
        : vector.calibration().leastCosine(minConfidence);
  }

  /** Searches both legs, and leaves out the documents that are too unlikely to answer. */
  private Query sure(ShardSearcher searcher, HybridQuery hybrid) throws IOException {
    List<FusedHit> all = hybrid.search(searcher);
    int[] docs = all.stream().mapToInt(hit -> hit.candidate().doc()).toArray();
    Map<Integer, Float> confidence = confidence(searcher, docs);
    return hybrid.toScoredDocs(
        searcher,
        all.stream()
            .filter(hit -> confidence.getOrDefault(hit.candidate().doc(), 0f) >= minConfidence)
            .toList());
  }

  /**
   * How likely it is that documents answer, by number: by their closest passages and, where words
   * count, by having all of them.
   *
   * @return nothing without a calibration
   */
  Map<Integer, Float> confidence(IndexSearcher host, int... docs) throws IOException {
    Calibration calibration = vector.calibration();
    if (calibration == null) {
      return Map.of();
    }
    HybridQuery words =
        byMeaning(lexical == null ? NO_WORDS : new ConstantScoreQuery(lexical.allWords()));
    Map<Integer, Float> confidence = new HashMap<>();
    for (Candidate one : words.scores(searcher(host), docs)) {
      confidence.put(one.doc(), calibration.confidence(one.cosine(), one.bm25() > 0));
    }
    return confidence;
  }

  /** The first of the plugin's queries in a query; null if there is none. */
  static @Nullable ShardQuery firstIn(Query query) {
    Finder finder = new Finder();
    query.visit(finder);
    return finder.found;
  }

  private static final class Finder extends QueryVisitor {
    private @Nullable ShardQuery found;

    @Override
    public QueryVisitor getSubVisitor(Occur occur, Query parent) {
      look(parent);
      return this;
    }

    @Override
    public void visitLeaf(Query query) {
      look(query);
    }

    private void look(Query query) {
      if (found == null && query instanceof ShardQuery ours) {
        found = ours;
      }
    }
  }

  private static @Nullable Query both(@Nullable Query one, @Nullable Query other) {
    if (one == null || other == null) {
      return one == null ? other : one;
    }
    return new BooleanQuery.Builder().add(one, Occur.FILTER).add(other, Occur.FILTER).build();
  }

  /**
   * What the legs say of some documents, whether or not they find them.
   *
   * @param docs their numbers
   */
  List<Candidate> scores(IndexSearcher host, int... docs) throws IOException {
    HybridQuery legs = lexical == null ? byMeaning(NO_WORDS) : hybrid(lexical, null);
    return legs.scores(searcher(host), docs);
  }

  /** The passages of a document, closest first. */
  List<PassageMatch> passages(IndexSearcher host, int doc, int most) throws IOException {
    return semantic(null).passages(searcher(host), doc, most);
  }

  /** Of the vectors, in the mapping. */
  String field() {
    return field;
  }

  /** The vector that passages are compared with; not to be written to. */
  float[] vector() {
    return vector.vector();
  }

  /** Whether words count. */
  boolean isHybrid() {
    return lexical != null;
  }

  private ShardSearcher searcher(IndexSearcher host) {
    return new ShardSearcher(host, isPart, searches.of(host).deadline());
  }

  @SuppressWarnings("ReferenceEquality") // searchers are told apart by what they are
  private synchronized Found search(IndexSearcher host) throws IOException {
    Found known = found;
    if (known == null || known.host != host) {
      ShardSearcher searcher = searcher(host);
      Query alias = searches.of(host).alias();
      Query documents =
          lexical == null || minConfidence == 0
              ? searcher.rewrite(among(alias))
              : sure(searcher, hybrid(lexical, alias));
      known = new Found(host, searcher, documents);
      found = known;
    }
    return known;
  }

  @Override
  public Weight createWeight(IndexSearcher searcher, ScoreMode scoreMode, float boost)
      throws IOException {
    if (lexical != null) {
      // Shows a searcher that gathers statistics of all shards which are needed. What rewriting
      // asks
      // for, to find out which words are rare, is not among them.
      Query terms = new IndexSearcher(searcher.getIndexReader()).rewrite(lexical.query());
      Weight unused = searcher.createWeight(terms, ScoreMode.COMPLETE, 1);
    }
    return new ShardWeight(searcher, boost);
  }

  private final class ShardWeight extends Weight {
    private final IndexSearcher host;
    private final float boost;

    ShardWeight(IndexSearcher host, float boost) {
      super(ShardQuery.this);
      this.host = host;
      this.boost = boost;
    }

    private Weight ofFound() throws IOException {
      Found known = search(host);
      return known.documents.createWeight(known.searcher, ScoreMode.COMPLETE, boost);
    }

    @Override
    public Explanation explain(LeafReaderContext context, int doc) throws IOException {
      return ofFound().explain(context, doc);
    }

    @Override
    public @Nullable ScorerSupplier scorerSupplier(LeafReaderContext context) throws IOException {
      return ofFound().scorerSupplier(context);
    }

    @Override
    public boolean isCacheable(LeafReaderContext context) {
      return false; // what is found in one segment depends on the others
    }
  }

  @Override
  public void visit(QueryVisitor visitor) {
    if (lexical == null) {
      visitor.visitLeaf(this);
    } else {
      lexical.query().visit(visitor.getSubVisitor(Occur.SHOULD, this));
    }
  }

  @Override
  public String toString(String field) {
    return asked.toString(field);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return sameClassAs(other)
        && other instanceof ShardQuery that
        && asked.equals(that.asked)
        && minConfidence == that.minConfidence;
  }

  @Override
  public int hashCode() {
    return Objects.hash(classHash(), asked, minConfidence);
  }
}
