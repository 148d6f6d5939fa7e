package io.github.semblance.bert;

import ai.djl.huggingface.tokenizers.Encoding;
import io.github.semblance.embed.EmbeddingException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** How a tokenizer puts special tokens around two texts. Immutable. */
final class PairTemplate {
  private static final int SPECIAL = -1;

  /**
   * A special token, or the place of a text.
   *
   * @param text 0 or 1; {@link #SPECIAL} for a token
   * @param id of the token
   * @param type of the token, or of all pieces of the text
   */
  private record Part(int text, long id, long type) {}

  private final List<Part> parts;

  private PairTemplate(List<Part> parts) {
    this.parts = parts;
  }

  /** Learns from a pair of texts of at least one piece each, none of them a special token. */
  static PairTemplate of(Encoding pair) {
    long[] ids = pair.getIds();
    long[] types = pair.getTypeIds();
    long[] special = pair.getSpecialTokenMask();
    long[] texts = pair.getSequenceIds();
    List<Part> parts = new ArrayList<>();
    for (int i = 0; i < ids.length; i++) {
      if (special[i] == 1) {
        parts.add(new Part(SPECIAL, ids[i], types[i]));
      } else if (parts.isEmpty() || parts.getLast().text() != texts[i]) {
        parts.add(new Part((int) texts[i], 0, types[i]));
      }
    }
    return new PairTemplate(parts);
  }

  /** How many token types there are, if none is left out. */
  int types() {
    return 1 + (int) parts.stream().mapToLong(Part::type).max().orElse(0);
  }

  /**
   * Puts two texts into one input, cut to the window as the tokenizers library does where it is
   * asked for its strategy longest first: the longer text loses pieces at its end until both are
   * equally long, then both do.
   */
  TokenPair fill(long[] first, long[] second, int window) {
    int specials = (int) parts.stream().filter(part -> part.text() == SPECIAL).count();
    if (window <= specials) {
      throw new EmbeddingException(
          String.format(
              Locale.ROOT,
              "the window must have room beside %d special tokens, got: %d tokens",
              specials,
              window));
    }
    int[] kept = longestFirst(first.length, second.length, window - specials);
    long[] ids = new long[specials + kept[0] + kept[1]];
    long[] types = new long[ids.length];
    int at = 0;
    for (Part part : parts) {
      long[] from =
          switch (part.text()) {
            case 0 -> first;
            case 1 -> second;
            default -> new long[] {part.id()};
          };
      int count = part.text() == SPECIAL ? 1 : kept[part.text()];
      System.arraycopy(from, 0, ids, at, count);
      Arrays.fill(types, at, at + count, part.type());
      at += count;
    }
    return new TokenPair(ids, types, first.length + second.length - kept[0] - kept[1]);
  }

  /** How many pieces of each text stay. */
  private static int[] longestFirst(int first, int second, int limit) {
    if (first + second <= limit) {
      return new int[] {first, second};
    }
    int shorter = Math.min(first, second);
    int longer = Math.max(shorter, limit - shorter);
    if (shorter + longer > limit) {
      shorter = limit / 2;
      longer = shorter + limit % 2;
    }
    return first <= second ? new int[] {shorter, longer} : new int[] {longer, shorter};
  }
}
