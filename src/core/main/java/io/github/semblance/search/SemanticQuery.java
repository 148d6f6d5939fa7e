package io.github.semblance.search;

import io.github.semblance.index.IndexSchema;
import io.github.semblance.index.SegmentBlocks;
import io.github.semblance.index.VectorCodec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.ReaderUtil;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.Explanation;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.QueryVisitor;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.join.ToChildBlockJoinQuery;
import org.apache.lucene.util.VectorUtil;
import org.jspecify.annotations.Nullable;

/**
 * Finds the documents whose closest passage is closest to a vector. A Lucene query over the fields
 * of {@link IndexSchema}; immutable and safe for use by many threads.
 *
 * <p>The vector graph gives the nearest passages, each document once and some more than asked for;
 * the documents are then ranked by their exact cosines. A document scores {@code (1 + cosine) / 2},
 * as Lucene scores cosines.
 *
 * <p>It searches in {@link #rewrite}, within the searcher's timeout: when that is over, {@link
 * IndexSearcher#timedOut()} says so and the hits are what was found by then, or none.
 */
public final class SemanticQuery extends Query {
  /** No limit: every cosine is at least this. */
  public static final float ANY_SIMILARITY = -1;

  /**
   * How many documents the graph is asked for at least. It finds the best ten of a hundred almost
   * always, the best ten of ten only four times in five.
   */
  private static final int LEAST_WIDTH = 100;

  /**
   * The same for quantized vectors. Of a thousand about equally close ones, with one bit for each
   * dimension, the best ten are among the best 500 by 98 in 100; an index does not tell how many
   * bits it keeps, and more than these need costs little beside embedding the query.
   */
  private static final int LEAST_QUANTIZED_WIDTH = 500;

  private final float[] vector;
  private final int k;
  private final @Nullable Query filter;
  private final float minSimilarity;

  /** Finds the k closest documents of all. */
  public SemanticQuery(float[] vector, int k) {
    this(vector, k, null, ANY_SIMILARITY);
  }

  /**
   * Finds the closest of the documents that a filter allows.
   *
   * @param vector of the query; as many dimensions as the index's model, all finite and not all 0
   * @param k how many documents to find at most, at least 1
   * @param filter a query over document fields, applied before the search so that k documents of
   *     the allowed ones are found; null for none
   * @param minSimilarity the least cosine of a document found, from -1 to 1
   */
  public SemanticQuery(float[] vector, int k, @Nullable Query filter, float minSimilarity) {
    if (k < 1) {
      throw new IllegalArgumentException("k must be at least 1, got: " + k);
    }
    if (!(minSimilarity >= -1 && minSimilarity <= 1)) {
      throw new IllegalArgumentException(
          "minSimilarity must be a cosine from -1 to 1, got: " + minSimilarity);
    }
    if (vector.length == 0) {
      throw new IllegalArgumentException("vector must have at least 1 dimension, got: 0");
    }
    IndexSchema.requireDirection("vector", vector);
    this.vector = vector.clone();
    this.k = k;
    this.filter = filter;
    this.minSimilarity = minSimilarity;
  }

  /**
   * Finds what is close in meaning to a document: to the mean direction of its passages.
   *
   * @param id of the document, which is not found itself
   * @param k as above
   * @param filter as above
   * @param minSimilarity as above
   * @throws SearchRequestException if there is no such document, or it has no vector
   */
  public static SemanticQuery moreLike(
      IndexSearcher searcher, String id, int k, @Nullable Query filter, float minSimilarity)
      throws IOException {
    Query itself = IndexSchema.withId(id);
    ScoreDoc[] found = searcher.search(itself, 1).scoreDocs;
    if (found.length == 0 && Deadline.isOver(searcher)) {
      throw new SearchRequestException(
          "the searcher's time was up before the document \"" + id + "\" was looked up");
    }
    if (found.length == 0) {
      throw new SearchRequestException("no document has the id \"" + id + "\"");
    }
    BooleanQuery others =
        new BooleanQuery.Builder()
            .add(filter == null ? IndexSchema.parents().getQuery() : filter, Occur.FILTER)
            .add(itself, Occur.MUST_NOT)
            .build();
    return new SemanticQuery(meanDirection(searcher, found[0].doc, id), k, others, minSimilarity);
  }

