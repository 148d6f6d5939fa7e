package io.github.semblance.search;

import java.io.IOException;
import java.util.Objects;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.QueryTimeout;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BulkScorer;
import org.apache.lucene.search.CollectionTerminatedException;
import org.apache.lucene.search.FilterWeight;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.LeafCollector;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.QueryVisitor;
import org.apache.lucene.search.ScoreMode;
import org.apache.lucene.search.Scorer;
import org.apache.lucene.search.ScorerSupplier;
import org.apache.lucene.search.Weight;
import org.apache.lucene.util.Bits;
import org.jspecify.annotations.Nullable;

/**
 * A rewritten query that ends when time is up, with what it has found: for the outermost query of a
 * search, whose documents the searcher takes by ranges. Immutable.
 */
final class LimitedQuery extends Query {
  /** Documents between two looks at the clock at first; then more, as in Lucene. */
  private static final int FIRST_RANGE = 100;

  private final Query query;
  private final QueryTimeout timeout;

  LimitedQuery(Query query, QueryTimeout timeout) {
    this.query = query;
    this.timeout = timeout;
  }

  @Override
  public Weight createWeight(IndexSearcher searcher, ScoreMode scoreMode, float boost)
      throws IOException {
    return new FilterWeight(this, query.createWeight(searcher, scoreMode, boost)) {
      @Override
      public @Nullable ScorerSupplier scorerSupplier(LeafReaderContext context) throws IOException {
        if (timeout.shouldExit()) {
          return null;
        }
        ScorerSupplier supplier = in.scorerSupplier(context);
        return supplier == null ? null : limited(supplier);
      }

      @Override
      public boolean isCacheable(LeafReaderContext context) {
        return false;
      }
    };
  }

  private ScorerSupplier limited(ScorerSupplier supplier) {
    return new ScorerSupplier() {
      @Override
      public Scorer get(long leadCost) throws IOException {
        return supplier.get(leadCost);
      }

      @Override
      public BulkScorer bulkScorer() throws IOException {
        return limited(supplier.bulkScorer());
      }

      @Override
      public long cost() {
        return supplier.cost();
      }

      @Override
      public void setTopLevelScoringClause() throws IOException {
        supplier.setTopLevelScoringClause();
      }
    };
  }

  private BulkScorer limited(BulkScorer scorer) {
    return new BulkScorer() {
      @Override
      public int score(LeafCollector collector, @Nullable Bits acceptDocs, int min, int max)
          throws IOException {
        int from = min;
        long range = FIRST_RANGE;
        while (from < max) {
          if (timeout.shouldExit()) {
            throw new CollectionTerminatedException(); // the searcher keeps what was collected
          }
          from = scorer.score(collector, acceptDocs, from, (int) Math.min(from + range, max));
          range += range / 2;
        }
        return from;
      }

      @Override
      public long cost() {
        return scorer.cost();
      }
    };
  }

  @Override
  public void visit(QueryVisitor visitor) {
    query.visit(visitor.getSubVisitor(Occur.MUST, this));
  }

  @Override
  public String toString(String field) {
    return "LimitedQuery(" + query.toString(field) + ")";
  }

  @Override
  public boolean equals(Object other) {
    return sameClassAs(other)
        && other instanceof LimitedQuery that
        && query.equals(that.query)
        && timeout.equals(that.timeout);
  }

  @Override
  public int hashCode() {
    return Objects.hash(classHash(), query, timeout);
  }
}
