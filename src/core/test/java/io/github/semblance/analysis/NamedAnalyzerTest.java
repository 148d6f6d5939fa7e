package io.github.semblance.analysis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.semblance.embed.BagOfWordsEmbedder;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.en.EnglishAnalyzer;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.junit.jupiter.api.Test;

class NamedAnalyzerTest {

  /** Lucene keeps each language in a package of its own; these packages are no languages. */
  private static final Pattern LANGUAGE =
      Pattern.compile(
          "org/apache/lucene/analysis/(?!core|custom|classic|miscellaneous|query)[a-z]+/"
              + "([A-Za-z]+)Analyzer\\.class");

  @Test
  void everyLanguageOfLuceneHasItsName() throws IOException, URISyntaxException {
    Set<String> languages;
    Path jar =
        Path.of(EnglishAnalyzer.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    try (JarFile classes = new JarFile(jar.toFile())) {
      languages =
          classes.stream()
              .map(entry -> LANGUAGE.matcher(entry.getName()))
              .filter(Matcher::matches)
              .map(name -> name.group(1).toLowerCase(Locale.ROOT))
              .collect(Collectors.toCollection(TreeSet::new));
    }
    assertTrue(languages.size() > 30, "found only " + languages);

    List<String> names = Arrays.stream(NamedAnalyzer.values()).map(NamedAnalyzer::id).toList();
    Set<String> expected = new TreeSet<>(languages);
    expected.addAll(Set.of("standard", "simple", "whitespace", "keyword", "wordpiece"));
    assertEquals(expected, new TreeSet<>(names));
  }

  @Test
  void eachNameMakesTheAnalyzerItSays() {
    for (NamedAnalyzer named : NamedAnalyzer.values()) {
      try (Analyzer analyzer = named.create(new BagOfWordsEmbedder())) {
        assertEquals(
            "wordformanalyzer(" + named.id() + "analyzer)",
            analyzer.toString().toLowerCase(Locale.ROOT));
      }
    }
  }

  @Test
  void englishStemsAndStops() throws IOException {
    assertEquals(List.of("join", "cours"), terms(NamedAnalyzer.ENGLISH, "Joining the courses"));
    assertEquals(
        List.of("joining", "the", "courses"), terms(NamedAnalyzer.STANDARD, "Joining the courses"));
  }

  @Test
  void wordPiecesNeedAModel() {
    assertThrows(IllegalStateException.class, NamedAnalyzer.WORDPIECE::create);
  }

  @Test
  void namesAreFoundInAnyCaseAndOthersListed() {
    assertSame(NamedAnalyzer.CJK, NamedAnalyzer.named("CjK"));
    String message =
        String.valueOf(
            assertThrows(IllegalArgumentException.class, () -> NamedAnalyzer.named("klingon"))
                .getMessage());
    assertTrue(message.startsWith("no analyzer is called \"klingon\"; there are "), message);
    assertTrue(message.contains("standard, ") && message.endsWith("wordpiece"), message);
  }

  private static List<String> terms(NamedAnalyzer named, String text) throws IOException {
    List<String> terms = new ArrayList<>();
    try (Analyzer analyzer = named.create();
        TokenStream tokens = analyzer.tokenStream("f", text)) {
      CharTermAttribute term = tokens.addAttribute(CharTermAttribute.class);
      tokens.reset();
      while (tokens.incrementToken()) {
        terms.add(term.toString());
      }
      tokens.end();
    }
    return terms;
  }
}
