package io.github.semblance.index;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * An index cannot be opened: it is missing, locked, no index at all, or written by another model,
 * analyzer or schema. The message names the index, the reason and what to do, on one line: bytes of
 * a damaged file may be in the reason, and control characters are replaced.
 */
public final class IndexOpenException extends IOException {
  private static final long serialVersionUID = 1L;

  public IndexOpenException(String message) {
    this(message, null);
  }

  public IndexOpenException(String message, @Nullable Throwable cause) {
    super(message.replaceAll("[\\p{Cc}\\u2028\\u2029]", "\uFFFD"), cause);
  }
}
