package io.github.semblance.bert.checkpoint;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.BitSet;
import java.util.Deque;
import java.util.Locale;

/**
 * SentencePiece's {@code precompiled_charsmap}: a double-array trie from character sequences to
 * places in a list of replacements. Each is NUL-terminated UTF-8. Immutable.
 *
 * <p>Native code follows the trie with the bytes of a text and reads what it points to without
 * looking whether it is there; so all that any text can reach is followed here first.
 */
final class CharacterMap {
  /** In bytes; that of nmt_nfkc_cf, the greatest in use, has 300,000. */
  private static final int MOST_BYTES = 1 << 20;

  /** In bytes, of a replacement; the longest of Unicode's compatibility forms has 33. */
  private static final int LONGEST = 64;

  private static final int LAST_BYTE = 0xF4;

  private final TokenizerNode node;
  private final int[] units;
  private final byte[] replacements;
  private int growth = 1;

  private CharacterMap(TokenizerNode node, int[] units, byte[] replacements) {
    this.node = node;
    this.units = units;
    this.replacements = replacements;
  }

  /** Reads and checks a map in Base64. */
  static CharacterMap parse(TokenizerNode node) throws CheckpointException {
    ByteBuffer blob;
    try {
      blob = ByteBuffer.wrap(Base64.getDecoder().decode(node.string(1, 2 * MOST_BYTES)));
    } catch (IllegalArgumentException e) {
      throw node.refusal("a map of characters must be in Base64");
    }
    blob.order(ByteOrder.LITTLE_ENDIAN);
    long trieBytes = blob.remaining() < Integer.BYTES ? -1 : blob.getInt() & 0xFFFFFFFFL;
    if (blob.capacity() > MOST_BYTES
        || trieBytes < Integer.BYTES
        || trieBytes % Integer.BYTES != 0
        || trieBytes > blob.remaining()) {
      throw node.refusal(
          String.format(
              Locale.ROOT,
              "a map of characters must have at most %d bytes and begin with the size of its trie",
              MOST_BYTES));
    }
    int[] units = new int[(int) trieBytes / Integer.BYTES];
    blob.asIntBuffer().get(units);
    blob.position(Integer.BYTES + (int) trieBytes);
    byte[] replacements = new byte[blob.remaining()];
    blob.get(replacements);
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(replacements));
    } catch (CharacterCodingException e) {
      throw node.refusal("the replacements of a map of characters must be UTF-8");
    }
    CharacterMap map = new CharacterMap(node, units, replacements);
    map.follow();
    return map;
  }

  /** How many times as long as it was a text may become. */
  int growth() {
    return growth;
  }

  /** Whether an ASCII character is replaced by nothing. */
  boolean deletes(char character) {
    int child = offset(units[0]) ^ character;
    if (label(units[child]) != character || !hasLeaf(units[child])) {
      return false;
    }
    int at = units[child ^ offset(units[child])] & Integer.MAX_VALUE;
    return replacements[at] == 0;
  }

  /** A state of the trie, in which it waits for a byte. */
  private record State(int base, int depth) {}

  private void follow() throws CheckpointException {
    BitSet seen = new BitSet(units.length);
    Deque<State> states = new ArrayDeque<>();
    states.add(new State(within(offset(units[0])), 0));
    seen.set(states.getFirst().base());
    while (!states.isEmpty()) {
      State state = states.remove();
      for (int c = 1; c <= LAST_BYTE; c++) {
        int child = within(state.base() ^ c);
        int unit = units[child];
        if (label(unit) != c) {
          continue;
        }
        int base = within(child ^ offset(unit));
        if (hasLeaf(unit)) {
          replacement(units[base] & Integer.MAX_VALUE, state.depth() + 1);
        }
        if (!seen.get(base)) {
          seen.set(base);
          states.add(new State(base, state.depth() + 1));
        }
      }
    }
  }

  private int within(int unit) throws CheckpointException {
    if (unit < 0 || unit >= units.length) {
      throw node.refusal("the trie of a map of characters must not point out of itself");
    }
    return unit;
  }

  private void replacement(int at, int matched) throws CheckpointException {
    int end = at;
    while (end >= 0 && end < replacements.length && replacements[end] != 0) {
      end++;
    }
    if (end < 0 || end >= replacements.length || end - at > LONGEST || isWithinCharacter(at)) {
      throw node.refusal(
          "the trie of a map of characters must point to replacements of at most "
              + LONGEST
              + " bytes");
    }
    growth = Math.max(growth, (end - at + matched - 1) / matched);
  }

  private boolean isWithinCharacter(int at) {
    return (replacements[at] & 0xC0) == 0x80;
  }

  private static boolean hasLeaf(int unit) {
    return (unit >>> 8 & 1) == 1;
  }

  /** A byte, or more than one where the unit is a leaf. */
  private static int label(int unit) {
    return unit & (Integer.MIN_VALUE | 0xFF);
  }

  private static int offset(int unit) {
    return unit >>> 10 << ((unit & 1 << 9) >>> 6);
  }
}
