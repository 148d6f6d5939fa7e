package io.github.semblance.search;

import io.github.semblance.index.Outline;
import java.util.List;

/**
 * Where in its document a piece of text stands. Immutable.
 *
 * @param headings those it stands under, the innermost last; none where the document has none there
 * @param page from 1; 0 for a document without pages
 */
public record Place(List<String> headings, int page) {
  /** Nothing is known of it. */
  public static final Place UNKNOWN = new Place(List.of(), 0);

  /** Copies the headings. */
  public Place {
    headings = List.copyOf(headings);
  }

  static Place of(Outline outline, int offset) {
    int number = outline.sectionAt(offset);
    if (number < 0) {
      return UNKNOWN;
    }
    Outline.Section section = outline.sections().get(number);
    return new Place(section.headings(), section.page());
  }

  /** For people, as in {@code Install › From source, page 3}; empty if nothing is known. */
  @Override
  public String toString() {
    String path = String.join(" › ", headings);
    return page == 0 ? path : path.isEmpty() ? "page " + page : path + ", page " + page;
  }
}
