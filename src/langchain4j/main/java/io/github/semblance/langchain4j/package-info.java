/**
 * Semblance in LangChain4j: its embedding model, its embedding store and its content retriever.
 *
 * <p>{@link io.github.semblance.langchain4j.SemblanceEmbeddingModel} embeds with a {@code
 * TextEmbedder}, {@link io.github.semblance.langchain4j.SemblanceEmbeddingStore} keeps segments in
 * a Lucene index, and {@link io.github.semblance.langchain4j.SemblanceContentRetriever} asks that
 * index by keywords and by meaning at once. Nothing here ranks or stores: types are translated to
 * those of {@code store} and {@code search}, and errors to LangChain4j's own, with the message they
 * had.
 *
 * <p>The module compiles against {@code langchain4j-core} and leaves it to the application to bring
 * it.
 */
@NullMarked
package io.github.semblance.langchain4j;

import org.jspecify.annotations.NullMarked;
