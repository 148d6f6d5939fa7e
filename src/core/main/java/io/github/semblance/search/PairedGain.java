package io.github.semblance.search;

/**
 * What one way of ranking gains over another on the same questions. Immutable.
 *
 * @param mean of the differences
 * @param error the standard error of that mean
 */
public record PairedGain(double mean, double error) {

  /**
   * Compares two lists of scores, question by question.
   *
   * @param scores at least two
   * @param others as many
   */
  public static PairedGain of(double[] scores, double[] others) {
    int n = scores.length;
    if (n < 2 || others.length != n) {
      throw new IllegalArgumentException(
          "scores must be at least 2 and as many of both, got: " + n + " and " + others.length);
    }
    double sum = 0;
    for (int i = 0; i < n; i++) {
      sum += scores[i] - others[i];
    }
    double mean = sum / n;
    double squares = 0;
    for (int i = 0; i < n; i++) {
      double deviation = scores[i] - others[i] - mean;
      squares += deviation * deviation;
    }
    return new PairedGain(mean, Math.sqrt(squares / (n - 1) / n));
  }

  /** What the gain exceeds but for the probability that belongs to a normal deviate. */
  public double lowerBound(double deviate) {
    return mean - deviate * error;
  }
}
