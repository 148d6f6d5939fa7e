package io.github.semblance.opensearch;

/** What becomes of a document whose text has changed since its passages were embedded. */
enum StaleVectors {
  /** It is refused. */
  REFUSE,
  /** It is found by what it said before. */
  KEEP
}
