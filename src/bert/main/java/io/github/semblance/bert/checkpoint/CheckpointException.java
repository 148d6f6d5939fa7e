package io.github.semblance.bert.checkpoint;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A model could not be found, read or trusted. The message names the input, the rule it breaks and
 * the value found, and says what to do.
 */
public sealed class CheckpointException extends IOException permits UnknownModelException {
  private static final long serialVersionUID = 1L;

  public CheckpointException(String message) {
    super(message);
  }

  public CheckpointException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
