package io.github.semblance.langchain4j;

import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.LangChain4jException;
import io.github.semblance.embed.EmbeddingException;
import io.github.semblance.search.SearchRequestException;
import java.io.IOException;

/** Gives the errors of a call as LangChain4j's exceptions, with their message and their cause. */
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

  /**
   * Makes a call.
   *
   * @throws InvalidRequestException if what was asked for is wrong
   * @throws LangChain4jException if it failed otherwise
   */
  static <T> T call(Call<T> call) {
    try {
      return call.run();
    } catch (IllegalArgumentException | SearchRequestException e) {
      throw new InvalidRequestException(message(e), e);
    } catch (EmbeddingException | IllegalStateException | IOException e) {
      throw new LangChain4jException(message(e), e);
    }
  }

  static void run(Action action) {
    Translated.<Boolean>call(
        () -> {
          action.run();
          return true;
        });
  }

  private static String message(Exception e) {
    String message = e.getMessage();
    return message == null ? e.toString() : message;
  }
}
