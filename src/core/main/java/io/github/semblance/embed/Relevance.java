package io.github.semblance.embed;

/**
 * What a {@link PassageScorer} says of one passage. Immutable.
 *
 * @param logit the model's output: any finite number, more for a better answer; models are trained
 *     so that its {@link #probability()} is near 1 for an answer and near 0 for anything else
 * @param droppedTokens how many word pieces of query and passage lay beyond the model's window; 0
 *     when nothing was cut
 */
public record Relevance(float logit, int droppedTokens) {
  /** Checks that the model gave a number. */
  public Relevance {
    if (!Float.isFinite(logit)) {
      throw new IllegalArgumentException("a logit must be a finite number, got: " + logit);
    }
  }

  /** The logistic function of the logit, from 0 to 1. */
  public double probability() {
    return 1 / (1 + Math.exp(-(double) logit));
  }
}
