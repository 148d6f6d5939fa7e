package io.github.semblance.corpus;

import org.jspecify.annotations.Nullable;

/** A file that is one document is left out; the message is the reason. */
final class RejectedFileException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String reason;

  /** From 1; 0 if it is the whole file. */
  private final long line;

  RejectedFileException(String reason) {
    this(reason, 0, null);
  }

  RejectedFileException(String reason, long line, @Nullable Throwable cause) {
    super(reason, cause);
    this.reason = reason;
    this.line = line;
  }

  String reason() {
    return reason;
  }

  long line() {
    return line;
  }
}
