package io.github.semblance.corpus;

import io.github.semblance.corpus.RawRecord.Value;
import io.github.semblance.index.Outline;
import io.github.semblance.index.Outline.Aside;
import io.github.semblance.index.Outline.Section;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Puts a text together block by block, and its outline. For one thread.
 *
 * <p>Paragraphs are one line each, whatever lines they had, with an empty line between them.
 */
final class OutlinedText {
  /** More of them are kept in the text and told apart no more: each takes memory of its own. */
  static final int MOST_SECTIONS = 10_000;

  private static final int MOST_ASIDES = 100_000;

  /** Of a heading where it stands above others; the text has all of it. */
  private static final int LONGEST_HEADING = 200;

  private final StringBuilder text = new StringBuilder();
  private final List<Section> sections = new ArrayList<>();
  private final List<Aside> asides = new ArrayList<>();

  /** The headings above what comes next, by level; empty where a level is passed over. */
  private final String[] above = {"", "", "", "", "", ""};

  private String firstHeading = "";
  private int firstLevel;
  private int page;

  /** Words of prose; white space of any kind becomes a space. */
  void paragraph(String words) {
    String line = line(words);
    if (!line.isEmpty()) {
      text.append(line).append("\n\n");
    }
  }

  /** An item of a list: the next one follows without an empty line. */
  void item(String sign, String words) {
    String line = line(words);
    if (!line.isEmpty()) {
      text.append(sign).append(line).append('\n');
    }
  }

  /** Ends a list. */
  void endItems() {
    int end = text.length();
    if (end > 1 && text.charAt(end - 2) != '\n') {
      text.append('\n');
    }
  }

  /** What is no prose: code, or the rows of a table. */
  void aside(String lines) {
    if (lines.isBlank()) {
      return;
    }
    int start = text.length();
    text.append(lines.stripTrailing());
    if (asides.size() < MOST_ASIDES) {
      asides.add(new Aside(start, text.length()));
    }
    text.append("\n\n");
  }

  /** Begins a section. */
  void heading(int level, String words) {
    String line = line(words);
    if (line.isEmpty()) {
      return;
    }
    int start = text.length();
    text.append(line).append("\n\n");
    if (firstHeading.isEmpty() || (level == 1 && firstLevel > 1)) {
      firstHeading = line;
      firstLevel = level;
    }
    for (int below = level; below < above.length; below++) {
      above[below] = "";
    }
    above[level - 1] = shortened(line);
    begin(start);
  }

  /** Begins a page. */
  void page(int number) {
    page = number;
    begin(text.length());
  }

  private void begin(int start) {
    if (sections.size() < MOST_SECTIONS) {
      List<String> headings = new ArrayList<>();
      for (String heading : above) {
        if (!heading.isEmpty()) {
          headings.add(heading);
        }
      }
      sections.add(new Section(start, text.length(), headings, page));
    }
  }

  int length() {
    return text.length();
  }

  /**
   * What was put together.
   *
   * @param title what the file calls itself; if empty, its first heading of the first level, or
   *     else of any
   */
  ReadText toText(String title, Map<String, Value> fields) {
    String name = title.isBlank() ? firstHeading : line(title);
    List<Section> named = new ArrayList<>(sections.size());
    for (Section section : sections) {
      List<String> headings = section.headings();
      // The title stands before every passage as it is.
      boolean repeated = !headings.isEmpty() && headings.get(0).equals(shortened(name));
      named.add(
          repeated
              ? new Section(
                  section.start(),
                  section.body(),
                  headings.subList(1, headings.size()),
                  section.page())
              : section);
    }
    return new ReadText(name, text.toString(), new Outline(named, asides), fields);
  }

  private static String shortened(String line) {
    if (line.length() <= LONGEST_HEADING) {
      return line;
    }
    int end = Character.isLowSurrogate(line.charAt(LONGEST_HEADING)) ? 1 : 0;
    return line.substring(0, LONGEST_HEADING - end);
  }

  /** One line, with single spaces. */
  private static String line(String words) {
    StringBuilder line = new StringBuilder(words.length());
    boolean space = false;
    for (int i = 0; i < words.length(); i++) {
      char c = words.charAt(i);
      if (Character.isWhitespace(c) || c == '\u00A0') {
        space = !line.isEmpty();
      } else {
        line.append(space ? " " : "").append(c);
        space = false;
      }
    }
    return line.toString();
  }
}
