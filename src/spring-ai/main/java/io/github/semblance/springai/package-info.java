/**
 * Semblance in Spring AI: its embedding model, its vector store and what Spring Boot needs to make
 * both from properties.
 *
 * <p>{@link io.github.semblance.springai.SemblanceEmbeddingModel} embeds with a {@code
 * TextEmbedder}, {@link io.github.semblance.springai.SemblanceVectorStore} keeps documents in a
 * Lucene index and asks it by meaning, or by keywords and meaning at once. Nothing here ranks or
 * stores: types are translated to those of {@code store} and {@code search}.
 *
 * <p>The module compiles against Spring AI and Spring Boot and leaves it to the application to
 * bring them.
 */
@NullMarked
package io.github.semblance.springai;

import org.jspecify.annotations.NullMarked;
