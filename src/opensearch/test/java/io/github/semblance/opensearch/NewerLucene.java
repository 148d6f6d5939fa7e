package io.github.semblance.opensearch;

/** Lets classes of OpenSearch be used outside of its distribution. */
final class NewerLucene {
  private NewerLucene() {}

  /** It asserts that Lucene is the very release that OpenSearch ships; ours is a newer bug fix. */
  static void allow() {
    NewerLucene.class.getClassLoader().setClassAssertionStatus("org.opensearch.Version", false);
  }
}
