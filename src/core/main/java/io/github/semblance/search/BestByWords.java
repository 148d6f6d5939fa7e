package io.github.semblance.search;

import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.BoostQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TermQuery;
import org.jspecify.annotations.Nullable;

/**
 * Finds the best documents of a lexical query. Stateless.
 *
 * <p>A query that requires some of its words, as {@link LexicalQuery} does, Lucene scores document
 * by document; a disjunction of terms it searches in blocks, five times as fast. Whatever matches
 * the former has the same score in a disjunction of all its terms, but for the order of additions.
 * So that is searched, and its best are the query's best if the query matches them all. If not, the
 * query itself is searched; of a person's words that is seldom so, where those required are rare.
 */
final class BestByWords {
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
   */
  static Map<Integer, Float> search(IndexSearcher searcher, Query query, int k, Scoring scoring)
      throws IOException {
    Query wider = disjunction(query);
    if (wider != null) {
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

  /** All terms of a query that requires some; null for a query of another kind. */
  private static @Nullable Query disjunction(Query query) {
    if (!(query instanceof BooleanQuery several)
        || several.getMinimumNumberShouldMatch() > 0
        || several.getClauses(Occur.MUST).isEmpty()) {
      return null;
    }
    BooleanQuery.Builder terms = new BooleanQuery.Builder();
    for (BooleanClause clause : several) {
      if (!clause.isScoring() || !add(clause.query(), 1, terms)) {
        return null;
      }
    }
    return terms.build();
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
