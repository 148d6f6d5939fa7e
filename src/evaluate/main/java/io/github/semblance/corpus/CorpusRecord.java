package io.github.semblance.corpus;

import io.github.semblance.index.SourceDocument;

/**
 * What became of one record of the input: a document, or the reason why it is none.
 *
 * <p>Immutable and safe for use by many threads.
 */
public sealed interface CorpusRecord {

  /** Where the record stands. */
  Location location();

  /**
   * A record that is a document.
   *
   * @param derivedId whether the id is a hash of the content, because no record of the file has one
   */
  record Document(Location location, SourceDocument document, boolean derivedId)
      implements CorpusRecord {}

  /**
   * A record that is left out; the records after it can still be read.
   *
   * @param reason what is wrong with it, without the location
   */
  record Rejected(Location location, String reason) implements CorpusRecord {}
}
