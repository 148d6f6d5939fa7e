package io.github.semblance.bert.checkpoint;

import org.jspecify.annotations.Nullable;

/**
 * No model can be called so: it is no name of the {@link ModelCatalogue}, no folder, and not
 * written as models of a hub or a Maven repository are.
 */
public final class UnknownModelException extends CheckpointException {
  private static final long serialVersionUID = 1L;

  UnknownModelException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
