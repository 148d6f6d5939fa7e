package io.github.semblance.bert;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.CharSpan;
import io.github.semblance.embed.EmbeddingException;
import io.github.semblance.embed.WordPiece;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Cuts texts into word-piece ids with Hugging Face's tokenizers library.
 *
 * <p>Safe for use by many threads. Padding and truncation that the tokenizer's file asks for are
 * switched off: batches are never padded, and truncation is counted here.
 */
final class WordPieceEncoder implements AutoCloseable {
  private final HuggingFaceTokenizer tokenizer;
  private final int maxTokens;

  /**
   * Loads a tokenizer.
   *
   * @param tokenizerJson content of a {@code tokenizer.json}
   * @param maxTokens the model's window, special tokens included
   */
  WordPieceEncoder(String tokenizerJson, int maxTokens) {
    this.maxTokens = maxTokens;
    try {
      this.tokenizer =
          HuggingFaceTokenizer.newInstance(
              new ByteArrayInputStream(tokenizerJson.getBytes(StandardCharsets.UTF_8)),
              Map.of("padding", "false", "truncation", "false", "addSpecialTokens", "true"));
    } catch (IOException | RuntimeException e) {
      throw new EmbeddingException("the tokenizer could not be loaded: " + e.getMessage(), e);
    }
  }

  /** The ids of one text, cut to the window, and how many word pieces did not fit. */
  Ids encode(String text) {
    requireWellFormed(text);
    long[] ids = tokenizer.encode(text, true, false).getIds();
    if (ids.length <= maxTokens) {
      return new Ids(ids, 0);
    }
    long[] cut = Arrays.copyOf(ids, maxTokens);
    cut[maxTokens - 1] = ids[ids.length - 1]; // the final [SEP] stays
    return new Ids(cut, ids.length - maxTokens);
  }

  /**
   * The ids of two texts in one input, cut to the window as the tokenizers library does where it is
   * asked for its strategy longest first: the longer text loses pieces at its end until both are
   * equally long, then both do. An empty second text is none, as for transformers.
   */
  Pair encode(String first, String second) {
    requireWellFormed(first);
    requireWellFormed(second);
    Encoding encoding =
        second.isEmpty()
            ? tokenizer.encode(first, true, false)
            : tokenizer.encode(first, second, true, false);
    long[] ids = encoding.getIds();
    long[] types = encoding.getTypeIds();
    if (ids.length <= maxTokens) {
      return new Pair(ids, types, 0);
    }
    long[] special = encoding.getSpecialTokenMask();
    long[] sequences = encoding.getSequenceIds();
    int specials = (int) Arrays.stream(special).filter(mask -> mask == 1).count();
    int[] lengths = new int[2];
    for (int i = 0; i < ids.length; i++) {
      if (special[i] == 0) {
        lengths[(int) sequences[i]]++;
      }
    }
    int[] room = longestFirst(lengths[0], lengths[1], maxTokens - specials);
    long[] keptIds = new long[maxTokens];
    long[] keptTypes = new long[maxTokens];
    int kept = 0;
    for (int i = 0; i < ids.length; i++) {
      if (special[i] == 1 || room[(int) sequences[i]]-- > 0) {
        keptIds[kept] = ids[i];
        keptTypes[kept] = types[i];
        kept++;
      }
    }
    return new Pair(
        Arrays.copyOf(keptIds, kept), Arrays.copyOf(keptTypes, kept), ids.length - kept);
  }

  /** How many pieces of each text stay, of two that are longer than the limit together. */
  private static int[] longestFirst(int first, int second, int limit) {
    int shorter = Math.min(first, second);
    int longer = Math.max(shorter, limit - shorter);
    if (shorter + longer > limit) {
      shorter = limit / 2;
      longer = shorter + limit % 2;
    }
    return first <= second ? new int[] {shorter, longer} : new int[] {longer, shorter};
  }

  /** The word pieces of a text with offsets in UTF-16 units. */
  List<WordPiece> wordPieces(String text) {
    requireWellFormed(text);
    Encoding encoding = tokenizer.encode(text, false, false);
    String[] tokens = encoding.getTokens();
    CharSpan[] spans = encoding.getCharTokenSpans();
    List<WordPiece> pieces = new ArrayList<>(tokens.length);
    // The tokenizer counts code points; Java's offsets count chars.
    int codePoint = 0;
    int offset = 0;
    for (int i = 0; i < tokens.length; i++) {
      offset = text.offsetByCodePoints(offset, spans[i].getStart() - codePoint);
      int end = text.offsetByCodePoints(offset, spans[i].getEnd() - spans[i].getStart());
      pieces.add(new WordPiece(tokens[i], offset, end));
      codePoint = spans[i].getStart();
    }
    return pieces;
  }

  /** Half a surrogate pair has no form in UTF-8, in which the tokenizer gets its text. */
  private static void requireWellFormed(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        if (!Character.isSurrogatePair(
            text.charAt(i), i + 1 < text.length() ? text.charAt(i + 1) : 'x')) {
          throw new EmbeddingException(
              String.format(
                  "a text must be well-formed UTF-16, got the unpaired surrogate U+%04X at char %d",
                  (int) text.charAt(i), i));
        }
        i++;
      }
    }
  }

  @Override
  public void close() {
    tokenizer.close();
  }

  /** Ids of two texts, special tokens included, the type of each, and the pieces cut off. */
  static final class Pair {
    final long[] ids;
    final long[] types;
    final int dropped;

    Pair(long[] ids, long[] types, int dropped) {
      this.ids = ids;
      this.types = types;
      this.dropped = dropped;
    }
  }

  /** Ids of one text, special tokens included, and the number of word pieces cut off. */
  static final class Ids {
    final long[] ids;
    final int dropped;

    Ids(long[] ids, int dropped) {
      this.ids = ids;
      this.dropped = dropped;
    }
  }
}
