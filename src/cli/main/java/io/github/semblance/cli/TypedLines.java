package io.github.semblance.cli;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** What a person types, line by line. For use by one thread. */
interface TypedLines extends AutoCloseable {
  /** The next line without its end; null when the person wants to end. Waits for it. */
  @Nullable String next() throws IOException;

  @Override
  void close() throws IOException;

  /** Lines as they come from standard input, with a prompt among the messages. */
  static TypedLines unedited(Streams streams) {
    Utf8Lines lines = new Utf8Lines(streams.in());
    return new TypedLines() {
      @Override
      public @Nullable String next() throws IOException {
        streams.err().print("> ");
        streams.err().flush();
        String line = lines.nextTyped();
        if (line == null) {
          streams.err().println();
        }
        return line;
      }

      @Override
      public void close() {}
    };
  }
}
