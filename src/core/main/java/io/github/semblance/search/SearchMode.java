package io.github.semblance.search;

/** Which evidence a search uses. */
public enum SearchMode {
  /** Both: keywords and meaning, fused. */
  HYBRID,
  /** Keywords only. */
  BM25,
  /** Meaning only: the cosine of query and best passage. */
  SEMANTIC
}
