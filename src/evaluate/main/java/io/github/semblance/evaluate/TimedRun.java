package io.github.semblance.evaluate;

import java.time.Duration;
import java.util.List;

/**
 * What a system answered and how long it took. Immutable.
 *
 * @param run the answers
 * @param times per topic, from its text to the ids of its answers: embedding the query included,
 *     also where its vector was at hand because another mode had just embedded it; reading texts
 *     and making snippets not
 */
public record TimedRun(TrecRun run, List<Duration> times) {

  /** Copies the times. */
  public TimedRun {
    times = List.copyOf(times);
  }

  /**
   * The time within which a share of the topics was answered: the smallest one that is enough.
   *
   * @param percent above 0, at most 100; 50 is the median
   * @throws IllegalArgumentException if percent is out of range
   * @throws IllegalStateException if no topic was asked
   */
  public Duration percentile(int percent) {
    if (percent < 1 || percent > 100) {
      throw new IllegalArgumentException("percent must be from 1 to 100, got: " + percent);
    }
    if (times.isEmpty()) {
      throw new IllegalStateException("no topic was asked");
    }
    int rank = (int) Math.ceil(percent / 100.0 * times.size());
    return times.stream().sorted().toList().get(rank - 1);
  }
}
