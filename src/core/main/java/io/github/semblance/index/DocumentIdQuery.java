package io.github.semblance.index;

import java.io.IOException;
import java.util.Objects;
import org.apache.lucene.index.FieldInfo;
import org.apache.lucene.index.IndexOptions;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.PostingsEnum;
import org.apache.lucene.index.Term;
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
import org.apache.lucene.util.DocIdSetBuilder;
import org.jspecify.annotations.Nullable;

/**
 * Everything that an index holds of one id: the block, and documents that an application has added
 * by itself. Immutable.
 *
 * <p>The latter are found where the id is indexed as one term, with neither frequencies nor norms,
 * as {@code StringField} and {@code KeywordField} do. In a field of words an id might be a word of
 * other documents.
 *
 * <p>Deleting by it looks up two terms in each segment, which is less than deleting by a query that
 * Lucene would first rewrite and weigh.
 */
final class DocumentIdQuery extends Query {
  private final Term block;
  private final Term id;

  DocumentIdQuery(String field, String id) {
    this.block = IndexSchema.block(id);
    this.id = new Term(field, id);
  }

  @Override
  public Weight createWeight(IndexSearcher searcher, ScoreMode scoreMode, float boost) {
    return new ConstantScoreWeight(this, boost) {
      @Override
      public @Nullable ScorerSupplier scorerSupplier(LeafReaderContext context) throws IOException {
        LeafReader leaf = context.reader();
        DocIdSetBuilder docs = new DocIdSetBuilder(leaf.maxDoc());
        boolean any = addAll(leaf.postings(block, PostingsEnum.NONE), docs);
        if (isOneTerm(leaf.getFieldInfos().fieldInfo(id.field()))) {
          any |= addAll(leaf.postings(id, PostingsEnum.NONE), docs);
        }
        if (!any) {
          return null;
        }
        DocIdSetIterator found = docs.build().iterator();
        return new ScorerSupplier() {
          @Override
          public Scorer get(long leadCost) {
            return new ConstantScoreScorer(score(), scoreMode, found);
          }

          @Override
          public long cost() {
            return found.cost();
          }
        };
      }

      @Override
      public boolean isCacheable(LeafReaderContext context) {
        return false; // asked for once
      }
    };
  }

  private static boolean addAll(@Nullable PostingsEnum docs, DocIdSetBuilder all)
      throws IOException {
    if (docs == null) {
      return false;
    }
    all.add(docs);
    return true;
  }

  /** Whether documents are found by their ids in a field. */
  static boolean isOneTerm(@Nullable FieldInfo field) {
    return field != null && field.getIndexOptions() == IndexOptions.DOCS && field.omitsNorms();
  }

  @Override
  public void visit(QueryVisitor visitor) {
    visitor.visitLeaf(this);
  }

  @Override
  public String toString(String field) {
    return "DocumentIdQuery(" + id + ")";
  }

  @Override
  public boolean equals(Object other) {
    return sameClassAs(other)
        && other instanceof DocumentIdQuery that
        && block.equals(that.block)
        && id.equals(that.id);
  }

  @Override
  public int hashCode() {
    return Objects.hash(classHash(), block, id);
  }
}
