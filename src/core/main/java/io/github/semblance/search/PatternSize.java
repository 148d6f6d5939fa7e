package io.github.semblance.search;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * How large the automaton of a regular expression gets before Lucene can limit it: repetitions copy
 * what they repeat, and those within each other multiply. For one expression.
 */
final class PatternSize {
  /** States of the automaton: a person's patterns have dozens. */
  private static final double LARGEST = 10_000;

  /** Lucene reads groups within each other by recursion, a dozen calls for each. */
  private static final int DEEPEST = 50;

  private final String pattern;

  /** What the groups around the current place hold before it. */
  private final Deque<Double> around = new ArrayDeque<>();

  /** What the current group holds before the last item. */
  private double before;

  /** The last item, which a repetition repeats. */
  private double last;

  private int at;

  private PatternSize(String pattern) {
    this.pattern = pattern;
  }

  /**
   * Refuses an expression that is too large; whether it is one at all, Lucene tells.
   *
   * @throws IllegalArgumentException if its repetitions or its groups are too many
   */
  static void requireSmall(String pattern) {
    new PatternSize(pattern).read();
  }

  private void read() {
    while (at < pattern.length()) {
      char character = pattern.charAt(at++);
      switch (character) {
        case '(' -> open();
        case ')' -> close();
        case '*', '?' -> last++;
        case '+' -> last *= 2;
        case '{' -> last *= times();
        case '[' -> item(skipPast(']'));
        case '"' -> item(skipPast('"'));
        case '<' -> item(skipPast('>'));
        case '\\' -> {
          at++;
          item(1);
        }
        default -> item(1);
      }
      if (size() > LARGEST) {
        throw new IllegalArgumentException(
            "the repetitions of a pattern must make it at most "
                + (int) LARGEST
                + " characters long when written out");
      }
    }
  }

  private double size() {
    double size = before + last;
    for (double group : around) {
      size += group;
    }
    return size;
  }

  private void item(int size) {
    before += last;
    last = size;
  }

  private void open() {
    around.push(before + last);
    before = 0;
    last = 0;
    if (around.size() > DEEPEST) {
      throw new IllegalArgumentException(
          "at most " + DEEPEST + " groups of a pattern may be within each other");
    }
  }

  private void close() {
    if (!around.isEmpty()) {
      last += before + 1;
      before = around.pop();
    }
  }

  /** Moves beyond a character, or stays where there is none. */
  private int skipPast(char end) {
    int found = pattern.indexOf(end, at);
    int length = found < 0 ? 0 : found - at;
    at += found < 0 ? 0 : length + 1;
    return 1 + length;
  }

  /** The largest number in braces, and one for a repetition without end. */
  private double times() {
    double most = 1;
    double number = 0;
    for (; at < pattern.length() && pattern.charAt(at) != '}'; at++) {
      int digit = Character.digit(pattern.charAt(at), 10);
      number = digit < 0 ? 0 : 10 * number + digit;
      most = Math.max(most, number);
    }
    at++;
    return most + 1;
  }
}
