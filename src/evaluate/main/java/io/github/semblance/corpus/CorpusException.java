package io.github.semblance.corpus;

import org.jspecify.annotations.Nullable;

/**
 * An input cannot be read, or no further; the message names the file, where known the line, and
 * what to do.
 */
public sealed class CorpusException extends RuntimeException permits UnknownFieldException {
  private static final long serialVersionUID = 1L;

  public CorpusException(String message) {
    super(message);
  }

  public CorpusException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
