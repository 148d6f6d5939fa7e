package io.github.semblance.search;

import java.text.BreakIterator;
import java.util.Locale;
import java.util.TreeSet;
import org.apache.lucene.tests.util.LuceneTestCase;

/** Sentences begin where Java says that they do. */
public class SentenceBreaksTest extends LuceneTestCase {
  private static final String[] PARTS = {
    "word", " ", ". ", "? ", "! ", "A", "3.5", "\n", "\n\n", "e.g. ", "(", ")", "\"", "é", "。",
    ".A", "…"
  };

  private static String text(int parts) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < parts; i++) {
      text.append(PARTS[random().nextInt(PARTS.length)]);
    }
    return text.toString();
  }

  public void testEveryOffset() {
    SentenceBreaks sentences = new SentenceBreaks();
    for (int parts : new int[] {0, 1, 2, 40, 300}) {
      String text = text(parts);
      sentences.setText(text);
      TreeSet<Integer> breaks = new TreeSet<>();
      BreakIterator java = BreakIterator.getSentenceInstance(Locale.ROOT);
      java.setText(text);
      for (int at = java.first(); at != BreakIterator.DONE; at = java.next()) {
        breaks.add(at);
      }
      assertEquals(0, sentences.current());
      for (int at = 0; at <= text.length(); at++) {
        Integer after = breaks.higher(at);
        assertEquals(after == null ? BreakIterator.DONE : after, sentences.following(at));
        if (after != null) {
          assertEquals(after.intValue(), sentences.current());
          Integer next = breaks.higher(after);
          assertEquals(next == null ? BreakIterator.DONE : next, sentences.next());
        }
        Integer before = breaks.lower(at);
        assertEquals(before == null ? BreakIterator.DONE : before, sentences.preceding(at));
      }
      assertEquals(text.length(), sentences.last());
      assertEquals(0, sentences.first());
      assertEquals(BreakIterator.DONE, sentences.previous());
    }
  }

  public void testALongTextIsLeftToJava() {
    String text = "One sentence. ".repeat(2_000);
    SentenceBreaks sentences = new SentenceBreaks();
    sentences.setText(text);
    assertEquals(0, sentences.first());
    assertEquals(14_000, sentences.preceding(14_010));
    assertEquals(14_014, sentences.following(14_010));
    assertEquals(14_014, sentences.current());
    assertEquals(14_028, sentences.next());
    assertEquals(14_014, sentences.previous());
    assertEquals(text.length(), sentences.last());
    sentences.setText("Short. Text.");
    assertEquals(7, sentences.following(0));
    assertEquals("Short. Text.".length(), sentences.getText().getEndIndex());
  }
}
