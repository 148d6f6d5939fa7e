package io.github.semblance.analysis;

import io.github.semblance.embed.BagOfWordsEmbedder;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.util.HashMap;
import java.util.Map;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.TokenizerFactory;
import org.apache.lucene.analysis.charfilter.HTMLStripCharFilter;
import org.apache.lucene.analysis.custom.CustomAnalyzer;
import org.apache.lucene.tests.analysis.BaseTokenStreamTestCase;

public class WordPieceTokenizerTest extends BaseTokenStreamTestCase {

  private static Analyzer analyzer() {
    return NamedAnalyzer.WORDPIECE.create(new BagOfWordsEmbedder());
  }

  public void testTermsPositionsAndOffsets() throws IOException {
    try (Analyzer analyzer = analyzer()) {
      assertAnalyzesTo(
          analyzer,
          " It's \uD83D\uDE00 caf\u00e9 ",
          new String[] {"it", "'", "s", "\uD83D\uDE00", "caf\u00e9"},
          new int[] {1, 3, 4, 6, 9},
          new int[] {3, 4, 5, 8, 13},
          new int[] {1, 1, 1, 1, 1});
      assertAnalyzesTo(analyzer, "", new String[0]);
    }
  }

  public void testOffsetsPointIntoTheTextBeforeCharFilters() throws IOException {
    try (Analyzer analyzer =
        new Analyzer() {
          @Override
          protected Reader initReader(String fieldName, Reader reader) {
            return new HTMLStripCharFilter(reader);
          }

          @Override
          protected TokenStreamComponents createComponents(String fieldName) {
            return new TokenStreamComponents(new WordPieceTokenizer(new BagOfWordsEmbedder()));
          }
        }) {
      assertAnalyzesTo(
          analyzer,
          "<b>too</b> late",
          new String[] {"too", "late"},
          new int[] {3, 11},
          new int[] {10, 15});
    }
  }

  public void testReusedTokenizerForgetsTheTextBefore() throws IOException {
    WordPieceTokenizer tokenizer = new WordPieceTokenizer(new BagOfWordsEmbedder());
    for (String text : new String[] {"a longer text", "b"}) {
      tokenizer.setReader(new StringReader(text));
      assertTokenStreamContents(tokenizer, text.split(" ", -1), null, null, text.length());
    }
  }

  public void testRandomTexts() throws IOException {
    try (Analyzer analyzer = analyzer()) {
      checkRandomData(random(), analyzer, 200 * RANDOM_MULTIPLIER);
    }
  }

  public void testFactoryIsFoundByName() throws IOException {
    assertTrue(TokenizerFactory.availableTokenizers().contains(WordPieceTokenizerFactory.NAME));
    try (Analyzer analyzer =
        CustomAnalyzer.builder()
            .withTokenizer("wordpiece", "model", "bag-of-words")
            .addTokenFilter("uppercase")
            .build()) {
      assertAnalyzesTo(analyzer, "too late", new String[] {"TOO", "LATE"});
    }
  }

  public void testFactoryRefusesWhatItDoesNotKnow() {
    assertRefused("Configuration Error: missing parameter 'model'", Map.of());
    assertRefused("unknown parameters: {max=1}", Map.of("model", "bag-of-words", "max", "1"));
    assertRefused(
        "no EmbedderProvider on the class path knows the model \"none\";"
            + " io.github.semblance:semblance brings one, and the default model",
        Map.of("model", "none"));
  }

  private static void assertRefused(String message, Map<String, String> args) {
    IllegalArgumentException e =
        expectThrows(
            IllegalArgumentException.class,
            () -> new WordPieceTokenizerFactory(new HashMap<>(args)));
    assertEquals(message, e.getMessage());
  }
}
