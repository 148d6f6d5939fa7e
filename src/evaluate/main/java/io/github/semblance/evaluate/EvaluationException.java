package io.github.semblance.evaluate;

import org.jspecify.annotations.Nullable;

/**
 * Topics, judgements or a run cannot be read or written; the message names the file, where known
 * the line, and what is wrong.
 */
public final class EvaluationException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public EvaluationException(String message) {
    super(message);
  }

  public EvaluationException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
