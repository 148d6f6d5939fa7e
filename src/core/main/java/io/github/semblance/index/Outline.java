package io.github.semblance.index;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.lucene.index.BinaryDocValues;
import org.apache.lucene.index.DocValues;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.store.ByteArrayDataInput;
import org.apache.lucene.store.ByteBuffersDataOutput;
import org.apache.lucene.util.BytesRef;

/**
 * How a text is divided: into sections, which no passage crosses, and into prose and what stands
 * beside it. Immutable.
 *
 * <p>Offsets count the {@code char}s of a document's text.
 *
 * @param sections in text order, from the first that has a heading or a page on; what stands before
 *     it belongs to none
 * @param asides code, tables and the like in text order: found like any words, but not shown where
 *     prose can be
 */
public record Outline(List<Section> sections, List<Aside> asides) {
  /** Of a text that is all one. */
  public static final Outline NONE = new Outline(List.of(), List.of());

  /**
   * A part of a text that begins with a heading, or a page.
   *
   * @param start where its heading begins
   * @param body where the words after its heading begin; {@code start} without a heading
   * @param headings those it stands under, its own last; none on a page without any
   * @param page its page from 1, or 0 for a text without pages
   */
  public record Section(int start, int body, List<String> headings, int page) {
    /** Checks the rules stated above. */
    public Section {
      headings = List.copyOf(headings);
      if (start < 0 || body < start || page < 0) {
        throw new IllegalArgumentException(
            "a section must have 0 <= start <= body and a page of at least 0, got: "
                + start
                + ", "
                + body
                + ", page "
                + page);
      }
    }
  }

  /** What is no prose, up to and without {@code end}. */
  public record Aside(int start, int end) {
    /** Checks the order. */
    public Aside {
      if (start < 0 || end < start) {
        throw new IllegalArgumentException(
            "an aside must have 0 <= start <= end, got: " + start + ", " + end);
      }
    }
  }

  /** Copies the lists and checks that they are in text order. */
  public Outline {
    sections = List.copyOf(sections);
    asides = List.copyOf(asides);
    int at = 0;
    for (Section section : sections) {
      at = requireOrder(at, section.start(), section.body());
    }
    at = 0;
    for (Aside aside : asides) {
      at = requireOrder(at, aside.start(), aside.end());
    }
  }

  private static int requireOrder(int before, int start, int end) {
    if (start < before) {
      throw new IllegalArgumentException(
          "sections and asides must be in text order, got " + start + " after " + before);
    }
    return end;
  }

  /**
   * What a passage is embedded with before its own words.
   *
   * @param title of the document, may be empty
   * @param headings those that the passage stands under
   */
  public static String beginning(String title, List<String> headings) {
    List<String> parts = new ArrayList<>(headings);
    if (!title.isEmpty()) {
      parts.add(0, title);
    }
    return String.join(". ", parts);
  }

  /** Whether there is nothing to tell. */
  public boolean isEmpty() {
    return sections.isEmpty() && asides.isEmpty();
  }

  /** The number of the section that an offset lies in; -1 before the first. */
  public int sectionAt(int offset) {
    int low = 0;
    int high = sections.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (sections.get(middle).start() <= offset) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low - 1;
  }

  /** Whether an offset lies in an aside. */
  public boolean isAside(int offset) {
    int low = 0;
    int high = asides.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (asides.get(middle).end() <= offset) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low < asides.size() && asides.get(low).start() <= offset;
  }

  /**
   * The outline of a document in an index.
   *
   * @param doc its number in the segment
   * @return {@link #NONE} if it has none
   */
  public static Outline read(LeafReader leaf, int doc) throws IOException {
    BinaryDocValues values = DocValues.getBinary(leaf, IndexSchema.OUTLINE);
    return values.advanceExact(doc) ? of(values.binaryValue()) : NONE;
  }

  BytesRef toBytes() {
    ByteBuffersDataOutput out = new ByteBuffersDataOutput();
    try {
      out.writeVInt(sections.size());
      int at = 0;
      List<String> above = List.of();
      for (Section section : sections) {
        out.writeVInt(section.start() - at);
        out.writeVInt(section.body() - section.start());
        out.writeVInt(section.page());
        int same = sameBeginning(above, section.headings());
        out.writeVInt(same);
        out.writeVInt(section.headings().size() - same);
        for (String heading : section.headings().subList(same, section.headings().size())) {
          out.writeString(heading);
        }
        above = section.headings();
        at = section.body();
      }
      out.writeVInt(asides.size());
      at = 0;
      for (Aside aside : asides) {
        out.writeVInt(aside.start() - at);
        out.writeVInt(aside.end() - aside.start());
        at = aside.end();
      }
    } catch (IOException e) {
      throw new AssertionError("memory can be written", e);
    }
    return new BytesRef(out.toArrayCopy());
  }

  private static int sameBeginning(List<String> one, List<String> other) {
    int same = 0;
    while (same < Math.min(one.size(), other.size()) && one.get(same).equals(other.get(same))) {
      same++;
    }
    return same;
  }

  static Outline of(BytesRef bytes) throws IOException {
    ByteArrayDataInput in = new ByteArrayDataInput(bytes.bytes, bytes.offset, bytes.length);
    List<Section> sections = new ArrayList<>();
    List<String> headings = List.of();
    int at = 0;
    for (int i = in.readVInt(); i > 0; i--) {
      int start = at + in.readVInt();
      at = start + in.readVInt();
      int page = in.readVInt();
      headings = new ArrayList<>(headings.subList(0, in.readVInt()));
      for (int more = in.readVInt(); more > 0; more--) {
        headings.add(in.readString());
      }
      sections.add(new Section(start, at, headings, page));
    }
    List<Aside> asides = new ArrayList<>();
    at = 0;
    for (int i = in.readVInt(); i > 0; i--) {
      int start = at + in.readVInt();
      at = start + in.readVInt();
      asides.add(new Aside(start, at));
    }
    return new Outline(sections, asides);
  }
}
