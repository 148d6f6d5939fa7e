package io.github.semblance.cli;

import java.util.ArrayList;
import java.util.List;
import org.jline.utils.WCWidth;

/** Texts in the columns of a terminal, where some characters take two and some none. */
final class TextColumns {
  private TextColumns() {}

  /** How many columns a text takes. */
  static int width(String text) {
    return text.codePoints().map(TextColumns::width).sum();
  }

  private static int width(int codePoint) {
    return Math.max(0, WCWidth.wcwidth(codePoint)); // control characters, which mark a place, none
  }

  /** Breaks a text between words, and words that are wider than a line. At least one line. */
  static List<String> lines(String text, int columns) {
    int most = Math.max(2, columns);
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    int width = 0;
    for (String word : text.split(" ", -1)) {
      String rest = word;
      int length = width(rest);
      if (width > 0 && width + 1 + length > most) {
        lines.add(line.toString());
        line.setLength(0);
        width = 0;
      }
      while (length > most) {
        String head = beginning(rest, most);
        lines.add(head);
        rest = rest.substring(head.length());
        length = width(rest);
      }
      line.append(width > 0 ? " " : "").append(rest);
      width += (width > 0 ? 1 : 0) + length;
    }
    lines.add(line.toString());
    return lines;
  }

  /** A text on one line, its end left out if need be. */
  static String cut(String text, int columns) {
    return width(text) <= columns ? text : beginning(text, columns - 1).stripTrailing() + "…";
  }

  private static String beginning(String text, int columns) {
    int width = 0;
    int end = 0;
    while (end < text.length()) {
      int codePoint = text.codePointAt(end);
      width += width(codePoint);
      if (width > columns) {
        break;
      }
      end += Character.charCount(codePoint);
    }
    return text.substring(0, end);
  }

  /** A text with blanks behind it. */
  static String padded(String text, int columns) {
    return text + " ".repeat(Math.max(0, columns - width(text)));
  }
}
