package io.github.semblance.embed;

/**
 * The facts of an embedding model on which an index and the searcher of that index must agree.
 *
 * <p>Immutable and safe for use by many threads.
 *
 * @param name what users call the model, for messages only
 * @param dimension length of each vector, at least 1
 * @param maxTokens the window: the most word pieces of one text, special tokens included, at least
 *     3
 * @param pooling how token vectors become one vector
 * @param normalized whether vectors have Euclidean length 1
 * @param queryPrefix put before each query, often empty
 * @param passagePrefix put before each passage, often empty
 * @param precision arithmetic of the linear layers
 * @param cosineFloor the cosine that this model gives to unrelated texts, in [0, 1): fusion
 *     measures similarity from here; it changes no vector and is not part of the fingerprint
 * @param fingerprint lower-case hexadecimal SHA-256 over the weights, the tokenizer and every fact
 *     above that changes a vector: equal fingerprints mean interchangeable vectors
 */
public record EmbeddingModel(
    String name,
    int dimension,
    int maxTokens,
    Pooling pooling,
    boolean normalized,
    String queryPrefix,
    String passagePrefix,
    Precision precision,
    float cosineFloor,
    String fingerprint) {

  /** Checks the ranges stated above. */
  public EmbeddingModel {
    if (name.isBlank()) {
      throw new IllegalArgumentException("name must not be blank, got: \"" + name + "\"");
    }
    if (dimension < 1) {
      throw new IllegalArgumentException("dimension must be at least 1, got: " + dimension);
    }
    if (maxTokens < 3) {
      throw new IllegalArgumentException("maxTokens must be at least 3, got: " + maxTokens);
    }
    if (!(cosineFloor >= 0 && cosineFloor < 1)) {
      throw new IllegalArgumentException("cosineFloor must be in [0, 1), got: " + cosineFloor);
    }
    if (fingerprint.isBlank()) {
      throw new IllegalArgumentException(
          "fingerprint must not be blank, got: \"" + fingerprint + "\"");
    }
  }

  /**
   * The facts of a model that runs elsewhere, of which only the name and the dimension are known:
   * enough that its vectors are not mixed with another's. Its other facts are placeholders and its
   * window has no limit here.
   *
   * @param name equal for equal vectors, so with the version where a model has versions
   */
  public static EmbeddingModel external(String name, int dimension) {
    return new EmbeddingModel(
        name,
        dimension,
        Integer.MAX_VALUE,
        Pooling.MEAN,
        false,
        "",
        "",
        Precision.FP32,
        0,
        "external:" + name + ":" + dimension);
  }
}
