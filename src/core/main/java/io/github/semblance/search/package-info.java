/**
 * The read side: words become Lucene queries, queries become hits with passages.
 *
 * <pre>
 * SearchRequest → BM25 | SemanticQuery | HybridQuery → IndexSearcher → SearchResults of Hit
 * </pre>
 *
 * <p>{@link io.github.semblance.search.SemanticSearcher} is the convenient front over an index that
 * {@code io.github.semblance.index} wrote. An application with its own searcher, filters and sorts
 * uses the queries directly: {@link io.github.semblance.search.SemanticQuery} finds documents by
 * their closest passage, {@link io.github.semblance.search.HybridQuery} fuses it with any other
 * query by a {@link io.github.semblance.search.Fusion}. Both are plain Lucene queries. {@link
 * io.github.semblance.search.SemanticQueryParser} reads Lucene's query syntax with semantic
 * clauses. {@link io.github.semblance.search.Rerank} is a step after all that, over one ranking.
 */
@NullMarked
package io.github.semblance.search;

import org.jspecify.annotations.NullMarked;
