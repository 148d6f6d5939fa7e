package io.github.semblance.corpus;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Path;

/** A format whose files are one document each. Safe for use by many threads. */
@FunctionalInterface
interface WholeFile {

  /**
   * Reads a file.
   *
   * @param in its bytes, from their beginning
   * @throws RejectedFileException if it cannot become a document
   */
  ReadText read(Path path, InputStream in) throws IOException, RejectedFileException;

  /**
   * All bytes.
   *
   * @throws RejectedFileException if there are more than a limit
   */
  static byte[] bytes(InputStream in, int limit) throws IOException, RejectedFileException {
    byte[] bytes = in.readNBytes(limit + 1);
    if (bytes.length > limit) {
      throw new RejectedFileException("the file is longer than " + limit + " bytes");
    }
    return bytes;
  }

  /**
   * All characters of a file in UTF-8.
   *
   * @throws RejectedFileException if it is longer than a limit, or no UTF-8
   */
  static String utf8(InputStream in, int limit) throws IOException, RejectedFileException {
    byte[] bytes = bytes(in, limit);
    try {
      return StrictUtf8Reader.decode(bytes, bytes.length);
    } catch (CharacterCodingException e) {
      throw new RejectedFileException(e.getMessage() + " of the file", 0, e);
    }
  }
}
