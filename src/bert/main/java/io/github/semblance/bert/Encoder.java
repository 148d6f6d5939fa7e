package io.github.semblance.bert;

import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * A model that is ready to run: word-piece ids in, one vector per text out.
 *
 * <p>Safe for use by many threads; each call computes on the thread that makes it. The owner closes
 * it when no call is running.
 */
interface Encoder extends AutoCloseable {

  /** Vectors of queries, or of whatever is read once, by place in the batch. */
  float[][] embed(TokenBatch batch);

  /** Vectors of passages, by place in the batch: computed as {@link #prepareForPassages} found. */
  default float[][] embedPassages(TokenBatch batch) {
    return embed(batch);
  }

  /** Encoders of the same vectors that may be faster for one short text. */
  default QueryCandidates forQueries() {
    return QueryCandidates.none("this model's own program computes them");
  }

  /**
   * Whether passages wait for {@link #prepareForPassages}, because what it finds changes more of
   * their vectors than the last bits.
   */
  default boolean preparesBeforePassages() {
    return false;
  }

  /**
   * Finds out what shall compute passages, and uses it from then on. Takes a second, at most some,
   * of the calling thread.
   *
   * @param stopped whether nobody needs it any more
   * @return what was chosen and why, for people; empty if that could not be told yet
   */
  default Optional<String> prepareForPassages(BooleanSupplier stopped) {
    return Optional.of("that of this model's own program");
  }

  @Override
  void close();
}
