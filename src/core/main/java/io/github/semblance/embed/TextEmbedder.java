package io.github.semblance.embed;

import java.util.List;
import java.util.Optional;

/**
 * Turns texts into vectors whose cosine tells how close their meanings are.
 *
 * <p>Implementations are safe for use by many threads. A text's vector depends on the text and the
 * model alone, never on the texts embedded with it.
 *
 * <p>A text longer than {@link EmbeddingModel#maxTokens()} is cut to that window, and its {@link
 * Embedding#droppedTokens()} says by how much: callers either split texts beforehand with {@link
 * #wordPieces} or report the loss. Half a surrogate pair is read as U+FFFD. An empty text is
 * embedded as its special tokens.
 *
 * <p>Calls wait until they have their vectors. {@link AsyncEmbedder} gives futures instead, and
 * cancels; {@link ObservedEmbedder} counts and times calls.
 */
public interface TextEmbedder extends AutoCloseable {

  /** The facts that an index must agree with. */
  EmbeddingModel model();

  /**
   * What the model's cosines are worth as evidence that a question is answered.
   *
   * @return empty if nobody has measured that for this model
   */
  default Optional<Calibration> calibration() {
    return Optional.empty();
  }

  /**
   * Embeds one query, with the model's query prefix. Made for low latency, even while passages are
   * being embedded.
   *
   * @throws EmbeddingException if the model fails or is closed
   */
  Embedding embedQuery(String query);

  /**
   * Embeds passages, with the model's passage prefix, using all the threads the embedder has.
   *
   * @return one embedding per passage, in the order given
   * @throws EmbeddingException if the model fails or is closed; no partial result is returned
   */
  List<Embedding> embedPassages(List<String> passages);

  /**
   * Cuts a text as the model does, without special tokens, prefixes or truncation.
   *
   * @return the pieces in text order with offsets into {@code text}
   */
  List<WordPiece> wordPieces(String text);

  /**
   * Whether a text has the same vector as a query and as a passage, so that one text can be
   * embedded by the call that answers sooner.
   */
  default boolean embedsQueriesLikePassages() {
    return false;
  }

  /** Frees the model's memory. Calls after the first have no effect. */
  @Override
  void close();
}
