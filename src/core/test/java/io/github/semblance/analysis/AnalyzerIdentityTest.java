package io.github.semblance.analysis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.CharArraySet;
import org.apache.lucene.analysis.LowerCaseFilter;
import org.apache.lucene.analysis.core.WhitespaceTokenizer;
import org.apache.lucene.analysis.custom.CustomAnalyzer;
import org.apache.lucene.analysis.en.EnglishAnalyzer;
import org.apache.lucene.analysis.miscellaneous.PerFieldAnalyzerWrapper;
import org.apache.lucene.analysis.standard.StandardAnalyzer;
import org.junit.jupiter.api.Test;

final class AnalyzerIdentityTest {
  private static String id(Analyzer analyzer) {
    return AnalyzerIdentity.of(analyzer, List.of("title", "text"));
  }

  private static Analyzer lowerCase() {
    return new Analyzer() {
      @Override
      protected TokenStreamComponents createComponents(String field) {
        WhitespaceTokenizer words = new WhitespaceTokenizer();
        return new TokenStreamComponents(words, new LowerCaseFilter(words));
      }
    };
  }

  private static Analyzer lowerCaseElsewhere() {
    return new Analyzer() {
      @Override
      protected TokenStreamComponents createComponents(String field) {
        WhitespaceTokenizer words = new WhitespaceTokenizer();
        return new TokenStreamComponents(words, new LowerCaseFilter(words));
      }
    };
  }

  @Test
  void theClassDoesNotMatter() {
    assertNotEquals(lowerCase().getClass(), lowerCaseElsewhere().getClass());
    assertEquals(id(lowerCase()), id(lowerCaseElsewhere()));
    assertTrue(id(lowerCase()).matches("tokens:[0-9a-f]{24}"), id(lowerCase()));
  }

  @Test
  void whatItDoesMatters() throws IOException {
    List<Analyzer> different =
        List.of(
            lowerCase(),
            new StandardAnalyzer(),
            new StandardAnalyzer(EnglishAnalyzer.getDefaultStopSet()),
            new StandardAnalyzer(new CharArraySet(List.of("zyzzyva"), false)),
            new EnglishAnalyzer(),
            new EnglishAnalyzer(
                EnglishAnalyzer.getDefaultStopSet(), new CharArraySet(List.of("foxes"), true)),
            new PerFieldAnalyzerWrapper(
                new StandardAnalyzer(), Map.of("title", new EnglishAnalyzer())),
            CustomAnalyzer.builder()
                .withTokenizer("standard")
                .addTokenFilter("length", "min", "1", "max", "400")
                .build(),
            CustomAnalyzer.builder()
                .withTokenizer("standard")
                .addTokenFilter("length", "min", "1", "max", "500")
                .build());
    List<String> ids = different.stream().map(AnalyzerIdentityTest::id).toList();
    assertEquals(ids.size(), ids.stream().distinct().count(), ids.toString());
  }

  @Test
  void namedAnalyzersHaveIdentitiesThatStay() {
    Map<String, List<NamedAnalyzer>> byId = new HashMap<>();
    for (NamedAnalyzer named : NamedAnalyzer.values()) {
      if (named != NamedAnalyzer.WORDPIECE) {
        String id = id(named.create());
        assertEquals(id, id(named.create()), named.id());
        byId.computeIfAbsent(id, unused -> new ArrayList<>()).add(named);
      }
    }
    byId.values().forEach(alike -> assertEquals(1, alike.size(), alike.toString()));
  }

  @Test
  void oneThatFailsMustBeNamed() {
    Analyzer failing =
        new Analyzer() {
          @Override
          protected TokenStreamComponents createComponents(String field) {
            throw new IllegalStateException("no dictionary");
          }
        };
    String message =
        String.valueOf(
            assertThrows(IllegalArgumentException.class, () -> id(failing)).getMessage());
    assertTrue(message.contains("give it a name") && message.contains("no dictionary"), message);
  }
}
