package io.github.semblance.search;

import org.apache.lucene.search.Query;

/**
 * A ranking and what {@link SearchResults} tells beside it.
 *
 * @param highlighted whose terms snippets show
 * @param ignoredTerms as there
 * @param droppedTokens as there
 */
record Answer(Ranking ranking, Query highlighted, int ignoredTerms, int droppedTokens) {}
