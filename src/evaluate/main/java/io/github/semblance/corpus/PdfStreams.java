package io.github.semblance.corpus;

import java.io.IOException;
import java.io.InputStream;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the compressed streams of a PDF before a library holds them in memory whole: some bytes
 * can stand for gigabytes. Stateless.
 *
 * <p>Finds streams by the word that they begin with, and inflates what can be inflated, also what
 * was compressed twice. Other filters shrink a text less.
 */
final class PdfStreams {
  /** What one stream may become, in bytes: a page of a book has some ten thousand. */
  private static final long LARGEST = 128L << 20;

  private static final byte[] BEGIN = {'s', 't', 'r', 'e', 'a', 'm'};
  private static final int CHUNK = 1 << 16;

  private PdfStreams() {}

  /**
   * Reads a file to its end.
   *
   * @throws RejectedFileException if a stream is too large
   */
  static void check(InputStream in) throws IOException, RejectedFileException {
    byte[] chunk = new byte[CHUNK];
    Stream stream = null;
    int matched = 0;
    try {
      for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
        int fed = 0; // where what has not been fed to the stream begins
        for (int i = 0; i < count; i++) {
          matched = chunk[i] == BEGIN[matched] ? matched + 1 : chunk[i] == BEGIN[0] ? 1 : 0;
          if (matched == BEGIN.length) {
            matched = 0;
            if (stream != null) {
              stream.feed(chunk, fed, i + 1 - fed);
              stream.close();
            }
            stream = new Stream();
            fed = i + 1;
          }
        }
        if (stream != null) {
          stream.feed(chunk, fed, count - fed);
        }
      }
    } finally {
      if (stream != null) {
        stream.close();
      }
    }
  }

  /** What comes after the word. */
  private static final class Stream implements AutoCloseable {
    private final Inflater inflater = new Inflater();
    private final byte[] out = new byte[CHUNK];
    private boolean begun;
    private boolean over;
    private long size;
    private @Nullable Stream within;
    private final int depth;

    Stream() {
      this(0);
    }

    private Stream(int depth) {
      this.depth = depth;
    }

    void feed(byte[] bytes, int from, int length) throws RejectedFileException {
      int at = from;
      int end = from + length;
      while (!begun && at < end && (bytes[at] == '\r' || bytes[at] == '\n')) {
        at++;
      }
      if (over || at == end) {
        return;
      }
      begun = true;
      inflater.setInput(bytes, at, end - at);
      try {
        int count = inflater.inflate(out);
        while (count > 0) {
          size += count;
          if (size > LARGEST) {
            throw new RejectedFileException(
                "a compressed stream in it is longer than " + LARGEST + " bytes");
          }
          if (depth == 0) {
            within = within == null ? new Stream(1) : within;
            within.feed(out, 0, count);
          }
          count = inflater.inflate(out);
        }
        over = inflater.finished();
      } catch (DataFormatException e) {
        over = true; // it is compressed in another way, or not at all
      }
    }

    @Override
    public void close() {
      inflater.end();
      if (within != null) {
        within.close();
      }
    }
  }
}
