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
    Splitter splitter = new Splitter(embedder, heading, text, window, titleLength);
    splitter.tokenize(truncate);
    return new Passages(truncate ? List.of(splitter.first()) : splitter.split(), titleShortened);
  }

  /** The state of cutting one text. */
  private static final class Splitter {
    private final TextEmbedder embedder;
    private final String title;
    private final String text;

    /** Word pieces of title and text together. */
    private final int room;

    /** Word pieces of the text. */
    private final int window;

    private final int overlap;

    /** Offsets of each word piece, as arrays: a long text has millions. */
    private int[] starts = new int[64];

    private int[] ends = new int[64];
    private int pieces;

    Splitter(TextEmbedder embedder, String title, String text, int room, int titleLength) {
      this.embedder = embedder;
      this.title = title;
      this.text = text;
      this.room = room;
      this.window = Math.max(1, room - titleLength);
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
