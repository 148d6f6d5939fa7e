package io.github.semblance.bert.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class TokenizerJsonTest {
  private static final TokenizerJson.Normalization UNCASED =
      new TokenizerJson.Normalization(true, Optional.empty(), true);
  private static final TokenizerJson.Normalization CASED =
      new TokenizerJson.Normalization(false, Optional.empty(), true);

  /** Accents, Chinese, control characters, long words, punctuation, special tokens. */
  private static final String TEXT =
      "Café ÀÉÎ naïve 漢字 \u0000\u200bzero\tTab—dash [SEP] [MASK] don't "
          + "a".repeat(120)
          + " 🙂 Ünïcödé ﬁ ſ Straße";

  private static String published() throws IOException {
    URL resource =
        Objects.requireNonNull(
            TokenizerJsonTest.class.getResource(
                "/META-INF/semblance/all-minilm-l6-v2-tokenizer.json"));
    try (var in = resource.openStream()) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static String vocabulary(String tokenizerJson) {
    JsonNode vocabulary = JsonMapper.shared().readTree(tokenizerJson).path("model").path("vocab");
    return vocabulary.properties().stream()
        .sorted(Map.Entry.comparingByValue((a, b) -> Integer.compare(a.asInt(), b.asInt())))
        .map(Map.Entry::getKey)
        .collect(Collectors.joining("\n", "", "\n"));
  }

  private static long[] ids(String tokenizerJson, String text) throws IOException {
    byte[] json = tokenizerJson.getBytes(StandardCharsets.UTF_8);
    try (HuggingFaceTokenizer tokenizer =
        HuggingFaceTokenizer.newInstance(
            new ByteArrayInputStream(json), Map.of("truncation", "false", "padding", "false"))) {
      return tokenizer.encode(text).getIds();
    }
  }

  @Test
  void aVocabularyTokenizesAsThePublishedTokenizer() throws IOException {
    String published = published();
    String ours = TokenizerJson.ofVocabulary("vocab.txt", vocabulary(published), UNCASED);
    assertArrayEquals(ids(published, TEXT), ids(ours, TEXT));
    assertEquals(
        TokenizerJson.canonical("published", published), TokenizerJson.canonical("ours", ours));
  }

  @Test
  void caseAndAccentsAreKeptWhereTheConfigurationSaysSo() throws IOException {
    String vocabulary = "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nCafé\ncafe\nCafe\ncafé\n";
    assertEquals(5, piece(vocabulary, CASED));
    assertEquals(6, piece(vocabulary, UNCASED));
    assertEquals(
        7, piece(vocabulary, new TokenizerJson.Normalization(false, Optional.of(true), true)));
    assertEquals(
        8, piece(vocabulary, new TokenizerJson.Normalization(true, Optional.of(false), true)));
  }

  private static long piece(String vocabulary, TokenizerJson.Normalization normalization)
      throws IOException {
    return ids(TokenizerJson.ofVocabulary("vocab.txt", vocabulary, normalization), "Café")[1];
  }

  @Test
  void lineEndsAreNoPartOfAPieceAndTheLastLineCounts() throws IOException {
    String vocabulary = "[UNK]\r\n[CLS]\r\n[SEP]\r\nword\r\nword\r\n";
    long[] ids = ids(TokenizerJson.ofVocabulary("vocab.txt", vocabulary, UNCASED), "word");
    assertArrayEquals(new long[] {1, 4, 2}, ids);
  }

  @Test
  void aVocabularyNeedsItsSpecialTokens() {
    String message =
        Refusal.of(() -> TokenizerJson.ofVocabulary("x/vocab.txt", "[UNK]\n[CLS]\na\n", UNCASED));
    assertEquals(
        "x/vocab.txt: a BERT vocabulary must have a line [SEP], got 3 lines without it", message);
  }

  @Test
  void lowersTheCaseOfACasedTokenizer() throws IOException {
    String cased = TokenizerJson.ofVocabulary("v", "[UNK]\n[CLS]\n[SEP]\nWord\nword\n", CASED);
    assertEquals(3, ids(cased, "Word")[1]);
    assertEquals(4, ids(TokenizerJson.lowerCased("t", cased), "Word")[1]);

    String uncased = TokenizerJson.ofVocabulary("v", "[UNK]\n[CLS]\n[SEP]\nword\n", UNCASED);
    assertSame(uncased, TokenizerJson.lowerCased("t", uncased), "nothing to do");
  }

  @Test
  void theCanonicalFormKnowsNoWindowAndNoOrder() throws IOException {
    String a = "{\"model\":{\"vocab\":{\"a\":0,\"b\":1}},\"truncation\":{\"max_length\":128}}";
    String b = "{\"padding\":null, \"model\":{\"vocab\":{\"b\":1,\"a\":0}}}";
    assertEquals(TokenizerJson.canonical("a", a), TokenizerJson.canonical("b", b));
    assertNotEquals(
        TokenizerJson.canonical("a", a),
        TokenizerJson.canonical("c", "{\"model\":{\"vocab\":{\"a\":1,\"b\":0}}}"));
  }

  @Test
  void refusesWhatIsNoTokenizer() {
    assertTrue(Refusal.of(() -> TokenizerJson.parse("t", "{")).startsWith("t: the tokenizer"));
    assertTrue(Refusal.of(() -> TokenizerJson.parse("t", "[]")).startsWith("t: a tokenizer must"));
    assertTrue(Refusal.of(() -> TokenizerJson.parse("t", "{}")).startsWith("t: a tokenizer must"));
    assertTrue(
        Refusal.of(() -> TokenizerJson.parse("t", "[".repeat(100_000))).contains("nesting depth"));
  }
}
