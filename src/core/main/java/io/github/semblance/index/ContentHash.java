package io.github.semblance.index;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.apache.lucene.util.BytesRef;

/** SHA-256 over a list of texts and vectors. For one thread; gives one hash. */
final class ContentHash {
  /** Stands after each text; no UTF-8 has it. */
  private static final byte END = (byte) 0xff;

  private final MessageDigest digest;

  ContentHash() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }

  ContentHash add(String text) {
    digest.update(text.getBytes(StandardCharsets.UTF_8));
    digest.update(END);
    return this;
  }

  ContentHash add(float[] vector) {
    ByteBuffer bytes = ByteBuffer.allocate(vector.length * Float.BYTES);
    bytes.asFloatBuffer().put(vector);
    digest.update(bytes);
    digest.update(END);
    return this;
  }

  BytesRef toBytes() {
    return new BytesRef(digest.digest());
  }
}
