package io.github.semblance.bert;

import java.util.function.BooleanSupplier;

/**
 * A model that is ready to run: word-piece ids in, one vector per text out.
 *
 * <p>Safe for use by many threads; each call computes on the thread that makes it. The owner closes
 * it when no call is running.
 */
interface Encoder extends AutoCloseable {

  /** Vectors by place in the batch. */
  float[][] embed(TokenBatch batch);

  /** Encoders of the same vectors that may be faster for one short text. */
  default QueryCandidates forQueries() {
    return QueryCandidates.none("this model's own program computes them");
  }

  /**
   * Finds out what computes batches of passages fastest, and uses it from then on. Takes a second,
   * at most some, of the calling thread.
   *
   * @param stopped whether nobody needs it any more
   * @return what was chosen and why, for people
   */
  default String prepareForPassages(BooleanSupplier stopped) {
    return "that of this model's own program";
  }

  @Override
  void close();
}
