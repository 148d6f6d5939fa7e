package io.github.semblance.server;

/** A request that is not answered, and why; the message is for who sent it. */
final class RequestRefused extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;

  RequestRefused(int status, String message) {
    super(message);
    this.status = status;
  }

  RequestRefused(int status, String message, Throwable cause) {
    super(message, cause);
    this.status = status;
  }

  /** The status of HTTP, from 400 to 499, or 503. */
  int status() {
    return status;
  }
}
