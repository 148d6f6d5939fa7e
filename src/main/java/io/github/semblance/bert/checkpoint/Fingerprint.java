package io.github.semblance.bert.checkpoint;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 over what determines a model's vectors. */
public final class Fingerprint {
  private Fingerprint() {}

  /**
   * A fingerprint that also covers one more fact, such as the precision of the arithmetic.
   *
   * @param fingerprint of a {@link BertModel}
   * @param fact name of the fact
   * @param value its value
   * @return lower-case hexadecimal
   */
  public static String extend(String fingerprint, String fact, String value) {
    String text = fingerprint + '\n' + fact + '=' + value;
    return HexFormat.of().formatHex(sha256().digest(text.getBytes(StandardCharsets.UTF_8)));
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform must have SHA-256", e);
    }
  }
}
