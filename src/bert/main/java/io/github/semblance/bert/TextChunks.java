package io.github.semblance.bert;

/**
 * Where a long text is cut so that the tokenizer, which takes 200 bytes of memory for each
 * character, sees a bounded part of it at once.
 */
final class TextChunks {
  /** In chars. Texts up to this length are seen whole. */
  static final int LONGEST = 1 << 16;

  private TextChunks() {}

  /**
   * Where the part of a text ends that begins at a place: in front of white space, where no model
   * joins pieces, else after punctuation, else anywhere but within a character.
   */
  static int end(String text, int from) {
    int limit = from + LONGEST;
    if (limit >= text.length()) {
      return text.length();
    }
    int punctuation = -1;
    for (int at = limit; at > from; at--) {
      if (Character.isWhitespace(text.charAt(at)) && !Character.isWhitespace(text.charAt(at - 1))) {
        return at;
      }
      if (punctuation < 0 && isPunctuation(text.charAt(at - 1))) {
        punctuation = at;
      }
    }
    if (punctuation >= 0) {
      return punctuation;
    }
    return Character.isLowSurrogate(text.charAt(limit)) ? limit - 1 : limit;
  }

  /** The runs of characters other than white space from a place on. */
  static int words(String text, int from) {
    int words = 0;
    boolean within = false;
    for (int i = from; i < text.length(); i++) {
      boolean space = Character.isWhitespace(text.charAt(i));
      words += within || space ? 0 : 1;
      within = !space;
    }
    return words;
  }

  private static boolean isPunctuation(char c) {
    return c > ' ' && c < 127 && !Character.isLetterOrDigit(c);
  }
}
