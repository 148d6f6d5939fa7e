package io.github.semblance.embed;

import java.util.List;

/**
 * Tells how well passages answer a query by reading both together, as a cross-encoder does. Slower
 * than a {@link TextEmbedder} by orders of magnitude, since nothing can be computed beforehand:
 * made for the best few of a ranking.
 *
 * <p>Implementations are safe for use by many threads. A passage's score depends on the query, the
 * passage and the model alone, never on the passages scored with it.
 */
public interface PassageScorer extends AutoCloseable {

  /** What users call the model, for messages only. */
  String name();

  /**
   * Scores passages, using all the threads that the scorer has.
   *
   * @return one score per passage, in the order given
   * @throws EmbeddingException if the model fails or is closed; no partial result is returned
   */
  List<Relevance> score(String query, List<String> passages);

  /** Frees the model's memory. Calls after the first have no effect. */
  @Override
  void close();
}
