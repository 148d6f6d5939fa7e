package io.github.semblance.search;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A query that {@link SemanticQueryParser} cannot read; the message names the rule and the place.
 */
public final class QuerySyntaxException extends Exception {
  private static final long serialVersionUID = 1L;

  private final int offset;

  QuerySyntaxException(String rule, int offset, @Nullable Throwable cause) {
    super(rule + ", at character " + (offset + 1), cause);
    this.offset = offset;
  }

  @Override
  public String getMessage() {
    return Objects.requireNonNull(super.getMessage());
  }

  /**
   * Where in the query the fault was seen, counted in {@code char}s from 0; the query's length if
   * it ended too soon.
   */
  public int offset() {
    return offset;
  }
}
