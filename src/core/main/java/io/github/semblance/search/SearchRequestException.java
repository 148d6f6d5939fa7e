package io.github.semblance.search;

/** A search was asked for in a way that has no answer; the message names the rule and the value. */
public final class SearchRequestException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public SearchRequestException(String message) {
    super(message);
  }

  public SearchRequestException(String message, Throwable cause) {
    super(message, cause);
  }
}
