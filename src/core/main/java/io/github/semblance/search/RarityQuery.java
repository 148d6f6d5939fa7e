package io.github.semblance.search;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.apache.lucene.index.Term;
import org.apache.lucene.index.TermStates;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.BoostQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.QueryVisitor;
import org.apache.lucene.search.TermQuery;

/**
 * A query of terms in which rare ones count for more than BM25's idf makes them: each term's score
 * times the square root of its idf by the largest idf of the query's terms in its field. So a name
 * is not lost among the words of the sentence that asks for it. Immutable.
 *
 * <p>It is a weight of the query's terms by the collection's statistics, taken when it is
 * rewritten, and scores stay pointwise: over shards that share statistics they are what one index
 * would give. No score is above that of the query inside.
 */
final class RarityQuery extends Query {
  private final Query terms;

  /**
   * Wraps a query.
   *
   * @param terms terms, boosts and booleans of them; what else is in it is left as it is
   */
  RarityQuery(Query terms) {
    this.terms = Objects.requireNonNull(terms, "terms");
  }

  @Override
  public Query rewrite(IndexSearcher searcher) throws IOException {
    Query rewritten = searcher.rewrite(terms);
    Map<Term, Weighed> idf = new HashMap<>();
    collect(searcher, rewritten, idf);
    Map<String, Float> largest = new HashMap<>();
    idf.forEach((term, one) -> largest.merge(term.field(), one.idf(), Math::max));
    return weighed(rewritten, idf, largest);
  }

  /** A term and its idf. */
  private record Weighed(TermQuery query, float idf) {}

  private static void collect(IndexSearcher searcher, Query query, Map<Term, Weighed> idf)
      throws IOException {
    switch (query) {
      case BoostQuery boosted -> collect(searcher, boosted.getQuery(), idf);
      case TermQuery one -> {
        // With its place in the index, so that nothing after this looks for it again.
        TermQuery found =
            new TermQuery(one.getTerm(), TermStates.build(searcher, one.getTerm(), true));
        idf.put(one.getTerm(), new Weighed(found, Bm25UpperBound.of(searcher, found)));
      }
      case BooleanQuery several -> {
        for (BooleanClause clause : several) {
          if (clause.isScoring()) {
            collect(searcher, clause.query(), idf);
          }
        }
      }
      default -> {}
    }
  }

  private static Query weighed(Query query, Map<Term, Weighed> idf, Map<String, Float> largest) {
    return switch (query) {
      case BoostQuery boosted ->
          new BoostQuery(weighed(boosted.getQuery(), idf, largest), boosted.getBoost());
      case TermQuery one -> {
        Weighed found = idf.getOrDefault(one.getTerm(), new Weighed(one, 0));
        float own = found.idf();
        float most = largest.getOrDefault(one.getTerm().field(), 0f);
        // No document has a term without idf, or another similarity scores it.
        yield own == most || own <= 0
            ? found.query()
            : new BoostQuery(found.query(), (float) Math.sqrt(own / most));
      }
      case BooleanQuery several -> {
        BooleanQuery.Builder builder =
            new BooleanQuery.Builder()
                .setMinimumNumberShouldMatch(several.getMinimumNumberShouldMatch());
        for (BooleanClause clause : several) {
          builder.add(
              clause.isScoring() ? weighed(clause.query(), idf, largest) : clause.query(),
              clause.occur());
        }
        yield builder.build();
      }
      default -> query;
    };
  }

  @Override
  public void visit(QueryVisitor visitor) {
    terms.visit(visitor);
  }

  @Override
  public String toString(String field) {
    return "rarity(" + terms.toString(field) + ")";
  }

  @Override
  public boolean equals(Object other) {
    return sameClassAs(other) && terms.equals(((RarityQuery) other).terms);
  }

  @Override
  public int hashCode() {
    return 31 * classHash() + terms.hashCode();
  }
}
