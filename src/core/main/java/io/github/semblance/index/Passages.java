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
 * <p>A passage is the title and as many word pieces of the text as the window holds beside it. The
 * next one repeats up to {@value #OVERLAP} word pieces. Passages begin and end at sentence borders
 * where one lies in reach, else at white space. A document that fits is one passage.
 *
 * @param list in text order; none if there is neither title nor text
 * @param titleShortened whether the title was cut to half the window, to leave room for the text
 */
record Passages(List<Passage> list, boolean titleShortened) {
  /** Changes whenever the same text would be cut in another way. */
  static final int VERSION = 1;

  /** Of a document with nothing to embed. */
  static final Passages NONE = new Passages(List.of(), false);

  /** The most word pieces that two neighbours share; fewer where windows are small. */
  private static final int OVERLAP = 32;

  /** {@code [CLS]} and {@code [SEP]}, which the model adds to each text. */
  private static final int SPECIAL_TOKENS = 2;

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
   * Cuts a document with the embedder's word pieces.
   *
   * @param truncate whether to stop after the first passage, and fill its window to the last piece
   */
  static Passages of(TextEmbedder embedder, String title, String text, boolean truncate) {
    if (title.isBlank() && text.isBlank()) {
      return NONE;
    }
    EmbeddingModel model = embedder.model();
    int window =
        model.maxTokens() - SPECIAL_TOKENS - embedder.wordPieces(model.passagePrefix()).size();
    String heading = title.strip();
    List<WordPiece> titlePieces = embedder.wordPieces(heading);
    int titleLength = titlePieces.size();
    boolean titleShortened = titleLength > window / 2;
    if (titleShortened) {
      titleLength = window / 2;
      heading =
          titleLength == 0 ? "" : heading.substring(0, titlePieces.get(titleLength - 1).end());
    }
    Splitter splitter = new Splitter(heading, text, window - titleLength);
    splitter.tokenize(embedder, truncate);
    return new Passages(truncate ? List.of(splitter.first()) : splitter.split(), titleShortened);
  }

  /** The state of cutting one text. */
  private static final class Splitter {
    private final String title;
    private final String text;
    private final int window;
    private final int overlap;

    /** Offsets of each word piece, as arrays: a long text has millions. */
    private int[] starts = new int[64];

    private int[] ends = new int[64];
    private int pieces;

    Splitter(String title, String text, int window) {
      this.title = title;
      this.text = text;
      this.window = Math.max(1, window);
      this.overlap = Math.min(OVERLAP, this.window / 4);
    }

    Passage first() {
      return passage(0, pieces <= window ? text.length() : ends[window - 1]);
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
        passages.add(
            passage(first == 0 ? 0 : starts[first], end == pieces ? text.length() : ends[end - 1]));
        if (end == pieces) {
          return List.copyOf(passages);
        }
        first = firstBorder(sentences, end);
      }
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

    private boolean startsWord(int piece) {
      return starts[piece] > ends[piece - 1];
    }

    private Passage passage(int start, int end) {
      String words = text.substring(start, end);
      String input = title.isEmpty() ? words : words.isBlank() ? title : title + " " + words;
      return new Passage(start, end, input);
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
    void tokenize(TextEmbedder embedder, boolean beginning) {
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
