package io.github.semblance.embed;

/**
 * What a cosine of one model is worth as evidence: how sure it makes that a question is answered.
 * Immutable.
 *
 * <p>A logistic curve, fitted to the cosine of each question's closest passage, for questions that
 * a collection answers and as many that belong to another one. Where it lies depends on the
 * collection: the larger and the more mixed, the closer is something of it to any question. {@link
 * #in} moves the curve to one collection.
 *
 * @param midpoint the cosine at which both are equally likely, from -1 to 1
 * @param slope how fast confidence rises there, more than 0
 * @param foreignCosine how close the collection comes to questions that it does not answer, in the
 *     median, from -1 to 1
 */
public record Calibration(float midpoint, float slope, float foreignCosine) {
  /**
   * The least and the most that the curve is moved by: of a collection that answers a question
   * about anything, foreign ones tell nothing.
   */
  private static final float MOST_MOVED = 0.1f;

  /**
   * How sure it is at least where one document has all words of the question: of the questions of
   * three collections that is so for one in twenty, of those asked of another collection for one in
   * a thousand.
   */
  public static final float ALL_WORDS = 0.9f;

  /** Checks the ranges stated above. */
  public Calibration {
    if (!(midpoint >= -1 && midpoint <= 1)) {
      throw new IllegalArgumentException("midpoint must be from -1 to 1, got: " + midpoint);
    }
    if (!(slope > 0 && slope < Float.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("slope must be more than 0, got: " + slope);
    }
    if (!(foreignCosine >= -1 && foreignCosine <= 1)) {
      throw new IllegalArgumentException(
          "foreignCosine must be from -1 to 1, got: " + foreignCosine);
    }
  }

  /**
   * The curve of one collection. It is moved by the difference of foreign cosines, but by no more
   * than {@value #MOST_MOVED} either way.
   *
   * @param measured the collection's foreign cosine
   */
  public Calibration in(float measured) {
    float moved = Math.clamp(measured - foreignCosine, -MOST_MOVED, MOST_MOVED);
    return new Calibration(
        Math.clamp(midpoint + moved, -1, 1), slope, Math.clamp(foreignCosine + moved, -1, 1));
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

  /**
   * The same, where words count too: a document with every word of the question answers it,
   * whatever the model makes of names and codes.
   *
   * @param hasAllWords at least {@link #ALL_WORDS} then
   */
  public float confidence(float cosine, boolean hasAllWords) {
    float byMeaning = confidence(cosine);
    return hasAllWords ? Math.max(ALL_WORDS, byMeaning) : byMeaning;
  }

  /**
   * The least cosine that makes so sure.
   *
   * @return from -1, if every cosine does, to 1, also if none does: that of equal texts counts
   */
  public float leastCosine(float confidence) {
    if (confidence(-1) >= confidence) {
      return -1;
    }
    float tooLow = -1;
    float enough = 1;
    while (Math.nextUp(tooLow) < enough) {
      float middle = (float) (((double) tooLow + enough) / 2);
      if (confidence(middle) >= confidence) {
        enough = middle;
      } else {
        tooLow = middle;
      }
    }
    return enough;
  }
}
