package io.github.semblance.search;

import io.github.semblance.embed.Embedding;
import org.apache.lucene.search.Query;
import org.jspecify.annotations.Nullable;

/**
 * A ranking and what {@link SearchResults} tells beside it.
 *
 * @param highlighted whose terms snippets show
 * @param ignoredTerms as there
 * @param question as it was embedded; null if it was not
 * @param confidence as there
 * @param reranking as there
 * @param emptyFilter as there
 */
record Answer(
    Ranking ranking,
    Query highlighted,
    int ignoredTerms,
    @Nullable Embedding question,
    @Nullable Float confidence,
    @Nullable Reranking reranking,
    boolean emptyFilter) {

  /** An answer to what was not embedded. */
  Answer(Ranking ranking, Query highlighted, int ignoredTerms) {
    this(ranking, highlighted, ignoredTerms, null, null);
  }

  /** As a search finds it. */
  Answer(
      Ranking ranking,
      Query highlighted,
      int ignoredTerms,
      @Nullable Embedding question,
      @Nullable Float confidence) {
    this(ranking, highlighted, ignoredTerms, question, confidence, null, false);
  }

  /** The same of a request whose filters no document passes: nothing is told of what they hold. */
  Answer withEmptyFilter() {
    return new Answer(ranking, highlighted, ignoredTerms, question, null, reranking, true);
  }

  /** As {@link SearchResults#droppedTokens()}. */
  int droppedTokens() {
    return question == null ? 0 : question.droppedTokens();
  }

  /** The same with what was found in another order. */
  Answer withRanking(Ranking again) {
    return new Answer(
        again, highlighted, ignoredTerms, question, confidence, reranking, emptyFilter);
  }

  /** The same with another ranking of what was found. */
  Answer reranked(Ranking again, Reranking done) {
    return new Answer(again, highlighted, ignoredTerms, question, confidence, done, emptyFilter);
  }
}
