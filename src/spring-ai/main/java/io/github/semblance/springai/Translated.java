package io.github.semblance.springai;

import io.github.semblance.embed.EmbeddingException;
import io.github.semblance.search.SearchRequestException;
import java.io.IOException;

/**
 * Gives the errors of a call as Spring's contract has them, as by {@code Assert}: {@code
 * IllegalArgumentException} for a bad request, {@code IllegalStateException} for a failure, with
 * the message and the cause they had.
 */
final class Translated {
  private Translated() {}

  /** A call into Semblance. */
  @FunctionalInterface
  interface Call<T> {
    T run() throws IOException;
  }

  /** The same without a result. */
  @FunctionalInterface
  interface Action {
    void run() throws IOException;
  }

  static <T> T call(Call<T> call) {
    try {
      return call.run();
    } catch (SearchRequestException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    } catch (EmbeddingException | IOException e) {
      throw new IllegalStateException(e.getMessage() == null ? e.toString() : e.getMessage(), e);
    }
  }

  static void run(Action action) {
    Translated.<Boolean>call(
        () -> {
          action.run();
          return true;
        });
  }
}
