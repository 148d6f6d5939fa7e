package io.github.semblance.search;

import io.github.semblance.index.IndexSchema;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.BoostQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.ScoreMode;
import org.apache.lucene.search.ScorerSupplier;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.Weight;
import org.jspecify.annotations.Nullable;

/**
 * Finds the best documents of a lexical query. Stateless.
 *
 * <p>A query that requires some of its words, as {@link LexicalQuery} does, Lucene scores document
 * by document; a disjunction of terms it searches in blocks, five times as fast. Whatever matches
 * the former has the same score in a disjunction of all its terms, but for the order of additions.
 * So that is searched, under the query's filters and prohibitions, and its best are the query's
 * best if the query matches them all. If not, the query itself is searched; of a person's words
 * that is seldom so, where those required are rare.
 */
final class BestByWords {
  /**
   * Where filters leave less than one in so many documents, the disjunction takes longer: it has
   * nothing to skip by. Measured at 200,000 documents, where it is the same at one in twenty.
   */
  private static final int FEW = 20;

  private BestByWords() {}

  /** Scores documents by the query itself, 0 for no match. */
  @FunctionalInterface
  interface Scoring {
    Map<Integer, Float> of(int[] docs) throws IOException;
  }

  /**
   * The k best documents and their scores.
   *
   * @param query rewritten
   * @param scoring is asked for documents that the query's filters allow, and need not look at
   *     these
   */
  static Map<Integer, Float> search(IndexSearcher searcher, Query query, int k, Scoring scoring)
      throws IOException {
    BooleanQuery wider = disjunction(query);
    if (wider != null && !allowsFew(searcher, wider)) {
      ScoreDoc[] found = searcher.search(wider, k).scoreDocs;
      Map<Integer, Float> scores =
          scoring.of(Arrays.stream(found).mapToInt(hit -> hit.doc).toArray());
      if (scores.size() == found.length && scores.values().stream().allMatch(score -> score > 0)) {
        return scores;
      }
    }
    Map<Integer, Float> best = new HashMap<>();
    for (ScoreDoc hit : searcher.search(query, k).scoreDocs) {
      best.put(hit.doc, hit.score);
    }
    return best;
  }

  /** Whether the filters leave so few documents that scoring each of them is faster. */
  private static boolean allowsFew(IndexSearcher searcher, BooleanQuery query) throws IOException {
    BooleanQuery.Builder filters = new BooleanQuery.Builder();
    query.getClauses(Occur.FILTER).forEach(filter -> filters.add(filter, Occur.FILTER));
    if (query.getClauses(Occur.FILTER).isEmpty()) {
      return false;
    }
    Weight weight =
        searcher.createWeight(
            searcher.rewrite(filters.build()), ScoreMode.COMPLETE_NO_SCORES, /* boost= */ 1);
    long allowed = 0;
    for (LeafReaderContext leaf : searcher.getIndexReader().leaves()) {
      ScorerSupplier some = weight.scorerSupplier(leaf);
      allowed += some == null ? 0 : some.cost();
    }
    return allowed * FEW < searcher.getIndexReader().getDocCount(IndexSchema.CATCH_ALL);
  }

  /**
   * All terms of a query that requires some, under its filters and prohibitions; null for a query
   * of another kind.
   */
  private static @Nullable BooleanQuery disjunction(Query query) {
    BooleanQuery.Builder wider = new BooleanQuery.Builder().setMinimumNumberShouldMatch(1);
    return widen(query, wider) ? wider.build() : null;
  }

  private static boolean widen(Query query, BooleanQuery.Builder wider) {
    if (!(query instanceof BooleanQuery several)
        || several.getMinimumNumberShouldMatch() > 0
        || several.getClauses(Occur.MUST).isEmpty()) {
      return false;
    }
    // A filter stands around the query of words, not in it.
    boolean onlyFilters =
        several.getClauses(Occur.MUST).size() == 1 && several.getClauses(Occur.SHOULD).isEmpty();
    boolean all = true;
    for (BooleanClause clause : several) {
      if (!clause.isScoring()) {
        wider.add(clause);
      } else {
        all = all && (onlyFilters ? widen(clause.query(), wider) : add(clause.query(), 1, wider));
      }
    }
    return all;
  }

  private static boolean add(Query query, float boost, BooleanQuery.Builder terms) {
    return switch (query) {
      case BoostQuery boosted -> add(boosted.getQuery(), boost * boosted.getBoost(), terms);
      case TermQuery term -> {
        terms.add(boost == 1 ? term : new BoostQuery(term, boost), Occur.SHOULD);
        yield true;
      }
      case BooleanQuery several -> {
        boolean all = several.getMinimumNumberShouldMatch() <= 1;
        for (BooleanClause clause : several) {
          all = all && clause.occur() == Occur.SHOULD && add(clause.query(), boost, terms);
        }
        yield all;
      }
      default -> false;
    };
  }
}
