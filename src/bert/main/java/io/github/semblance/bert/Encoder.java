package io.github.semblance.bert;

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

  @Override
  void close();
}
