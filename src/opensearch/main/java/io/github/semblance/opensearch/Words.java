package io.github.semblance.opensearch;

import java.io.IOException;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.QueryVisitor;
import org.opensearch.index.query.QueryBuilder;
import org.opensearch.index.query.QueryShardContext;

/** The lexical leg as a query of a shard. Stateless. */
final class Words {
  private Words() {}

  /**
   * Makes the query.
   *
   * @throws IllegalArgumentException if it has more clauses than Lucene searches for at once; told
   *     here, and not where it would end a search as a failure of the node
   */
  static Query toQuery(QueryBuilder words, QueryShardContext context) throws IOException {
    try {
      Query query = words.toQuery(context);
      Clauses clauses = new Clauses();
      query.visit(clauses);
      if (clauses.count > IndexSearcher.getMaxClauseCount()) {
        throw new IndexSearcher.TooManyClauses();
      }
      return query;
    } catch (IndexSearcher.TooManyClauses e) {
      throw new IllegalArgumentException(
          "the words of a query must make at most "
              + IndexSearcher.getMaxClauseCount()
              + " clauses, got more; ask with fewer words, or give a [lexical] query of the ones"
              + " that matter (by default each word has two clauses)",
          e);
    }
  }

  /** Counts as Lucene does. */
  private static final class Clauses extends QueryVisitor {
    private int count;

    @Override
    public QueryVisitor getSubVisitor(Occur occur, Query parent) {
      return this; // what must not match counts as well
    }

    @Override
    public void visitLeaf(Query query) {
      count++;
    }

    @Override
    public void consumeTerms(Query query, Term... terms) {
      count += terms.length;
    }
  }
}
