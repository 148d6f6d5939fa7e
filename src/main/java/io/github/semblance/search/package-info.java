/**
 * The read side: words become Lucene queries, queries become hits with passages.
 *
 * <pre>
 * SearchRequest → BM25 | SemanticQuery | HybridQuery → IndexSearcher → SearchResults of Hit
 * </pre>
 *
 * <p>{@link io.github.semblance.search.SemanticSearcher} is the convenient front over an index that
 * {@code io.github.semblance.index} wrote.
 */
@NullMarked
package io.github.semblance.search;

import org.jspecify.annotations.NullMarked;
