package io.github.semblance.index;

import io.github.semblance.embed.EmbeddingModel;
import io.github.semblance.embed.TextEmbedder;
import io.github.semblance.embed.WordPiece;
import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;

/**
 * A document cut to pieces that each fit the model's window, so that nothing of its text is
 * truncated. Immutable.
 *
 * <p>No passage crosses the border of two sections. One within a section is embedded with the
 * headings that the section stands under, as far as title and headings take half the window: the
 * outer headings go first.
 *
 * <p>A passage is the title and as many word pieces of the text as the window holds beside it. The
 * next one repeats up to {@value #OVERLAP} word pieces. Passages begin and end at sentence borders
 * where one lies in reach, else at white space, else they end at punctuation. What begins or ends
 * within a word is counted anew and shortened until it fits. A document that fits is one passage.
 *
 * @param list in text order; none if there is neither title nor text
 * @param titleShortened whether the title was cut to half the window, to leave room for the text
 */
record Passages(List<Passage> list, boolean titleShortened) {
  /** Changes whenever the same text would be cut in another way. */
  static final int VERSION = 2;

  /** Of a document with nothing to embed. */
  static final Passages NONE = new Passages(List.of(), false);

  /** The most word pieces that two neighbours share; fewer where windows are small. */
  private static final int OVERLAP = 32;

  /** How much text the tokenizer sees at once: bounds the word pieces held as objects. */
  private static final int CHUNK = 1 << 16;

  /**
   * One passage.
   *
   * @param start offset in the document's text of its first {@code char}
   * @param end offset in the document's text after its last {@code char}
   * @param input what is embedded: the title and the words between the offsets
   */
  record Passage(int start, int end, String input) {}

  /**
   * Cuts a text that is all one, see {@link #of(TextEmbedder, String, String, Outline, boolean)}.
   */
  static Passages of(TextEmbedder embedder, String title, String text, boolean truncate) {
    return of(embedder, title, text, Outline.NONE, truncate);
  }

  /**
   * Cuts a document with the embedder's word pieces.
   *
   * @param truncate whether to stop after the first passage, and fill its window to the last piece
   */
  static Passages of(
      TextEmbedder embedder, String title, String text, Outline outline, boolean truncate) {
    if (title.isBlank() && text.isBlank()) {
      return NONE;
    }
    EmbeddingModel model = embedder.model();
    int window = model.maxTokens() - model.specialTokens();
    Beginning whole = Beginning.of(embedder, title.strip(), List.of(), window);
    List<Passage> passages = new ArrayList<>();
    if (!truncate && !outline.sections().isEmpty()) {
      int from = 0;
      Beginning beginning = whole;
      for (Outline.Section section : outline.sections()) {
        cut(embedder, beginning, text, from, Math.min(section.start(), text.length()), passages);
        from = Math.min(section.body(), text.length());
        beginning = Beginning.of(embedder, title.strip(), section.headings(), window);
      }
      cut(embedder, beginning, text, from, text.length(), passages);
    }
    if (passages.isEmpty()) { // all one, or nothing but headings
      Splitter splitter = new Splitter(embedder, whole, text, 0);
      splitter.tokenize(truncate);
      passages.addAll(truncate ? List.of(splitter.first()) : splitter.split());
    }
    return new Passages(List.copyOf(passages), whole.shortened());
  }

  /** Cuts a part of a text, without the white space around it, if it is more than that. */
  private static void cut(
      TextEmbedder embedder,
      Beginning beginning,
      String text,
      int start,
      int end,
      List<Passage> passages) {
    int from = start;
    while (from < end && Character.isWhitespace(text.charAt(from))) {
      from++;
    }
    int to = end;
    while (to > from && Character.isWhitespace(text.charAt(to - 1))) {
      to--;
    }
    if (from < to) {
      Splitter splitter = new Splitter(embedder, beginning, text.substring(from, to), from);
      splitter.tokenize(false);
      passages.addAll(splitter.split());
    }
  }

  /**
   * What each passage of a part begins with.
   *
   * @param pieces how many it has
   * @param room for it and the words of a passage
   * @param shortened whether the title is not all in it
   */
  private record Beginning(String words, int pieces, int room, boolean shortened) {
    static Beginning of(TextEmbedder embedder, String title, List<String> headings, int room) {
      for (int outer = 0; ; outer++) {
        String words = Outline.beginning(title, headings.subList(outer, headings.size()));
        List<WordPiece> pieces = embedder.wordPieces(words);
        if (pieces.size() <= room / 2) {
          return new Beginning(words, pieces.size(), room, false);
        }
        if (outer >= headings.size() - 1) {
          int half = room / 2;
          return new Beginning(
              half == 0 ? "" : words.substring(0, pieces.get(half - 1).end()), half, room, true);
        }
      }
    }
  }

  /** The state of cutting one text. */
  private static final class Splitter {
    private final TextEmbedder embedder;
    private final String beginning;
    private final String text;

    /** Where the text begins in that of the document. */
    private final int offset;

    /** Word pieces of beginning and text together. */
    private final int room;

    /** Word pieces of the text. */
    private final int window;

    private final int overlap;

    /** Offsets of each word piece, as arrays: a long text has millions. */
    private int[] starts = new int[64];

