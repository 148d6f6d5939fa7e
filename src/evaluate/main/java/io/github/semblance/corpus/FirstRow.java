package io.github.semblance.corpus;

import java.io.IOException;
import java.io.Reader;
import java.util.Locale;

/**
 * A table's first row, looked at before the table is parsed: it tells what stands between cells.
 * Reading then starts at that row. For one thread.
 */
final class FirstRow extends Reader {
  /** Of what may stand between cells, the first wins where several cut the row equally often. */
  private static final String DELIMITERS = ",;\t|";

  /** A row of names is shorter; of a longer one this much is looked at. */
  private static final int LONGEST = 1 << 16;

  private final Reader rest;
  private String head = "";
  private int position;
  private long linesBefore;
  private char delimiter;

  /**
   * Reads the row.
   *
   * @param delimiter what stands between cells, unless a line {@code sep=} says otherwise
   * @param guess whether the row itself may say otherwise too
   */
  FirstRow(Reader rest, char delimiter, boolean guess) throws IOException {
    this.rest = rest;
    this.delimiter = delimiter;
    readHead();
    String first = head.lines().findFirst().orElse("").strip().replace("\"", "");
    if (first.length() == 5 && first.toLowerCase(Locale.ROOT).startsWith("sep=")) {
      this.delimiter = first.charAt(4);
      position = endOfLine(0);
      linesBefore = 1;
      if (position == head.length()) {
        head = "";
        position = 0;
        readHead();
      }
    } else if (guess) {
      this.delimiter = mostFrequent();
    }
  }

  char delimiter() {
    return delimiter;
  }

  /** How many lines stand before what is read from here. */
  long linesBefore() {
    return linesBefore;
  }

  private void readHead() throws IOException {
    StringBuilder text = new StringBuilder();
    char[] buffer = new char[1 << 12];
    while (text.length() < LONGEST && endOfRow(text) == text.length()) {
      int count = rest.read(buffer, 0, buffer.length);
      if (count < 0) {
        break;
      }
      text.append(buffer, 0, count);
    }
    head = text.toString();
  }

  /** Where the first row that is not empty ends: at a line break outside quotes. */
  private static int endOfRow(CharSequence text) {
    boolean quoted = false;
    boolean any = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"') {
        quoted = !quoted;
      } else if ((c == '\n' || c == '\r') && !quoted && any) {
        return i;
      }
      any |= c != '\n' && c != '\r';
    }
    return text.length();
  }

  private int endOfLine(int from) {
    int end = from;
    while (end < head.length() && head.charAt(end) != '\n' && head.charAt(end) != '\r') {
      end++;
    }
    if (end < head.length()) {
      end += head.startsWith("\r\n", end) ? 2 : 1;
    }
    return end;
  }

  private char mostFrequent() {
    int[] counts = new int[DELIMITERS.length()];
    boolean quoted = false;
    int end = endOfRow(head);
    for (int i = 0; i < end; i++) {
      char c = head.charAt(i);
      quoted ^= c == '"';
      int which = DELIMITERS.indexOf(c);
      if (!quoted && which >= 0) {
        counts[which]++;
      }
    }
    int most = 0;
    for (int i = 1; i < counts.length; i++) {
      most = counts[i] > counts[most] ? i : most;
    }
    return DELIMITERS.charAt(most);
  }

  @Override
  public int read(char[] buffer, int from, int length) throws IOException {
    if (position < head.length()) {
      int count = Math.min(length, head.length() - position);
      head.getChars(position, position + count, buffer, from);
      position += count;
      return count;
    }
    return rest.read(buffer, from, length);
  }

  @Override
  public void close() throws IOException {
    rest.close();
  }
}
