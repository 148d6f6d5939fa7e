package io.github.semblance.index;

import io.github.semblance.corpus.SourceDocument;

/** Decides what happens when a single document cannot be embedded or indexed. */
@FunctionalInterface
public interface FailureHandler {
  /** Throws the cause's message with the document's id: indexing stops at the first failure. */
  FailureHandler THROW =
      (document, cause) -> {
        throw new IllegalArgumentException(
            "document \"" + document.id() + "\" could not be indexed: " + cause.getMessage(),
            cause);
      };

  /**
   * Called on the thread that writes, once per failed document. Nothing of the document has been
   * written. If this returns, indexing goes on with the next document.
   */
  void failed(SourceDocument document, RuntimeException cause);
}
