package io.github.semblance.bert;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;

/**
 * A {@code precompiled_charsmap} as SentencePiece writes it: the size of a double-array trie, the
 * trie, and the replacements, each ended by NUL. Every state of the trie has 256 units to itself.
 */
final class CharacterMapFile {
  private static final int BLOCK = 256;

  int[] units = new int[2 * BLOCK];
  byte[] replacements;

  /** In bytes, as the file states it; less than 0 for what it is. */
  long trieSize = -1;

  /** A map of these characters. */
  CharacterMapFile(Map<String, String> map) {
    ByteArrayOutputStream values = new ByteArrayOutputStream();
    units[0] = BLOCK << 10;
    for (Map.Entry<String, String> entry : new TreeMap<>(map).entrySet()) {
      int base = BLOCK;
      int last = 0;
      for (byte b : entry.getKey().getBytes(StandardCharsets.UTF_8)) {
        last = base ^ (b & 0xFF);
        if (units[last] == 0) {
          units[last] = (last ^ units.length) << 10 | (b & 0xFF);
          units = Arrays.copyOf(units, units.length + BLOCK);
        }
        base = last ^ units[last] >>> 10;
      }
      units[last] |= 1 << 8;
      units[base] = values.size() | Integer.MIN_VALUE;
      values.writeBytes((entry.getValue() + "\0").getBytes(StandardCharsets.UTF_8));
    }
    replacements = values.toByteArray();
  }

  /** Some that are in use, and one that is in none. */
  static CharacterMapFile usual() {
    return new CharacterMapFile(
        Map.of("ﬁ", "fi", "Ａ", "A", "\t", " ", "\u200b", "", "é", "e", "½", "1/2", "日", "日本"));
  }

  /** The unit of the leaf of the first key. */
  int leaf() {
    for (int i = 0; i < units.length; i++) {
      if (units[i] < 0) {
        return i;
      }
    }
    throw new IllegalStateException("the trie must have a leaf");
  }

  String base64() {
    ByteBuffer blob =
        ByteBuffer.allocate(Integer.BYTES * (1 + units.length) + replacements.length)
            .order(ByteOrder.LITTLE_ENDIAN);
    blob.putInt((int) (trieSize < 0 ? (long) Integer.BYTES * units.length : trieSize));
    for (int unit : units) {
      blob.putInt(unit);
    }
    blob.put(replacements);
    return Base64.getEncoder().encodeToString(blob.array());
  }
}
