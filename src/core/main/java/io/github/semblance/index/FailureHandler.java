package io.github.semblance.index;

/** Decides what happens when a single document cannot be embedded or indexed. */
@FunctionalInterface
public interface FailureHandler {
  /** Throws the cause's message with the document's id: indexing stops at the first failure. */
  FailureHandler THROW =
      (id, cause) -> {
        String reason = cause.getMessage() == null ? cause.toString() : cause.getMessage();
        throw new IllegalArgumentException(
            "document \"" + id + "\" could not be indexed: " + reason, cause);
      };

  /**
   * Called on the thread that writes, once per failed document. Nothing of the document has been
   * written; one of the same id that was there before is there still. If this returns, indexing
   * goes on with the next document.
   */
  void failed(String id, RuntimeException cause);
}
