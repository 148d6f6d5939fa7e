package io.github.semblance.index;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A document that comes with its vector, as the stores of other libraries are given it. It is one
 * passage, however long its text.
 *
 * <p>Immutable and safe for use by many threads as long as nobody writes to the vector.
 *
 * @param id unique in an index; not blank
 * @param text what keyword search reads and a hit shows; may be empty; null if only the vector is
 *     known
 * @param metadata values by key for filters: {@code String}, {@code Boolean}, {@code Integer},
 *     {@code Long}, {@code Float}, {@code Double}, {@code UUID}, or a list of values of one of
 *     these types; keyword search does not read them. Keys are not blank and do not begin with
 *     {@code keyword.}
 * @param vector of the text, from the index's model; finite, not all zero
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares these
public record EmbeddedDocument(
    String id, @Nullable String text, Map<String, Object> metadata, float[] vector) {

  /**
   * Checks the rules stated above and copies the metadata.
   *
   * @throws IllegalArgumentException naming the document, the rule and the value, if one is broken
   */
  public EmbeddedDocument {
    if (id.isBlank()) {
      throw new IllegalArgumentException("id must not be blank, got: \"" + id + "\"");
    }
    requireDirection(id, vector);
    MetadataFields.check(id, metadata);
    metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
  }

  /** The cosine, by which vectors are compared, is not defined for others. */
  private static void requireDirection(String id, float[] vector) {
    boolean zero = true;
    for (int i = 0; i < vector.length; i++) {
      if (!Float.isFinite(vector[i])) {
        throw new IllegalArgumentException(
            "a vector must be finite, got: "
                + vector[i]
                + " at "
                + i
                + " in document \""
                + id
                + "\"");
      }
      zero &= vector[i] == 0;
    }
    if (zero) {
      throw new IllegalArgumentException(
          "a vector must have a component other than 0, got "
              + vector.length
              + " zeros in document \""
              + id
              + "\"");
    }
  }
}
