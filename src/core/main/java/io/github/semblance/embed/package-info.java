/**
 * The port between text and vectors: what the rest of Semblance knows of a model.
 *
 * <p>{@link io.github.semblance.embed.TextEmbedder} turns texts into {@link
 * io.github.semblance.embed.Embedding}s; {@link io.github.semblance.embed.EmbeddingModel} holds the
 * facts on which an index and the model that searches it must agree. {@link
 * io.github.semblance.embed.PassageScorer} reads a query and a passage together. {@link
 * io.github.semblance.embed.AsymmetricEmbedder} has one model for queries and another for passages.
 * Nothing here depends on Lucene, on a deep-learning engine or on any library: implement these
 * interfaces to bring a model of your own.
 */
@NullMarked
package io.github.semblance.embed;

import org.jspecify.annotations.NullMarked;
