package io.github.semblance.embed;

/**
 * Texts without half a surrogate pair, which has no form in UTF-8. A program that cuts a text at a
 * number of {@code char}s leaves such a half where an emoji stood. Stateless.
 */
public final class WellFormed {
  private static final char REPLACEMENT = '\uFFFD';

  private WellFormed() {}

  /**
   * The text itself, or one of the same length in which U+FFFD stands for each half of a surrogate
   * pair whose other half is missing.
   */
  public static String text(String text) {
    char[] mended = null;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!Character.isSurrogate(c)) {
        continue;
      }
      if (i + 1 < text.length() && Character.isSurrogatePair(c, text.charAt(i + 1))) {
        i++;
        continue;
      }
      if (mended == null) {
        mended = text.toCharArray();
      }
      mended[i] = REPLACEMENT;
    }
    return mended == null ? text : new String(mended);
  }
}
