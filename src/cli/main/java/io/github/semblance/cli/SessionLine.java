package io.github.semblance.cli;

import java.util.List;
import org.jline.reader.CompletingParsedLine;
import org.jline.reader.Parser;

/**
 * A typed line in the parts that are completed: {@code :command} and all that follows it, or the
 * word of a question that the cursor is at. No character quotes or escapes another. Immutable.
 *
 * @param line as typed
 * @param cursor where in it
 * @param words the command and what follows, or the one word
 * @param wordIndex which of them the cursor is at
 * @param wordCursor where in that
 */
record SessionLine(String line, int cursor, List<String> words, int wordIndex, int wordCursor)
    implements CompletingParsedLine {

  /** Takes a line apart. */
  static SessionLine parse(String line, int cursor, Parser.ParseContext context) {
    int space = line.indexOf(' ');
    if (!line.startsWith(":")) {
      int start = line.lastIndexOf(' ', cursor - 1) + 1;
      int end = line.indexOf(' ', cursor);
      String word = line.substring(start, end < 0 ? line.length() : end);
      return new SessionLine(line, cursor, List.of(word), 0, cursor - start);
    }
    if (space < 0 || cursor <= space) {
      String command = space < 0 ? line : line.substring(0, space);
      return new SessionLine(line, cursor, List.of(command), 0, cursor);
    }
    int start = space;
    while (start < cursor && line.charAt(start) == ' ') {
      start++;
    }
    return new SessionLine(
        line, cursor, List.of(line.substring(0, space), line.substring(start)), 1, cursor - start);
  }

  @Override
  public String word() {
    return words.get(wordIndex);
  }

  @Override
  public CharSequence escape(CharSequence candidate, boolean complete) {
    return candidate;
  }

  @Override
  public int rawWordCursor() {
    return wordCursor;
  }

  @Override
  public int rawWordLength() {
    return word().length();
  }
}
