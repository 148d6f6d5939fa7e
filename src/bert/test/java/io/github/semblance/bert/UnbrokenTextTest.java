package io.github.semblance.bert;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.CharSpan;
import io.github.semblance.embed.Embedding;
import io.github.semblance.embed.EmbeddingModel;
import io.github.semblance.embed.Pooling;
import io.github.semblance.embed.Precision;
import io.github.semblance.embed.TextEmbedder;
import io.github.semblance.embed.WordPiece;
import io.github.semblance.index.PassageEmbedder;
import io.github.semblance.index.PassageEmbedder.TitledText;
import io.github.semblance.index.PassageVector;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Long texts without white space, cut by MiniLM's own word pieces: none of them is dropped. */
class UnbrokenTextTest {
  private static final int WINDOW = 256;

  @SuppressWarnings("NullAway.Init") // set before all
  private static Counting embedder;

  private final Random random = new Random(5);

  @BeforeAll
  static void load() throws IOException {
    embedder = new Counting();
  }

  @AfterAll
  static void close() {
    embedder.close();
  }

  @Test
  void ofBase64NothingIsDropped() {
    byte[] bytes = new byte[45_000];
    random.nextBytes(bytes);
    check(Base64.getEncoder().encodeToString(bytes));
  }

  @Test
  void ofMinifiedJsonNothingIsDropped() {
    check(
        "["
            + repeated(1500, () -> "{\"name\":\"" + word() + "\",\"n\":" + number() + "}", ",")
            + "]");
  }

  @Test
  void ofPathsNothingIsDropped() {
    check(repeated(5000, this::word, "/"));
    check(repeated(5000, this::word, "_"));
  }

  @Test
  void ofOneWordNothingIsDropped() {
    check("a".repeat(60_000));
    check(repeated(90, this::word, "").repeat(100));
  }

  @Test
  void ofOtherScriptsNothingIsDropped() {
    check(repeated(20_000, () -> Character.toString(0x4E00 + random.nextInt(0x5000)), ""));
    check(repeated(10_000, () -> Character.toString(0x1F600 + random.nextInt(64)), ""));
    check(repeated(20_000, () -> Character.toString(0x0E01 + random.nextInt(46)), "\u200b"));
    check(repeated(15_000, () -> "e\u0301" + word(), "\u00ad"));
  }

  private static String repeated(int times, Supplier<String> part, String between) {
    List<String> parts = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      parts.add(part.get());
    }
    return String.join(between, parts);
  }

  private String word() {
    StringBuilder word = new StringBuilder();
    for (int i = 2 + random.nextInt(10); i > 0; i--) {
      word.append((char) ('a' + random.nextInt(26)));
    }
    return word.toString();
  }

  private String number() {
    return Long.toString(random.nextLong(1_000_000_000));
  }

  private static void check(String text) {
    for (String title : List.of("", "A title of some words")) {
      embedder.dropped = 0;
      List<PassageVector> passages =
          new PassageEmbedder(embedder).embed(List.of(new TitledText(title, text))).getFirst();
      int covered = 0;
      for (PassageVector passage : passages) {
        assertTrue(passage.start() <= covered && passage.end() > covered, passage::toString);
        covered = passage.end();
      }
      assertEquals(text.length(), covered);
      assertEquals(0, embedder.dropped, text.substring(0, 40));
    }
  }

  /** Counts the word pieces of the model, and computes nothing of them. */
  private static final class Counting implements TextEmbedder {
    private final HuggingFaceTokenizer tokenizer;
    private int dropped;

    Counting() throws IOException {
      try (InputStream in =
          Objects.requireNonNull(
              UnbrokenTextTest.class.getResourceAsStream(
                  "/META-INF/semblance/all-minilm-l6-v2-tokenizer.json"))) {
        tokenizer =
            HuggingFaceTokenizer.newInstance(in, Map.of("truncation", "false", "padding", "false"));
      }
    }

    @Override
    public EmbeddingModel model() {
      return new EmbeddingModel(
          "counting", 1, WINDOW, Pooling.MEAN, true, "", "", Precision.FP32, 0, "counting");
    }

    @Override
    public Embedding embedQuery(String query) {
      int tokens = tokenizer.encode(query).getIds().length;
      int beyond = Math.max(0, tokens - WINDOW);
      dropped += beyond;
      return new Embedding(new float[] {1}, Math.min(tokens, WINDOW), beyond);
    }

    @Override
    public List<Embedding> embedPassages(List<String> passages) {
      return passages.stream().map(this::embedQuery).toList();
    }

    @Override
    public List<WordPiece> wordPieces(String text) {
      Encoding encoding = tokenizer.encode(text, false, false);
      String[] tokens = encoding.getTokens();
      CharSpan[] spans = encoding.getCharTokenSpans();
      List<WordPiece> pieces = new ArrayList<>();
      int codePoint = 0;
      int start = 0;
      for (int i = 0; i < tokens.length; i++) {
        start = text.offsetByCodePoints(start, spans[i].getStart() - codePoint);
        codePoint = spans[i].getStart();
        int end = text.offsetByCodePoints(start, spans[i].getEnd() - codePoint);
        pieces.add(new WordPiece(tokens[i], start, end));
      }
      return pieces;
    }

    @Override
    public void close() {
      tokenizer.close();
    }
  }
}
