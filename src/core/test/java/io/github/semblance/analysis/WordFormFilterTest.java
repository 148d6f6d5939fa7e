package io.github.semblance.analysis;

import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.io.StringWriter;
import java.text.Normalizer;
import java.util.List;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.tests.analysis.BaseTokenStreamTestCase;
import org.apache.lucene.tests.util.TestUtil;

public class WordFormFilterTest extends BaseTokenStreamTestCase {

  private static String form(String text) throws IOException {
    StringWriter formed = new StringWriter();
    try (Reader filter = new WordFormFilter(new StringReader(text), false)) {
      filter.transferTo(formed);
    }
    return formed.toString();
  }

  /** Each character that has a decomposition is the same as that, also behind another letter. */
  public void testCanonicalEquivalents() throws IOException {
    for (int character = 0; character <= Character.MAX_CODE_POINT; character++) {
      String composed = Character.toString(character);
      String decomposed = Normalizer.normalize(composed, Normalizer.Form.NFD);
      if (Character.getType(character) != Character.SURROGATE && !decomposed.equals(composed)) {
        String name = Integer.toHexString(character);
        assertEquals(name, form("a" + composed + "b"), form("a" + decomposed + "b"));
        assertEquals(name, form(composed), form(decomposed));
      }
    }
  }

  public void testRandomTextsBecomeNfc() throws IOException {
    for (int i = 0; i < 200 * RANDOM_MULTIPLIER; i++) {
      String text =
          random().nextBoolean()
              ? TestUtil.randomUnicodeString(random(), 40)
              : TestUtil.randomRealisticUnicodeString(random(), 40);
      String formed = form(text);
      assertEquals(text, form(Normalizer.normalize(text, Normalizer.Form.NFD)), formed);
      assertEquals(text, formed, form(formed));
      assertTrue(text, Normalizer.isNormalized(formed, Normalizer.Form.NFC));
    }
  }

  public void testInvisibleCharacters() throws IOException {
    for (String invisible :
        List.of("\u00AD", "\u200B", "\u200C", "\u200D", "\u200E", "\u2060", "\u2063", "\uFEFF")) {
      assertEquals("helpdesk", form("help" + invisible + "desk"));
      assertEquals("helpdesk", form(invisible + "helpdesk" + invisible));
      assertEquals("caf\u00E9", form("cafe" + invisible + "\u0301"));
    }
    String family = "\uD83D\uDC68\u200D\uD83D\uDC69";
    assertEquals(family, form(family));
    String thai = "\u0E01\u0E32\u200B\u0E02\u0E32";
    assertEquals(thai, form(thai));
    assertEquals("", form("\u00AD"));
  }

  public void testOffsetsAreThoseOfTheText() throws IOException {
    try (Analyzer analyzer = NamedAnalyzer.STANDARD.create()) {
      assertAnalyzesTo(
          analyzer,
          "The bench\u00ADmark: cafe\u0301, note\u2060book e\u0301te\u0301.",
          new String[] {"the", "benchmark", "caf\u00E9", "notebook", "\u00E9t\u00E9"},
          new int[] {0, 4, 16, 23, 33},
          new int[] {3, 14, 21, 32, 38});
      // Grows when composed: this letter is excluded from composition.
      assertAnalyzesTo(
          analyzer,
          "\u0958x y",
          new String[] {"\u0915\u093Cx", "y"},
          new int[] {0, 3},
          new int[] {2, 4});
    }
  }

  /** Persian words have non-joiners, which Lucene's own analysis takes for spaces. */
  public void testLanguagesThatKnowNonJoiners() throws IOException {
    String text = "\u06A9\u062A\u0627\u0628\u200C\u062E\u0627\u0646\u0647";
    try (Analyzer persian = NamedAnalyzer.PERSIAN.create();
        Analyzer standard = NamedAnalyzer.STANDARD.create()) {
      assertAnalyzesTo(
          persian, text, new String[] {"\u0643\u062A\u0627\u0628", "\u062E\u0627\u0646\u0647"});
      assertAnalyzesTo(standard, text, new String[] {text.replace("\u200C", "")});
    }
  }

  public void testRandomTextsHaveConsistentTokens() throws IOException {
    try (Analyzer standard = NamedAnalyzer.STANDARD.create();
        Analyzer english = NamedAnalyzer.ENGLISH.create()) {
      checkRandomData(random(), standard, 200 * RANDOM_MULTIPLIER);
      checkRandomData(random(), english, 100 * RANDOM_MULTIPLIER);
    }
  }

  public void testPatternsAreSpeltAlike() {
    try (Analyzer analyzer = NamedAnalyzer.ENGLISH.create()) {
      assertEquals(
          "r\u00E9sum\u00E9", analyzer.normalize("f", "Re\u0301su\u00ADme\u0301").utf8ToString());
    }
  }
}
