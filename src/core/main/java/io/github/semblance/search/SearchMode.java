package io.github.semblance.search;

import java.util.Locale;

/** Which evidence a search uses. */
public enum SearchMode {
  /** Both: keywords and meaning, fused. */
  HYBRID,
  /** Keywords only. */
  BM25,
  /** Meaning only: the cosine of query and best passage. */
  SEMANTIC;

  /** As requests and answers write it: {@code hybrid}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
