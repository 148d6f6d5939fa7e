package io.github.semblance.bert;

import java.util.Optional;

/**
 * A model that is ready to run: word-piece ids in, one vector per text out.
 *
 * <p>Safe for use by many threads; each call computes on the thread that makes it. The owner closes
 * it when no call is running.
 */
interface Encoder extends AutoCloseable {

  /** Vectors by place in the batch. */
  float[][] embed(TokenBatch batch);

  /** An encoder of the same vectors that is faster for one text, if there is one. */
  default Optional<QueryEncoder> forQueries() {
    return Optional.empty();
  }

  @Override
  void close();
}