    private int[] ends = new int[64];
    private int pieces;

    Splitter(TextEmbedder embedder, Beginning beginning, String text, int offset) {
      this.embedder = embedder;
      this.beginning = beginning.words();
      this.text = text;
      this.offset = offset;
      this.room = beginning.room();
      this.window = Math.max(1, room - beginning.pieces());
      this.overlap = Math.min(OVERLAP, this.window / 4);
    }

    Passage first() {
      return pieces <= window
          ? passage(0, text.length())
          : passage(0, ends[fitting(0, window) - 1]);
    }

    List<Passage> split() {
      if (pieces <= window) {
        return List.of(passage(0, text.length()));
      }
      BitSet sentences = sentenceStarts();
      List<Passage> passages = new ArrayList<>();
      int first = 0;
      while (true) {
        int end = first + window >= pieces ? pieces : lastBorder(sentences, first);
        end = fitting(first, end);
        passages.add(
            passage(first == 0 ? 0 : starts[first], end == pieces ? text.length() : ends[end - 1]));
        if (end == pieces) {
          return List.copyOf(passages);
        }
        first = end - overlap > first ? firstBorder(sentences, end) : end;
      }
    }

    /**
     * The end of a passage that fits. Where it begins or ends within a word, the model cuts it in
     * other ways than it cut the whole text, and maybe into more pieces.
     */
    private int fitting(int first, int end) {
      int fitting = end;
      while (fitting > first + 1 && (!isBorder(first) || !isBorder(fitting))) {
        int from = first == 0 ? 0 : starts[first];
        int to = fitting == pieces ? text.length() : ends[fitting - 1];
        int excess = embedder.wordPieces(passage(from, to).input()).size() - room;
        if (excess <= 0) {
          break;
        }
        fitting = Math.max(first + 1, fitting - excess);
      }
      return fitting;
    }

    private boolean isBorder(int piece) {
      if (piece == 0 || piece == pieces) {
        return true;
      }
      for (int at = ends[piece - 1]; at < starts[piece]; at++) {
        if (Character.isWhitespace(text.charAt(at))) {
          return true;
        }
      }
      return false;
    }

    /** Where a full window that begins at a piece had best end: in its second half. */
    private int lastBorder(BitSet sentences, int first) {
      int limit = first + window;
      int least = first + window / 2;
      int sentence = sentences.previousSetBit(limit);
      if (sentence > least) {
        return sentence;
      }
      for (int piece = limit; piece > least; piece--) {
        if (startsWord(piece)) {
          return piece;
        }
      }
      for (int piece = limit; piece > least; piece--) {
        if (isPunctuation(ends[piece - 1] - 1) || isPunctuation(starts[piece])) {
          return piece;
        }
      }
      return limit;
    }

    /** Where the window after one that ended before a piece had best begin. */
    private int firstBorder(BitSet sentences, int end) {
      int sentence = sentences.nextSetBit(end - overlap);
      if (sentence >= 0 && sentence < end) {
        return sentence;
      }
      for (int piece = end - overlap; piece < end; piece++) {
        if (startsWord(piece)) {
          return piece;
        }
      }
      return end;
    }

    private boolean isPunctuation(int at) {
      return at >= 0 && at < text.length() && !Character.isLetterOrDigit(text.codePointAt(at));
    }

    private boolean startsWord(int piece) {
      return starts[piece] > ends[piece - 1];
    }

    private Passage passage(int start, int end) {
      String words = text.substring(start, end);
      String input =
          beginning.isEmpty() ? words : words.isBlank() ? beginning : beginning + " " + words;
      return new Passage(offset + start, offset + end, input);
    }

    /** The pieces at which a sentence begins. */
    private BitSet sentenceStarts() {
      BitSet borders = new BitSet(pieces);
      BreakIterator sentences = BreakIterator.getSentenceInstance(Locale.ROOT);
      sentences.setText(text);
      int piece = 0;
      for (int at = sentences.first(); at != BreakIterator.DONE; at = sentences.next()) {
        while (piece < pieces && starts[piece] < at) {
          piece++;
        }
        if (piece < pieces) {
          borders.set(piece);
        }
      }
      return borders;
    }

    /** Finds the word pieces of the text, or of more of its beginning than the window holds. */
    void tokenize(boolean beginning) {
      int from = 0;
      while (from < text.length() && !(beginning && pieces > window)) {
        int to = chunkEnd(from);
        for (WordPiece piece : embedder.wordPieces(text.substring(from, to))) {
          if (pieces == starts.length) {
            starts = Arrays.copyOf(starts, pieces * 2);
            ends = Arrays.copyOf(ends, pieces * 2);
          }
          starts[pieces] = from + piece.start();
          ends[pieces] = from + piece.end();
          pieces++;
        }
        from = to;
      }
    }

    /** Chunks end at white space, where no model joins pieces, unless there is none. */
    private int chunkEnd(int from) {
      int limit = from + CHUNK;
      if (limit >= text.length()) {
        return text.length();
      }
      for (int at = limit; at > from; at--) {
        if (Character.isWhitespace(text.charAt(at))) {
          return at;
        }
      }
      return Character.isLowSurrogate(text.charAt(limit)) ? limit - 1 : limit;
    }
  }
}
