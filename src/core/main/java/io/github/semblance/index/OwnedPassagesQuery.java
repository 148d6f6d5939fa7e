package io.github.semblance.index;

import java.io.IOException;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.search.ConstantScoreScorer;
import org.apache.lucene.search.ConstantScoreWeight;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.QueryVisitor;
import org.apache.lucene.search.ScoreMode;
import org.apache.lucene.search.Scorer;
import org.apache.lucene.search.ScorerSupplier;
import org.apache.lucene.search.Weight;
import org.apache.lucene.util.BitSetIterator;
import org.apache.lucene.util.FixedBitSet;
import org.jspecify.annotations.Nullable;

/** The live passages that belong to a live document, see {@link SegmentBlocks}. Stateless. */
final class OwnedPassagesQuery extends Query {
  static final OwnedPassagesQuery INSTANCE = new OwnedPassagesQuery();

  private OwnedPassagesQuery() {}

  @Override
  public Weight createWeight(IndexSearcher searcher, ScoreMode scoreMode, float boost) {
    return new ConstantScoreWeight(this, boost) {
      @Override
      public @Nullable ScorerSupplier scorerSupplier(LeafReaderContext context) throws IOException {
        FixedBitSet accepted = SegmentBlocks.of(context).accepted();
        DocIdSetIterator passages;
        if (accepted == null) {
          NumericDocValues all = context.reader().getNumericDocValues(IndexSchema.PASSAGE_START);
          passages = all == null ? DocIdSetIterator.empty() : all;
        } else {
          passages = new BitSetIterator(accepted, accepted.approximateCardinality());
        }
        return new ScorerSupplier() {
          @Override
          public Scorer get(long leadCost) {
            return new ConstantScoreScorer(score(), scoreMode, passages);
          }

          @Override
          public long cost() {
            return passages.cost();
          }
        };
      }

      @Override
      public boolean isCacheable(LeafReaderContext context) {
        return false; // it depends on what is deleted; Lucene caches by segment
      }
    };
  }

  @Override
  public void visit(QueryVisitor visitor) {
    visitor.visitLeaf(this);
  }

  @Override
  public String toString(String field) {
    return "OwnedPassagesQuery";
  }

  @Override
  public boolean equals(Object other) {
    return sameClassAs(other);
  }

  @Override
  public int hashCode() {
    return classHash();
  }
}