  private static float[] meanDirection(IndexSearcher searcher, int doc, String id)
      throws IOException {
    List<float[]> directions = new ArrayList<>();
    PassageVectors.visit(
        searcher,
        new int[] {doc},
        (at, passage, vector) -> directions.add(VectorUtil.l2normalize(vector.clone(), false)));
    if (directions.isEmpty()) {
      throw new SearchRequestException("document \"" + id + "\" has no vector");
    }
    float[] sum = directions.getFirst();
    for (float[] direction : directions.subList(1, directions.size())) {
      VectorUtil.add(sum, direction);
    }
    float[] mean = VectorUtil.l2normalize(sum, false);
    try {
      IndexSchema.requireDirection("mean of its passages", mean);
    } catch (IllegalArgumentException e) {
      throw new SearchRequestException(
          "document \"" + id + "\" has no direction to search in: " + e.getMessage(), e);
    }
    return mean;
  }

  /** How many documents are found at most. */
  public int k() {
    return k;
  }

  /** What documents must match to be found; null if all may be. */
  public @Nullable Query filter() {
    return filter;
  }

  /** This query among the documents that a filter allows. */
  SemanticQuery among(Query allowed) {
    return new SemanticQuery(vector, k, allowed, minSimilarity);
  }

  /** The documents found, closest first; equally close ones by document number. */
  List<ClosestPassage> search(IndexSearcher searcher) throws IOException {
    int[] parents = parentsOf(searcher, nearestPassages(searcher));
    return ClosestPassage.of(searcher, vector, parents).stream()
        .filter(found -> found.passage() >= 0 && found.cosine() >= minSimilarity)
        .sorted(
            Comparator.comparingDouble((ClosestPassage found) -> -found.cosine())
                .thenComparingInt(ClosestPassage::doc))
        .limit(k)
        .toList();
  }

  /** The closest passage of each of some documents, whether or not this query finds them. */
  List<ClosestPassage> closest(IndexSearcher searcher, int[] docs) throws IOException {
    return ClosestPassage.of(searcher, vector, docs);
  }

  /**
   * The passages of one document, whether or not this query finds it.
   *
   * @param doc number of the document
   * @param most how many at most, at least 1
   * @return the closest to this query first; none if the document has no vector
   */
  public List<PassageMatch> passages(IndexSearcher searcher, int doc, int most) throws IOException {
    if (most < 1) {
      throw new IllegalArgumentException("most must be at least 1, got: " + most);
    }
    return PassageMatch.of(searcher, vector, doc, most);
  }

  private ScoreDoc[] nearestPassages(IndexSearcher searcher) throws IOException {
    int width = width(searcher.getIndexReader());
    Query nearest =
        new NearestPassages(
            inReach(vector),
            passageFilter(searcher.getIndexReader()),
            width,
            searcher.getTimeout());
    return searcher.search(nearest, width).scoreDocs;
  }

