package io.github.semblance.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Locale;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;

/**
 * Texts of strangers for a terminal: without control characters, which could steer it, without
 * characters that turn the direction of writing, and not without end.
 */
final class Printable {
  /** Stands for a character that goes, so that the places of the others stay until it does. */
  static final char GONE = '\u0003';

  private static final int LONGEST_MESSAGE = 1000;
  private static final int LONGEST_LINE = 300;
  private static final int TAIL = 300;

  private Printable() {}

  /**
   * A message: what could steer is written as in {@code \u202E}, the middle of long ones left out.
   */
  static String message(String text) {
    return abbreviate(escape(text.replaceAll("\\R", " ")), LONGEST_MESSAGE, TAIL);
  }

  /** A name or title on one line, in single spaces. */
  static String line(String text) {
    // What goes can be most of a text, so it is cut twice.
    String beginning = abbreviate(text, 8 * LONGEST_LINE, 0);
    String plain = sameLength(beginning).replace("" + GONE, "").strip().replaceAll("\\s+", " ");
    return abbreviate(plain, LONGEST_LINE, 0);
  }

  /** As many characters: white space for what could steer, {@link #GONE} for what turns. */
  static String sameLength(String text) {
    StringBuilder plain = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      plain.append(!steers(c) ? c : turns(c) ? GONE : ' ');
    }
    return plain.toString();
  }

  /** JSON that is the same to a program, of a node or of maps and lists. */
  static String json(Object json) {
    return escape(JsonMapper.shared().writeValueAsString(json));
  }

  /** A stack trace, line by line. */
  static String trace(Throwable failure) {
    StringWriter trace = new StringWriter();
    failure.printStackTrace(new PrintWriter(trace, true));
    return trace
        .toString()
        .lines()
        .map(line -> escape(line.replace("\t", "    ")))
        .collect(Collectors.joining(System.lineSeparator()));
  }

  private static String escape(String text) {
    StringBuilder escaped = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (steers(c)) {
        escaped.append(String.format(Locale.ROOT, "\\u%04X", (int) c));
      } else {
        escaped.append(c);
      }
    }
    return escaped.toString();
  }

  private static String abbreviate(String text, int longest, int tail) {
    if (text.length() <= longest) {
      return text;
    }
    int head = longest - tail;
    // Half a character is none.
    head -= Character.isHighSurrogate(text.charAt(head - 1)) ? 1 : 0;
    int end = text.length() - tail;
    end += tail > 0 && Character.isLowSurrogate(text.charAt(end)) ? 1 : 0;
    return tail == 0
        ? text.substring(0, head) + "…"
        : text.substring(0, head) + " … (" + (end - head) + " characters) … " + text.substring(end);
  }

  private static boolean steers(char c) {
    return Character.isISOControl(c) || c == '\u2028' || c == '\u2029' || turns(c);
  }

  private static boolean turns(char c) {
    return c == '\u061C'
        || c == '\u200E'
        || c == '\u200F'
        || (c >= '\u202A' && c <= '\u202E')
        || (c >= '\u2066' && c <= '\u2069');
  }
}
