package io.github.semblance.search;

import org.apache.lucene.search.Query;
import org.jspecify.annotations.Nullable;

/**
 * A ranking and what {@link SearchResults} tells beside it.
 *
 * @param highlighted whose terms snippets show
 * @param ignoredTerms as there
 * @param droppedTokens as there
 * @param confidence as there
 * @param reranking as there
 */
record Answer(
    Ranking ranking,
    Query highlighted,
    int ignoredTerms,
    int droppedTokens,
    @Nullable Float confidence,
    @Nullable Reranking reranking) {

  /** An answer whose confidence is unknown. */
  Answer(Ranking ranking, Query highlighted, int ignoredTerms, int droppedTokens) {
    this(ranking, highlighted, ignoredTerms, droppedTokens, null);
  }

  /** As a search finds it. */
  Answer(
      Ranking ranking,
      Query highlighted,
      int ignoredTerms,
      int droppedTokens,
      @Nullable Float confidence) {
    this(ranking, highlighted, ignoredTerms, droppedTokens, confidence, null);
  }

  /** The same with another ranking of what was found. */
  Answer reranked(Ranking again, Reranking done) {
    return new Answer(again, highlighted, ignoredTerms, droppedTokens, confidence, done);
  }
}
