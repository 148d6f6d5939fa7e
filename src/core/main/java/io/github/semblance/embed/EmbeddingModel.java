package io.github.semblance.embed;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * The facts of an embedding model on which an index and the searcher of that index must agree.
 *
 * <p>Immutable and safe for use by many threads.
 *
 * @param name what users call the model, for messages only
 * @param dimension length of each vector, at least 1
 * @param maxTokens the window: the most word pieces of one text, special tokens included, at least
 *     3
 * @param specialTokens how many word pieces of the window the model takes for itself with each
 *     passage, such as {@code [CLS]}, {@code [SEP]} and the pieces of a prefix; at least 0, less
 *     than {@code maxTokens}
 * @param cosineFloor the cosine that this model gives to unrelated texts, in [0, 1): fusion
 *     measures similarity from here; it changes no vector and is not part of the fingerprint
 * @param fingerprint lower-case hexadecimal SHA-256 over everything that changes a vector, such as
 *     weights and tokenizer: equal fingerprints mean interchangeable vectors
 * @param properties what else the embedder's own code wants to know of the model when an index is
 *     opened again, by names of its own; indexing and search carry them and do not read them
 */
public record EmbeddingModel(
    String name,
    int dimension,
    int maxTokens,
    int specialTokens,
    float cosineFloor,
    String fingerprint,
    Map<String, String> properties) {

  /** Checks the ranges stated above and copies the properties. */
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
    if (specialTokens < 0 || specialTokens >= maxTokens) {
      throw new IllegalArgumentException(
          "specialTokens must be from 0 to less than maxTokens, "
              + maxTokens
              + ", got: "
              + specialTokens);
    }
    if (!(cosineFloor >= 0 && cosineFloor < 1)) {
      throw new IllegalArgumentException("cosineFloor must be in [0, 1), got: " + cosineFloor);
    }
    if (fingerprint.isBlank()) {
      throw new IllegalArgumentException(
          "fingerprint must not be blank, got: \"" + fingerprint + "\"");
    }
    properties = Collections.unmodifiableMap(new TreeMap<>(properties));
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
        name, dimension, Integer.MAX_VALUE, 0, 0, "external:" + name + ":" + dimension, Map.of());
  }
}
