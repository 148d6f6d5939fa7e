/**
 * Documents that come with their vectors, in one index folder that is written and searched at once:
 * what the vector stores of other libraries are made of.
 *
 * <p>{@link io.github.semblance.store.DocumentStore} writes, deletes and finds; {@link
 * io.github.semblance.store.MetadataFilter} says which documents are meant, in terms of their typed
 * metadata. An adapter for a library translates its types to these and back, and nothing else: how
 * documents lie in the index is the business of {@code index}, how they are ranked that of {@code
 * search}. The index is one like any other and can be opened by {@code SemanticSearcher}.
 */
@NullMarked
package io.github.semblance.store;

import org.jspecify.annotations.NullMarked;
