package io.github.semblance.embed;

/**
 * What a cosine of one model is worth as evidence: how sure it makes that a question is answered.
 * Immutable.
 *
 * <p>A logistic curve, fitted to the cosine of each question's closest passage, for questions that
 * a collection answers and as many that belong to another one.
 *
 * @param midpoint the cosine at which both are equally likely, from -1 to 1
 * @param slope how fast confidence rises there, more than 0
 */
public record Calibration(float midpoint, float slope) {
  /** Checks the ranges stated above. */
  public Calibration {
    if (!(midpoint >= -1 && midpoint <= 1)) {
      throw new IllegalArgumentException("midpoint must be from -1 to 1, got: " + midpoint);
    }
    if (!(slope > 0 && slope < Float.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("slope must be more than 0, got: " + slope);
    }
  }

  /**
   * How likely a question is answered.
   *
   * @param cosine of the question and the passage closest to it
   * @return in [0, 1]
   */
  public float confidence(float cosine) {
    return (float) (1 / (1 + Math.exp(slope * ((double) midpoint - cosine))));
  }
}
