package io.github.semblance.analysis;

import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.io.StringWriter;
import java.text.Normalizer;
import org.apache.lucene.analysis.charfilter.BaseCharFilter;
import org.jspecify.annotations.Nullable;

/**
 * Gives words that look alike one spelling before they are told apart: canonically equivalent
 * characters become their composed form (NFC), and characters that nobody sees inside a word are
 * left out. Offsets remain those of the text as it is. For use by one thread.
 *
 * <p>Left out are the soft hyphen, the joiners and non-joiners, the word joiner, the marks of
 * direction and their like, see {@link #isInvisible}. Two are kept where they can be seen: a zero
 * width space divides words in scripts that write no spaces, and a joiner holds the parts of an
 * emoji together.
 *
 * <p>The text is held in memory as a whole. A text that has nothing to change costs two looks at
 * each character.
 */
final class WordFormFilter extends BaseCharFilter {
  private static final char ZERO_WIDTH_SPACE = '\u200B';
  private static final char NON_JOINER = '\u200C';
  private static final char JOINER = '\u200D';

  private final boolean keepsNonJoiners;
  private @Nullable Reader formed;

  /**
   * A filter of one text.
   *
   * @param keepsNonJoiners for the analyzers of languages in whose words U+200C has a meaning,
   *     which they know themselves
   */
  WordFormFilter(Reader input, boolean keepsNonJoiners) {
    super(input);
    this.keepsNonJoiners = keepsNonJoiners;
  }

  @Override
  public int read(char[] buffer, int offset, int length) throws IOException {
    return formed().read(buffer, offset, length);
  }

  @Override
  public int read() throws IOException {
    return formed().read();
  }

  private Reader formed() throws IOException {
    if (formed == null) {
      StringWriter whole = new StringWriter();
      input.transferTo(whole);
      formed = new StringReader(form(whole.toString()));
    }
    return formed;
  }

  private String form(String text) {
    int first = firstDropped(text);
    if (first < 0 && Normalizer.isNormalized(text, Normalizer.Form.NFC)) {
      return text;
    }
    StringBuilder seen = new StringBuilder(text.length());
    int[] origins = new int[text.length() + 1];
    for (int at = 0; at < text.length(); at++) {
      if (first < 0 || at < first || !isDropped(text, at)) {
        origins[seen.length()] = at;
        seen.append(text.charAt(at));
      }
    }
    origins[seen.length()] = text.length();
    return compose(seen.toString(), origins);
  }

  /** Composes piece by piece, so that each piece's place in the text is known. */
  private String compose(String seen, int[] origins) {
    StringBuilder composed = new StringBuilder(seen.length());
    int start = 0;
    while (start < seen.length()) {
      int end = endOfPiece(seen, start);
      String piece = seen.substring(start, end);
      String form = Normalizer.normalize(piece, Normalizer.Form.NFC);
      for (int i = 0; i < form.length(); i++) {
        map(composed.length() + i, origins[Math.min(start + i, end)]);
      }
      composed.append(form);
      start = end;
    }
    map(composed.length(), origins[seen.length()]);
    return composed.toString();
  }

  /** Of pieces that begin with what combines with nothing before it, the end of the next. */
  private static int endOfPiece(String text, int start) {
    int at = start + Character.charCount(text.codePointAt(start));
    while (at < text.length() && combines(text.codePointAt(at))) {
      at += Character.charCount(text.codePointAt(at));
    }
    return at;
  }

  /** Whether a character may become one with what stands before it: marks, and Korean letters. */
  private static boolean combines(int character) {
    return switch (Character.getType(character)) {
      case Character.NON_SPACING_MARK, Character.COMBINING_SPACING_MARK, Character.ENCLOSING_MARK ->
          true;
      default ->
          (character >= 0x1160 && character <= 0x11FF) // the vowels and finals of Hangul
              || (character >= 0x16D63 && character <= 0x16D6A); // the vowel signs of Kirat Rai
    };
  }

  private void map(int place, int origin) {
    int shift = origin - place;
    if (shift != getLastCumulativeDiff()) {
      addOffCorrectMap(place, shift);
    }
  }

  private int firstDropped(String text) {
    for (int at = 0; at < text.length(); at++) {
      if (isDropped(text, at)) {
        return at;
      }
    }
    return -1;
  }

  private boolean isDropped(String text, int at) {
    char character = text.charAt(at);
    if (character < '\u00AD' || !isInvisible(character)) {
      return false;
    }
    return switch (character) {
      case NON_JOINER -> !keepsNonJoiners;
      case ZERO_WIDTH_SPACE -> !dividesWords(text, at);
      case JOINER -> at + 1 == text.length() || !isSymbol(text.codePointAt(at + 1));
      default -> true;
    };
  }

  /** Whether a character has no look and no width of its own. */
  private static boolean isInvisible(char character) {
    return switch (character) {
      case '\u00AD', // soft hyphen
          '\u034F', // combining grapheme joiner
          '\u061C', // Arabic letter mark
          '\u180E', // Mongolian vowel separator
          '\uFEFF' -> // byte order mark, also a word joiner
          true;
      default ->
          (character >= ZERO_WIDTH_SPACE && character <= '\u200F') // joiners, marks of direction
              || (character >= '\u202A' && character <= '\u202E') // embedded directions
              || (character >= '\u2060' && character <= '\u206F'); // word joiner and others
    };
  }

  private static boolean isSymbol(int character) {
    int type = Character.getType(character);
    return type == Character.OTHER_SYMBOL || type == Character.MODIFIER_SYMBOL;
  }

  private static boolean dividesWords(String text, int at) {
    return (at > 0 && hasNoSpaces(text.codePointBefore(at)))
        || (at + 1 < text.length() && hasNoSpaces(text.codePointAt(at + 1)));
  }

  private static boolean hasNoSpaces(int character) {
    return switch (Character.UnicodeScript.of(character)) {
      case THAI,
          LAO,
          KHMER,
          MYANMAR,
          TIBETAN,
          TAI_LE,
          NEW_TAI_LUE,
          TAI_THAM,
          TAI_VIET,
          JAVANESE,
          BALINESE,
          HAN,
          HIRAGANA,
          KATAKANA,
          BOPOMOFO,
          YI ->
          true;
      default -> false;
    };
  }
}
