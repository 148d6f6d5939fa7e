package io.github.semblance.search;

import java.io.IOException;
import org.apache.lucene.index.Term;
import org.apache.lucene.index.TermStates;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.BoostQuery;
import org.apache.lucene.search.CollectionStatistics;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.TermStatistics;
import org.apache.lucene.search.similarities.BM25Similarity;
import org.apache.lucene.search.similarities.PerFieldSimilarityWrapper;
import org.apache.lucene.search.similarities.Similarity;
import org.jspecify.annotations.Nullable;

/**
 * What a document would score that had all words of a query without end: the sum of their boosts
 * times idf, which BM25 comes near but never exceeds. It tells how much a score is worth: half of
 * it is a good match, a tenth is a stray word. Stateless.
 */
final class Bm25UpperBound {
  private static final float MANY_TIMES = Float.MAX_VALUE;

  /** The norm of the shortest fields, of one term. */
  private static final long SHORTEST = 1;

  private Bm25UpperBound() {}

  /**
   * The limit of a query's terms that the index has. Other kinds of queries than terms, boosts and
   * disjunctions or conjunctions of them, and terms that another similarity scores, add nothing.
   */
  static float of(IndexSearcher searcher, Query query) throws IOException {
    return of(searcher, searcher.rewrite(query), 1);
  }

  private static float of(IndexSearcher searcher, Query query, float boost) throws IOException {
    return switch (query) {
      case BoostQuery boosted -> of(searcher, boosted.getQuery(), boost * boosted.getBoost());
      case TermQuery one -> of(searcher, one, boost);
      case BooleanQuery several -> {
        float sum = 0;
        for (BooleanClause clause : several) {
          if (clause.isScoring()) {
            sum += of(searcher, clause.query(), boost);
          }
        }
        yield sum;
      }
      default -> 0;
    };
  }

  private static float of(IndexSearcher searcher, TermQuery query, float boost) throws IOException {
    Term term = query.getTerm();
    Similarity similarity = searcher.getSimilarity();
    if (similarity instanceof PerFieldSimilarityWrapper perField) {
      similarity = perField.get(term.field());
    }
    if (!(similarity instanceof BM25Similarity)) {
      return 0;
    }
    TermStatistics known = statistics(searcher, query);
    CollectionStatistics field = searcher.collectionStatistics(term.field());
    if (known == null || field == null) {
      return 0;
    }
    return similarity.scorer(boost, field, known).score(MANY_TIMES, SHORTEST);
  }

  /**
   * Of the index, or of all indexes that the searcher knows of: one shard of several may lack a
   * word that is in the others. Null if no document has it.
   */
  private static @Nullable TermStatistics statistics(IndexSearcher searcher, TermQuery query)
      throws IOException {
    Term term = query.getTerm();
    TermStates states = query.getTermStates();
    if (states == null || !states.wasBuiltFor(searcher.getTopReaderContext())) {
      states = TermStates.build(searcher, term, true);
    }
    if (states.docFreq() > 0) {
      return searcher.termStatistics(term, states.docFreq(), states.totalTermFreq());
    }
    // What no index can have: a searcher that knows only its own gives back what it was told.
    TermStatistics told = searcher.termStatistics(term, Integer.MAX_VALUE, Long.MAX_VALUE);
    return told.totalTermFreq() == Long.MAX_VALUE ? null : told;
  }
}
