package io.github.semblance.search;

/**
 * What became of a {@link Rerank}. Immutable.
 *
 * @param wanted how many documents were to be read: the depth, or all that were found
 * @param read how many were, before the time was over: the first ones of the search
 * @param cut of how many of these the model's window did not hold the query and the passage
 */
public record Reranking(int wanted, int read, int cut) {}
