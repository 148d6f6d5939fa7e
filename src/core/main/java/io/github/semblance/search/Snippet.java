package io.github.semblance.search;

import java.util.List;

/**
 * An extract of a text with the places where query terms stand. Immutable.
 *
 * @param text plain text, unescaped, without marks
 * @param highlights places in it, in text order, apart from each other
 * @param place where in the document it stands
 */
public record Snippet(String text, List<Span> highlights, Place place) {

  /** An extract of which it is not known where it stands. */
  public Snippet(String text, List<Span> highlights) {
    this(text, highlights, Place.UNKNOWN);
  }

  /** Copies the highlights. */
  public Snippet {
    highlights = List.copyOf(highlights);
  }

  /** A place in the snippet: from {@code start} up to and without {@code end}, in {@code char}s. */
  public record Span(int start, int end) {}

  /** The text with a mark before and one after each highlight. */
  public String marked(String before, String after) {
    StringBuilder marked = new StringBuilder();
    int done = 0;
    for (Span span : highlights) {
      marked.append(text, done, span.start());
      marked.append(before).append(text, span.start(), span.end()).append(after);
      done = span.end();
    }
    return marked.append(text, done, text.length()).toString();
  }
}
