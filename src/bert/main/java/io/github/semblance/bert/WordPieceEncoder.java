package io.github.semblance.bert;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.CharSpan;
import io.github.semblance.bert.checkpoint.CheckpointException;
import io.github.semblance.bert.checkpoint.TokenizerFile;
import io.github.semblance.embed.EmbeddingException;
import io.github.semblance.embed.WellFormed;
import io.github.semblance.embed.WordPiece;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Cuts texts into word-piece ids with Hugging Face's tokenizers library.
 *
 * <p>Safe for use by many threads. Padding and truncation that the tokenizer's file asks for are
 * switched off: batches are never padded, and truncation is counted here. Native code sees a
 * tokenizer only after {@link TokenizerFile} has, and at most {@value TextChunks#LONGEST} {@code
 * char}s of a text at once. Half a surrogate pair is read as U+FFFD.
 */
final class WordPieceEncoder implements AutoCloseable {
  private final HuggingFaceTokenizer tokenizer;
  private final int maxTokens;

  /** The special tokens before and after each text. */
  private final long[] prefix;

  private final long[] suffix;
  private final PairTemplate pairs;

  /**
   * Loads a tokenizer.
   *
   * @param source names the tokenizer in messages
   * @param tokenizerJson content of a {@code tokenizer.json}
   * @param maxTokens the model's window, special tokens included
   * @throws EmbeddingException if it cannot be used; its cause is a {@link CheckpointException}
   *     where the file breaks a rule
   */
  WordPieceEncoder(String source, String tokenizerJson, int maxTokens) {
    this.maxTokens = maxTokens;
    try {
      TokenizerFile.requireSafe(source, tokenizerJson);
    } catch (CheckpointException e) {
      throw new EmbeddingException("the tokenizer could not be loaded: " + e.getMessage(), e);
    }
    try {
      this.tokenizer =
          HuggingFaceTokenizer.newInstance(
              new ByteArrayInputStream(tokenizerJson.getBytes(StandardCharsets.UTF_8)),
              Map.of("padding", "false", "truncation", "false", "addSpecialTokens", "true"));
    } catch (IOException | RuntimeException | LinkageError e) {
      throw new EmbeddingException(
          source
              + ": the tokenizer could not be loaded: "
              + NativeFiles.advice(e).orElseGet(() -> String.valueOf(e.getMessage())),
          e);
    }
    try {
      String probe = probe(tokenizer);
      long[] whole = tokenizer.encode(probe, true, false).getIds();
      long[] bare = tokenizer.encode(probe, false, false).getIds();
      int before = before(whole, bare);
      this.prefix = Arrays.copyOf(whole, before);
      this.suffix = Arrays.copyOfRange(whole, before + bare.length, whole.length);
      this.pairs = PairTemplate.of(tokenizer.encode(probe, probe, true, false));
      if (maxTokens <= prefix.length + suffix.length) {
        throw new EmbeddingException(
            String.format(
                Locale.ROOT,
                "the window must have room beside %d special tokens, got: %d tokens",
                prefix.length + suffix.length,
                maxTokens));
      }
    } catch (RuntimeException e) {
      tokenizer.close();
      throw e instanceof EmbeddingException
          ? e
          : new EmbeddingException(source + ": the tokenizer failed: " + e.getMessage(), e);
    }
  }

  /** A text of at least one word piece, if there is any. */
  private static String probe(HuggingFaceTokenizer tokenizer) {
    for (String text : List.of("x", "1", ".")) {
      if (tokenizer.encode(text, false, false).getIds().length > 0) {
        return text;
      }
    }
    return "word";
  }

  /** How many special tokens stand before the text. */
  private static int before(long[] whole, long[] bare) {
    int before = 0;
    while (before + bare.length < whole.length
        && !Arrays.equals(whole, before, before + bare.length, bare, 0, bare.length)) {
      before++;
    }
    return before;
  }

