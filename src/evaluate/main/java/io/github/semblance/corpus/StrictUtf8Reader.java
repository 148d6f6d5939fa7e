package io.github.semblance.corpus;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;

/**
 * Decodes UTF-8 without ever replacing a character: what is invalid fails with its byte offset and
 * line. Skips a byte order mark. Bounds the characters of one record, so that an unclosed quote
 * does not pull a whole file into memory.
 */
final class StrictUtf8Reader extends Reader {

  /** The longest record, in bytes or characters. */
  static final int LONGEST_RECORD = 32 << 20;

  private static final char BYTE_ORDER_MARK = '\uFEFF';

  private final InputStream in;
  private final CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
  private final ByteBuffer bytes = ByteBuffer.allocate(1 << 13).limit(0);
  private long offset;
  private long line = 1;
  private long recordStart;
  private long chars;
  private boolean ended;

  StrictUtf8Reader(InputStream in) {
    this.in = in;
  }

  /** The text of a whole file or line. */
  static String decode(byte[] bytes, int length) throws CharacterCodingException {
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    ByteBuffer in = ByteBuffer.wrap(bytes, 0, length);
    CharBuffer out = CharBuffer.allocate(length);
    if (decoder.decode(in, out, true).isError()) {
      throw new InvalidUtf8Exception("invalid UTF-8 at byte " + in.position());
    }
    out.flip();
    if (out.hasRemaining() && out.get(0) == BYTE_ORDER_MARK) {
      out.get();
    }
    return out.toString();
  }

  /** Starts the count for the next record. */
  void startRecord() {
    recordStart = chars;
  }

  @Override
  public int read(char[] buffer, int from, int length) throws IOException {
    if (length < 2) {
      throw new IllegalArgumentException(
          "length must leave room for a surrogate pair, got: " + length);
    }
    if (chars - recordStart > LONGEST_RECORD) {
      throw new IOException(
          "a record is longer than " + LONGEST_RECORD + " characters; is a quote left open?");
    }
    CharBuffer out = CharBuffer.wrap(buffer, from, length);
    while (true) {
      int before = bytes.position();
      CoderResult result = decoder.decode(bytes, out, ended);
      offset += bytes.position() - before;
      if (chars == 0 && out.position() > from && buffer[from] == BYTE_ORDER_MARK) {
        System.arraycopy(buffer, from + 1, buffer, from, out.position() - from - 1);
        out.position(out.position() - 1);
        chars = 1;
      }
      int count = out.position() - from;
      if (count > 0) {
        chars += count;
        for (int i = from; i < from + count; i++) {
          line += buffer[i] == '\n' ? 1 : 0;
        }
        return count;
      }
      if (result.isError()) {
        throw new InvalidUtf8Exception(
            "invalid UTF-8 in line " + line + ", at byte " + offset + " of the file");
      }
      if (ended) {
        return -1;
      }
      bytes.compact();
      int read = in.read(bytes.array(), bytes.position(), bytes.remaining());
      ended = read < 0;
      bytes.position(bytes.position() + Math.max(read, 0)).flip();
    }
  }

  @Override
  public void close() throws IOException {
    in.close();
  }

  static final class InvalidUtf8Exception extends CharacterCodingException {
    private static final long serialVersionUID = 1L;

    private final String message;

    private InvalidUtf8Exception(String message) {
      this.message = message;
    }

    @Override
    public String getMessage() {
      return message;
    }
  }
}
