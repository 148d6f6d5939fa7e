package io.github.semblance.evaluate;

import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * How one system's scores compare with another's on the same topics.
 *
 * <p>Immutable and safe for use by many threads.
 *
 * @param wins topics on which the first system scores higher
 * @param losses topics on which it scores lower
 * @param ties topics on which both score the same
 * @param difference mean of the first minus mean of the second
 * @param pValue how likely so large a difference, of either sign, would be if it were chance which
 *     of the two scores belongs to which system: the paired randomisation test that Smucker, Allan
 *     and Carterette (CIKM 2007) recommend for retrieval
 */
public record PairedComparison(int wins, int losses, int ties, double difference, double pValue) {

  /** With this many, a p-value of 0.05 is known to about 0.001. */
  private static final int SAMPLES = 100_000;

  /** Scores are ratios of small sums: what differs by less differs by rounding. */
  private static final double ROUNDING = 1e-9;

  /**
   * Compares two systems.
   *
   * @param seed of the random assignments: equal seeds give equal p-values
   * @throws IllegalArgumentException if the metrics or the topics differ
   */
  public static PairedComparison of(TopicScores first, TopicScores second, long seed) {
    if (!first.metric().equals(second.metric())
        || !first.byTopic().keySet().equals(second.byTopic().keySet())) {
      throw new IllegalArgumentException(
          "both systems must be measured alike and on the same topics, got: "
              + first.metric()
              + " on "
              + first.byTopic().size()
              + " topics and "
              + second.metric()
              + " on "
              + second.byTopic().size());
    }
    Map<String, Double> others = second.byTopic();
    double[] differences =
        first.byTopic().entrySet().stream()
            .mapToDouble(entry -> entry.getValue() - others.getOrDefault(entry.getKey(), 0.0))
            .toArray();
    int wins = 0;
    int losses = 0;
    double sum = 0;
    for (double difference : differences) {
      wins += difference > ROUNDING ? 1 : 0;
      losses += difference < -ROUNDING ? 1 : 0;
      sum += difference;
    }
    return new PairedComparison(
        wins,
        losses,
        differences.length - wins - losses,
        sum / differences.length,
        pValue(differences, Math.abs(sum), seed));
  }

  private static double pValue(double[] differences, double observed, long seed) {
    double[] flipped = Arrays.stream(differences).filter(d -> Math.abs(d) > ROUNDING).toArray();
    SplittableRandom random = new SplittableRandom(seed);
    int asLarge = 0;
    for (int sample = 0; sample < SAMPLES; sample++) {
      double sum = 0;
      long signs = 0;
      for (int i = 0; i < flipped.length; i++) {
        signs = i % Long.SIZE == 0 ? random.nextLong() : signs >>> 1;
        sum += (signs & 1) == 0 ? flipped[i] : -flipped[i];
      }
      asLarge += Math.abs(sum) >= observed - ROUNDING ? 1 : 0;
    }
    // The observed assignment is one of the possible ones, so p is never 0.
    return (asLarge + 1.0) / (SAMPLES + 1.0);
  }
}
