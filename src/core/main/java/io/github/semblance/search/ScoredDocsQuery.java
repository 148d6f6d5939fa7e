package io.github.semblance.search;

import java.io.IOException;
import java.util.Arrays;
import java.util.Objects;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.search.Explanation;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Matches;
import org.apache.lucene.search.MatchesUtils;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.QueryVisitor;
import org.apache.lucene.search.ScoreMode;
import org.apache.lucene.search.Scorer;
import org.apache.lucene.search.ScorerSupplier;
import org.apache.lucene.search.Weight;
import org.jspecify.annotations.Nullable;

/**
 * Documents of one reader whose scores are known: what a query that ranks the whole index at once
 * rewrites to. Immutable; of use only with the reader it was made for.
 */
final class ScoredDocsQuery extends Query {

  /** Tells how a document of the query came to its score. */
  @FunctionalInterface
  interface Explainer {
    Explanation explain(IndexSearcher searcher, int doc) throws IOException;
  }

  private final Query origin;
  private final Object readerId;
  private final int[] docs;
  private final float[] scores;
  private final Explainer explainer;
  private final @Nullable Query words;

  /**
   * Takes ownership of both arrays.
   *
   * @param origin the query that this is the result of
   * @param docs document numbers, ascending
   * @param scores of those documents, at least 0
   * @param words tells where in a document words match; null if none do
   */
  ScoredDocsQuery(
      Query origin,
      IndexSearcher searcher,
      int[] docs,
      float[] scores,
      Explainer explainer,
      @Nullable Query words) {
    this.origin = origin;
    this.readerId = searcher.getTopReaderContext().id();
    this.docs = docs;
    this.scores = scores;
    this.explainer = explainer;
    this.words = words;
  }

  @Override
  public Weight createWeight(IndexSearcher searcher, ScoreMode scoreMode, float boost) {
    if (!searcher.getTopReaderContext().id().equals(readerId)) {
      throw new IllegalStateException(
          "the rewritten form of "
              + origin
              + " belongs to another reader; search with the original");
    }
    return new ScoredDocsWeight(searcher, boost);
  }

  @Override
  public void visit(QueryVisitor visitor) {
    visitor.visitLeaf(this);
  }

  @Override
  public String toString(String field) {
    return "ScoredDocsQuery(" + docs.length + " documents of " + origin.toString(field) + ")";
  }

  @Override
  public boolean equals(Object other) {
    return sameClassAs(other)
        && other instanceof ScoredDocsQuery that
        && readerId.equals(that.readerId)
        && origin.equals(that.origin)
        && Arrays.equals(docs, that.docs)
        && Arrays.equals(scores, that.scores);
  }

  @Override
  public int hashCode() {
    return Objects.hash(classHash(), readerId, origin, Arrays.hashCode(docs));
  }

  private final class ScoredDocsWeight extends Weight {
    private final IndexSearcher searcher;
    private final float boost;

    ScoredDocsWeight(IndexSearcher searcher, float boost) {
      super(ScoredDocsQuery.this);
      this.searcher = searcher;
      this.boost = boost;
    }

    @Override
    public Explanation explain(LeafReaderContext context, int doc) throws IOException {
      int at = Arrays.binarySearch(docs, context.docBase + doc);
      if (at < 0) {
        return Explanation.noMatch("not among the documents found by " + origin);
      }
      Explanation explanation = explainer.explain(searcher, docs[at]);
      return boost == 1
          ? explanation
          : Explanation.match(
              scores[at] * boost,
              "boosted, product of:",
              Explanation.match(boost, "boost"),
              explanation);
    }

    @Override
    public @Nullable Matches matches(LeafReaderContext context, int doc) throws IOException {
      if (Arrays.binarySearch(docs, context.docBase + doc) < 0) {
        return null;
      }
      Matches matches = null;
      if (words != null) {
        matches =
            searcher
                .createWeight(searcher.rewrite(words), ScoreMode.COMPLETE_NO_SCORES, 1)
                .matches(context, doc);
      }
      return matches == null ? MatchesUtils.MATCH_WITH_NO_TERMS : matches;
    }

    @Override
    public @Nullable ScorerSupplier scorerSupplier(LeafReaderContext context) {
      int from = firstAtOrAfter(context.docBase);
      int to = firstAtOrAfter(context.docBase + context.reader().maxDoc());
      if (from == to) {
        return null;
      }
      return new ScorerSupplier() {
        @Override
        public Scorer get(long leadCost) {
          return new ScoredDocsScorer(from, to, context.docBase, boost);
        }

        @Override
        public long cost() {
          return (long) to - from;
        }
      };
    }

    @Override
    public int count(LeafReaderContext context) {
      // All are alive: a reader's deletions do not change after it was searched.
      return firstAtOrAfter(context.docBase + context.reader().maxDoc())
          - firstAtOrAfter(context.docBase);
    }

    @Override
    public boolean isCacheable(LeafReaderContext context) {
      return true;
    }
  }

  private int firstAtOrAfter(int doc) {
    int at = Arrays.binarySearch(docs, doc);
    return at < 0 ? -1 - at : at;
  }

  private final class ScoredDocsScorer extends Scorer {
    private final int from;
    private final int to;
    private final int docBase;
    private final float boost;
    private int at;

    ScoredDocsScorer(int from, int to, int docBase, float boost) {
      this.from = from;
      this.to = to;
      this.docBase = docBase;
      this.boost = boost;
      this.at = from - 1;
    }

    @Override
    public int docID() {
      if (at < from) {
        return -1;
      }
      return at < to ? docs[at] - docBase : DocIdSetIterator.NO_MORE_DOCS;
    }

    @Override
    public float score() {
      return scores[at] * boost;
    }

    @Override
    public float getMaxScore(int upTo) {
      float max = 0;
      for (int i = Math.max(at, from); i < to && docs[i] - docBase <= upTo; i++) {
        max = Math.max(max, scores[i] * boost);
      }
      return max;
    }

    @Override
    public DocIdSetIterator iterator() {
      return new DocIdSetIterator() {
        @Override
        public int docID() {
          return ScoredDocsScorer.this.docID();
        }

        @Override
        public int nextDoc() {
          at++;
          return docID();
        }

        @Override
        public int advance(int target) {
          if (target == NO_MORE_DOCS) {
            at = to;
          } else {
            int found = Arrays.binarySearch(docs, Math.max(at, from), to, docBase + target);
            at = found < 0 ? -1 - found : found;
          }
          return docID();
        }

        @Override
        public long cost() {
          return (long) to - from;
        }
      };
    }
  }
}
