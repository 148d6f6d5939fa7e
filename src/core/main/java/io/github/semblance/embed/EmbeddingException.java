package io.github.semblance.embed;

import org.jspecify.annotations.Nullable;

/** An embedder could not be started or could not embed; the message says what and why. */
public final class EmbeddingException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public EmbeddingException(String message) {
    super(message);
  }

  public EmbeddingException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
