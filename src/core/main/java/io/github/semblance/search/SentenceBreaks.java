package io.github.semblance.search;

import java.text.BreakIterator;
import java.text.CharacterIterator;
import java.text.StringCharacterIterator;
import java.util.Arrays;
import java.util.Locale;
import org.apache.lucene.util.ArrayUtil;

/**
 * The sentences of a text, found once from its beginning: Java's iterator walks back to where it is
 * sure and forward again for each question about what is before an offset. For one thread.
 */
final class SentenceBreaks extends BreakIterator {
  /** Of a longer text only what is asked for is looked at. */
  private static final int MOST_CHARS = 16_384;

  private final BreakIterator sentences = BreakIterator.getSentenceInstance(Locale.ROOT);
  private boolean isLong;

  /** Where sentences begin and the text ends; of no use for a long text. */
  private int[] breaks = {0};

  private int at;

  @Override
  public void setText(CharacterIterator text) {
    sentences.setText(text);
    isLong = text.getEndIndex() - text.getBeginIndex() > MOST_CHARS;
    at = 0;
    if (!isLong) {
      int[] found = new int[16];
      int size = 0;
      for (int next = sentences.first(); next != DONE; next = sentences.next()) {
        found = ArrayUtil.grow(found, size + 1);
        found[size++] = next;
      }
      breaks = Arrays.copyOf(found, size);
    }
  }

  @Override
  public void setText(String text) {
    setText(new StringCharacterIterator(text));
  }

  @Override
  public CharacterIterator getText() {
    return sentences.getText();
  }

  @Override
  public int first() {
    return isLong ? sentences.first() : moveTo(0);
  }

  @Override
  public int last() {
    return isLong ? sentences.last() : moveTo(breaks.length - 1);
  }

  @Override
  public int next(int n) {
    return isLong ? sentences.next(n) : moveTo(at + n);
  }

  @Override
  public int next() {
    return next(1);
  }

  @Override
  public int previous() {
    return next(-1);
  }

  @Override
  public int following(int offset) {
    if (isLong) {
      return sentences.following(offset);
    }
    int found = Arrays.binarySearch(breaks, offset);
    return moveTo(found < 0 ? -1 - found : found + 1);
  }

  @Override
  public int preceding(int offset) {
    if (isLong) {
      return sentences.preceding(offset);
    }
    int found = Arrays.binarySearch(breaks, offset);
    return moveTo((found < 0 ? -1 - found : found) - 1);
  }

  @Override
  public int current() {
    return isLong ? sentences.current() : breaks[at];
  }

  private int moveTo(int place) {
    if (place < 0 || place >= breaks.length) {
      return DONE; // and stays where it was
    }
    at = place;
    return breaks[at];
  }
}
