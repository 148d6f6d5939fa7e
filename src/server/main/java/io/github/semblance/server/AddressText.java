package io.github.semblance.server;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.eclipse.jetty.http.HttpURI;

/**
 * Texts in addresses, which are percent-encoded UTF-8. Decoders of libraries put U+FFFD in place of
 * what is not, and a search for that finds something else than was asked for. Stateless.
 */
final class AddressText {
  /** What Jetty puts in place of bytes that came as they are and are not UTF-8. */
  private static final char REPLACEMENT = '\uFFFD';

  private AddressText() {}

  /**
   * Refuses an address of which a part cannot be decoded.
   *
   * @throws RequestRefused naming that part
   */
  static void check(HttpURI address) {
    String path = address.getPath();
    if (path != null) {
      String unused = decode("the path", path);
    }
    String query = address.getQuery();
    if (query != null) {
      for (String parameter : query.split("&", -1)) {
        String[] sides = parameter.split("=", 2);
        String name = "\"" + decode("the name of a parameter", sides[0]) + "\"";
        String unused = sides.length == 1 ? "" : decode(name, sides[1]);
      }
    }
  }

  /**
   * Decodes a path or a part of one; a plus is itself.
   *
   * @param what it is, for the message
   * @throws RequestRefused if it is not percent-encoded UTF-8
   */
  static String decode(String what, String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
    try {
      for (int i = 0; i < text.length(); ) {
        int next = text.codePointAt(i);
        if (next == '%') {
          bytes.write(HexFormat.fromHexDigits(text, i + 1, i + 3));
          i += 3;
        } else if (next == REPLACEMENT) {
          throw new IllegalArgumentException("bytes that are not UTF-8");
        } else {
          bytes.writeBytes(Character.toString(next).getBytes(StandardCharsets.UTF_8));
          i += Character.charCount(next);
        }
      }
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes.toByteArray()))
          .toString();
    } catch (IndexOutOfBoundsException | IllegalArgumentException | CharacterCodingException e) {
      throw new RequestRefused(400, what + " must be percent-encoded UTF-8, got: " + text, e);
    }
  }
}
