package io.github.semblance.embed;

/**
 * The vector of one text, with what it cost and what was lost on the way.
 *
 * <p>Safe for use by many threads as long as nobody writes to {@link #vector()}.
 */
public final class Embedding {
  private final float[] vector;
  private final int tokens;
  private final int droppedTokens;

  /**
   * Takes ownership of the vector.
   *
   * @param vector one value per dimension of the model
   * @param tokens word pieces that the model read, special tokens included, at least 1
   * @param droppedTokens word pieces of the text beyond the model's window that it did not read; of
   *     a text so long that they are not counted, at least the words among them
   */
  public Embedding(float[] vector, int tokens, int droppedTokens) {
    if (tokens < 1) {
      throw new IllegalArgumentException("tokens must be at least 1, got: " + tokens);
    }
    if (droppedTokens < 0) {
      throw new IllegalArgumentException("droppedTokens must be at least 0, got: " + droppedTokens);
    }
    this.vector = vector;
    this.tokens = tokens;
    this.droppedTokens = droppedTokens;
  }

  /** The vector itself, not a copy. */
  public float[] vector() {
    return vector;
  }

  /** How many word pieces the model read, special tokens included. */
  public int tokens() {
    return tokens;
  }

  /** How many word pieces of the text lay beyond the model's window; 0 when nothing was cut. */
  public int droppedTokens() {
    return droppedTokens;
  }
}