  /** The same direction, of a length whose square is a float as well: the graph is searched so. */
  private static float[] inReach(float[] vector) {
    double largest = 0;
    for (float x : vector) {
      largest = Math.max(largest, Math.abs((double) x));
    }
    if (largest > 1e-10 && largest < 1e10) {
      return vector;
    }
    float[] scaled = new float[vector.length];
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] = (float) (vector[i] / largest);
    }
    return scaled;
  }

  /** Which passages may be found, so that as many documents as wanted are; null for all. */
  private @Nullable Query passageFilter(IndexReader reader) throws IOException {
    Query ofDocuments = null;
    if (filter != null) {
      ofDocuments =
          new ToChildBlockJoinQuery(
              new BooleanQuery.Builder()
                  .add(filter, Occur.FILTER)
                  .add(IndexSchema.parents().getQuery(), Occur.FILTER)
                  .build(),
              IndexSchema.parents());
    }
    if (!hasOrphans(reader)) {
      return ofDocuments;
    }
    Query owned = SegmentBlocks.passages();
    return ofDocuments == null
        ? owned
        : new BooleanQuery.Builder()
            .add(ofDocuments, Occur.FILTER)
            .add(owned, Occur.FILTER)
            .build();
  }

  private static boolean hasOrphans(IndexReader reader) throws IOException {
    for (LeafReaderContext leaf : reader.leaves()) {
      if (SegmentBlocks.of(leaf).hasOrphans()) {
        return true;
      }
    }
    return false;
  }

  private int width(IndexReader reader) throws IOException {
    boolean quantized = VectorCodec.isQuantized(reader);
    long wanted =
        quantized ? Math.max(LEAST_QUANTIZED_WIDTH, 2L * k) : Math.max(LEAST_WIDTH, k + k / 2L);
    return (int) Math.min(wanted, Math.max(1, reader.maxDoc()));
  }

  private static int[] parentsOf(IndexSearcher searcher, ScoreDoc[] passages) throws IOException {
    List<LeafReaderContext> leaves = searcher.getIndexReader().leaves();
    Map<Integer, SegmentBlocks> blocksByLeaf = new HashMap<>(); // some readers cannot be cached by
    int[] parents = new int[passages.length];
    for (int i = 0; i < passages.length; i++) {
      LeafReaderContext leaf = leaves.get(ReaderUtil.subIndex(passages[i].doc, leaves));
      SegmentBlocks blocks = blocksByLeaf.get(leaf.ord);
      if (blocks == null) {
        blocks = SegmentBlocks.of(leaf);
        blocksByLeaf.put(leaf.ord, blocks);
      }
      int parent = blocks.parent(passages[i].doc - leaf.docBase);
      if (parent < 0) {
        throw new IllegalStateException(
            "passage " + passages[i].doc + " was found and belongs to no document");
      }
      parents[i] = leaf.docBase + parent;
    }
    return parents;
  }

  @Override
  public Query rewrite(IndexSearcher searcher) throws IOException {
    List<ClosestPassage> found = search(searcher);
    Deadline.tell(searcher);
    return toScoredDocs(searcher, found);
  }

  /** The query of documents that {@link #search} found. */
  Query toScoredDocs(IndexSearcher searcher, List<ClosestPassage> found) {
    List<ClosestPassage> byDoc =
        found.stream().sorted(Comparator.comparingInt(ClosestPassage::doc)).toList();
    int[] docs = new int[byDoc.size()];
    float[] scores = new float[docs.length];
    for (int i = 0; i < docs.length; i++) {
      docs[i] = byDoc.get(i).doc();
      scores[i] = score(byDoc.get(i).cosine());
    }
    return new ScoredDocsQuery(
        this,
        searcher,
        docs,
        scores,
        (explaining, doc) -> {
          for (int rank = 1; rank <= found.size(); rank++) {
            if (found.get(rank - 1).doc() == doc) {
              float cosine = found.get(rank - 1).cosine();
              return Explanation.match(
                  score(cosine),
                  "semantic rank " + rank + ", computed as (1 + cosine) / 2 from:",
                  Explanation.match(cosine, "cosine of the closest passage"));
            }
          }
          throw new IllegalStateException("document " + doc + " was not found by " + this);
        },
        null);
  }

  private static float score(float cosine) {
    return Math.max(0, (1 + cosine) / 2);
  }

  @Override
  public void visit(QueryVisitor visitor) {
    if (visitor.acceptField(IndexSchema.VECTOR)) {
      visitor.visitLeaf(this);
    }
  }

  @Override
  public String toString(String field) {
    return "SemanticQuery("
        + IndexSchema.VECTOR
        + "["
        + vector[0]
        + ",...], k="
        + k
        + (filter == null ? "" : ", filter=" + filter)
        + (minSimilarity == ANY_SIMILARITY ? "" : ", minSimilarity=" + minSimilarity)
        + ")";
  }

  @Override
  public boolean equals(Object other) {
    return sameClassAs(other)
        && other instanceof SemanticQuery that
        && k == that.k
        && minSimilarity == that.minSimilarity
        && Objects.equals(filter, that.filter)
        && Arrays.equals(vector, that.vector);
  }

  @Override
  public int hashCode() {
    return Objects.hash(classHash(), k, minSimilarity, filter, Arrays.hashCode(vector));
  }
}