  /**
   * The ids of one text, cut to the window, and how many word pieces did not fit. Of a text that
   * the tokenizer does not see at once only as much is read as the window may hold; each word of
   * the rest counts as one piece.
   */
  Ids encode(String text) {
    String mended = WellFormed.text(text);
    if (mended.length() <= TextChunks.LONGEST) {
      return cut(tokenized(mended, true).getIds());
    }
    Ids pieces = pieces(mended);
    long[] ids = Arrays.copyOf(prefix, prefix.length + pieces.ids.length + suffix.length);
    System.arraycopy(pieces.ids, 0, ids, prefix.length, pieces.ids.length);
    System.arraycopy(suffix, 0, ids, prefix.length + pieces.ids.length, suffix.length);
    Ids read = cut(ids);
    return new Ids(read.ids, read.dropped + pieces.dropped);
  }

  /** Without special tokens, more than the window holds if there are, and the words unread. */
  private Ids pieces(String text) {
    long[] pieces = new long[0];
    int at = 0;
    while (at < text.length() && pieces.length < maxTokens) {
      int end = TextChunks.end(text, at);
      long[] more = tokenized(text.substring(at, end), false).getIds();
      int known = pieces.length;
      pieces = Arrays.copyOf(pieces, known + more.length);
      System.arraycopy(more, 0, pieces, known, more.length);
      at = end;
    }
    return new Ids(pieces, TextChunks.words(text, at));
  }

  private Encoding tokenized(String text, boolean specialTokens) {
    try {
      return tokenizer.encode(text, specialTokens, false);
    } catch (RuntimeException e) { // as native code's errors come
      throw new EmbeddingException(
          "the tokenizer failed at a text of " + text.length() + " characters: " + e.getMessage(),
          e);
    }
  }

  private Ids cut(long[] ids) {
    if (ids.length == 0) {
      throw new EmbeddingException(
          "a text must have at least one word piece for this model, whose tokenizer adds no"
              + " special tokens; got a text without any");
    }
    if (ids.length <= maxTokens) {
      return new Ids(ids, 0);
    }
    long[] cut = Arrays.copyOf(ids, maxTokens);
    System.arraycopy(suffix, 0, cut, maxTokens - suffix.length, suffix.length);
    return new Ids(cut, ids.length - maxTokens);
  }

  /**
   * The ids of two texts in one input, cut to the window as {@link PairTemplate} does. An empty
   * second text is none, as for transformers.
   */
  TokenPair encode(String first, String second) {
    if (second.isEmpty()) {
      Ids alone = encode(first);
      return new TokenPair(alone.ids, new long[alone.ids.length], alone.dropped);
    }
    Ids one = pieces(WellFormed.text(first));
    Ids two = pieces(WellFormed.text(second));
    TokenPair pair = pairs.fill(one.ids, two.ids, maxTokens);
    return new TokenPair(pair.ids(), pair.types(), pair.dropped() + one.dropped + two.dropped);
  }

  /** How many token types pairs have. */
  int typesOfPairs() {
    return pairs.types();
  }

  /** The word pieces of a text with offsets in UTF-16 units. */
  List<WordPiece> wordPieces(String text) {
    String mended = WellFormed.text(text);
    List<WordPiece> pieces = new ArrayList<>();
    for (int at = 0; at < mended.length(); ) {
      int end = TextChunks.end(mended, at);
      addPieces(mended.substring(at, end), at, pieces);
      at = end;
    }
    return pieces;
  }

  private void addPieces(String text, int from, List<WordPiece> pieces) {
    Encoding encoding = tokenized(text, false);
    String[] tokens = encoding.getTokens();
    CharSpan[] spans = encoding.getCharTokenSpans();
    // The tokenizer counts code points; Java's offsets count chars.
    int codePoint = 0;
    int offset = 0;
    for (int i = 0; i < tokens.length; i++) {
      offset = text.offsetByCodePoints(offset, spans[i].getStart() - codePoint);
      int end = text.offsetByCodePoints(offset, spans[i].getEnd() - spans[i].getStart());
      pieces.add(new WordPiece(tokens[i], from + offset, from + end));
      codePoint = spans[i].getStart();
    }
  }

  @Override
  public void close() {
    tokenizer.close();
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
