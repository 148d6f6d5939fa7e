package io.github.semblance.opensearch;

import java.util.Locale;

/** What becomes of a document whose text has changed since its passages were embedded. */
enum StaleVectors {
  /** It is refused. */
  REFUSE,
  /** It is found by what it said before. */
  KEEP;

  static StaleVectors of(String name) {
    for (StaleVectors one : values()) {
      if (one.name().toLowerCase(Locale.ROOT).equals(name)) {
        return one;
      }
    }
    throw new IllegalArgumentException(
        "index.semblance.stale_vectors must be refuse or keep, got: " + name);
  }
}
