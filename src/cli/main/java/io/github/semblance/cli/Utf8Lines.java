package io.github.semblance.cli;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Standard input by lines. Each line is decoded alone, so that bytes that are no UTF-8 are told by
 * their line and the lines before it are not lost. For use by one thread.
 */
final class Utf8Lines {
  private final InputStream in;
  private long line;

  Utf8Lines(InputStream in) {
    this.in = new BufferedInputStream(in, 1 << 16);
  }

  /** The next line without its end; null after the last. Waits for it if need be. */
  @Nullable String next() throws IOException, CommandFailure {
    byte[] bytes = bytes();
    try {
      return bytes == null ? null : text(StandardCharsets.UTF_8.newDecoder(), bytes);
    } catch (CharacterCodingException e) {
      throw new CommandFailure("standard input:" + line + ": invalid UTF-8", e);
    }
  }

  /** As {@link #next}, but of a person who types: bytes that are no UTF-8 are read as U+FFFD. */
  @Nullable String nextTyped() throws IOException {
    byte[] bytes = bytes();
    return bytes == null
        ? null
        : text(
            StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPLACE)
                .onUnmappableCharacter(CodingErrorAction.REPLACE),
            bytes);
  }

  private static String text(CharsetDecoder decoder, byte[] bytes) throws CharacterCodingException {
    String text = decoder.decode(ByteBuffer.wrap(bytes)).toString();
    return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
  }

  private byte @Nullable [] bytes() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    int read = in.read();
    if (read < 0) {
      return null;
    }
    line++;
    for (; read >= 0 && read != '\n'; read = in.read()) {
      bytes.write(read);
    }
    return bytes.toByteArray();
  }

  /** Which line was read last; 1 for the first. */
  long number() {
    return line;
  }

  /** Whether some of the next line is here already. */
  boolean isReady() throws IOException {
    return in.available() > 0;
  }
}
