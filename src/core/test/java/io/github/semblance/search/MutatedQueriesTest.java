package io.github.semblance.search;

import io.github.semblance.index.SourceDocument;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.standard.StandardAnalyzer;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TopDocs;
import org.apache.lucene.tests.util.TestUtil;

/**
 * Whatever is typed is a query that can be searched for, or is refused with a place inside it.
 * {@code -Dsemblance.queries=1000000} tries more than a build does.
 */
public class MutatedQueriesTest extends IndexedTestCase {
  private static final int QUERIES = Integer.getInteger("semblance.queries", 2_000);

  /** Searched as well as read: searching takes longer, and finds less. */
  private static final int SEARCHED_OF = 8;

  private static final List<String> VALID =
      List.of(
          "w1 w2",
          "+color:red -title:w3 w4",
          "color:(red OR blue) AND NOT w5",
          "\"w1 w2\"~3^2.5 ~\"w6 w7\"^20",
          "+~\"w8\" +(w1 (w2 (w3)))",
          "w1~ w12~1 w2~0.7 wo?d w* /w[0-9]+/ color:*",
          "price:[1 TO 30] price:{-5.5 TO *] week:[3 TO 1}",
          "day:[2024-01-01 TO 2024-12-31] day:{2023 TO \"2024-02-29 10:00\"}",
          "title:/w(1|2){2,3}/ text:w1* id:[1 TO 2] *:*",
          "a\\:b \\u0077\\u0031 \\\"x\\\" && b || !c");

  private static final List<String> PIECES =
      List.of(
          "+",
          "-",
          "!",
          "(",
          ")",
          ":",
          "^",
          "[",
          "]",
          "\"",
          "{",
          "}",
          "~",
          "*",
          "?",
          "\\",
          "/",
          "|",
          "&",
          "<",
          ">",
          "@",
          "#",
          ".",
          ",",
          " ",
          "\t",
          "\n",
          "\0",
          "\u3000",
          "\u00AD",
          "\u200B",
          "\uD800",
          "\uDC00",
          "\uD83D\uDE00",
          "e\u0301",
          "AND",
          "OR",
          "NOT",
          "TO",
          "&&",
          "||",
          "NaN",
          "Infinity",
          "-0",
          "1e308",
          "1e999",
          "99999999999999999999",
          "2024-02-30",
          "0000-01-01",
          "9999-12-31",
          "^NaN",
          "^1e40",
          "^-1",
          "~\"",
          "~\"\"",
          "~2147483648",
          "color:",
          "price:",
          "day:",
          "_vector:",
          "_exact:",
          "_number.price:",
          "nosuch:",
          "{1000}",
          "{0,}",
          "(a*)*",
          "[^",
          "\\u",
          "\\u12",
          "\\");

  private final Analyzer analyzer = new StandardAnalyzer();

  @Override
  public void setUp() throws Exception {
    super.setUp();
    index(20);
    index(
        new SourceDocument(
            "x",
            "w1",
            "w1 w2",
            Map.of("price", List.of("3.5"), "day", List.of("2024-02-29"), "week", List.of("7"))));
  }

  private SemanticQueryParser parser() {
    return new SemanticQueryParser(reader, analyzer, embedder);
  }

  public void testMutatedQueries() throws IOException {
    SemanticQueryParser parser = parser();
    int refused = 0;
    for (int i = 0; i < QUERIES; i++) {
      String typed =
          random().nextInt(20) == 0
              ? TestUtil.randomUnicodeString(random(), 40)
              : mutated(VALID.get(random().nextInt(VALID.size())));
      Query query;
      try {
        query = parser.parse(typed);
      } catch (QuerySyntaxException e) {
        assertTrue(typed + ": " + e, e.offset() >= 0 && e.offset() <= typed.length());
        refused++;
        continue;
      } catch (RuntimeException | Error e) {
        throw new AssertionError("\"" + typed + "\"", e);
      }
      if (i % SEARCHED_OF == 0) {
        try {
          requireFinite(searcher.search(query, 100));
        } catch (RuntimeException | Error e) {
          throw new AssertionError("\"" + typed + "\"", e);
        }
      }
    }
    assertTrue("refused " + refused, refused > QUERIES / 10 && refused < QUERIES * 9 / 10);
  }

  private static String mutated(String valid) {
    StringBuilder typed = new StringBuilder(valid);
    for (int changes = TestUtil.nextInt(random(), 1, 4); changes > 0; changes--) {
      int from = random().nextInt(typed.length() + 1);
      int to = Math.min(typed.length(), from + random().nextInt(6));
      switch (random().nextInt(5)) {
        case 0 -> typed.delete(from, to);
        case 1 -> typed.insert(from, PIECES.get(random().nextInt(PIECES.size())));
        case 2 -> typed.replace(from, to, PIECES.get(random().nextInt(PIECES.size())));
        case 3 -> typed.insert(from, typed.substring(from, to).repeat(random().nextInt(20)));
        default -> {
          String other = VALID.get(random().nextInt(VALID.size()));
          typed.insert(from, other, 0, random().nextInt(other.length() + 1));
        }
      }
    }
    return typed.toString();
  }

  private static void requireFinite(TopDocs found) {
    for (ScoreDoc hit : found.scoreDocs) {
      assertTrue("score " + hit.score, Float.isFinite(hit.score));
    }
  }

  /** What would take stack, memory or time without end, or give scores that are no numbers. */
  public void testExcess() throws Exception {
    for (String typed :
        List.of(
            "(".repeat(400) + "w1" + ")".repeat(400),
            "((((((((((((w1)^1e9)^1e9)^1e9)^1e9)^1e9)^1e9)^1e9)^1e9)^1e9)^1e9)^1e9)^1e9",
            "-".repeat(100_000) + "w1",
            "+(".repeat(50_000),
            "NOT ".repeat(5_000) + "w1",
            "w1 AND ".repeat(50_000) + "w1",
            "color:".repeat(50_000) + "w1",
            "w1^" + "9".repeat(400),
            "w1^NaN",
            "w1^Infinity",
            "w1^-1",
            "\"w1 w2\"~" + "9".repeat(400),
            "w1~" + "9".repeat(400),
            "a ".repeat(1_025),
            "\"" + "a ".repeat(100_000) + "\"",
            "/" + "(a|b)*a".repeat(1) + "(a|b)".repeat(25) + "/",
            "/(.*a){20}/",
            "/((((((a{9}){9}){9}){9}){9}){9})/",
            "/" + "(a|b|c|d|e|f)*".repeat(60) + "/",
            "/" + "(".repeat(490) + "a" + ")".repeat(490) + "/",
            "/~(.*a.{30})/",
            "/" + "a|".repeat(499) + "a/",
            "/" + "a*".repeat(499) + "/",
            "/a" + "*".repeat(990) + "/",
            "/a" + "?".repeat(990) + "/",
            "/a" + "+".repeat(20) + "/",
            "/" + "(".repeat(45) + "a" + "+)".repeat(45) + "/",
            "/" + "(".repeat(45) + "a" + "*)".repeat(45) + "/",
            "/a{2}{2}{2}{2}{2}{2}{2}{2}{2}{2}{2}{2}{2}{2}{2}{2}{2}{2}{2}{2}{2}{2}{2}{2}/",
            "/a{0,9999}/",
            "/(.*a){200}/",
            "/<0-99999999999>{100}/",
            "/" + "(a?".repeat(45) + ")*".repeat(45) + "/",
            "/" + "[a-z]?".repeat(160) + "/",
            "/" + "~".repeat(990) + "a/",
            "/" + "[^".repeat(490) + "/",
            "/" + "<1-".repeat(300) + "/",
            "w1".repeat(400) + "~2",
            "\u00E9".repeat(900) + "~2",
            "w*".repeat(400),
            "w?".repeat(5_000),
            "w" + "*".repeat(100_000),
            "w" + "*".repeat(990),
            "w" + "?*".repeat(490),
            "w" + "a".repeat(900) + "*",
            "w" + "a".repeat(100_000) + "*",
            "price:[30 TO 1]",
            "price:{1 TO 1}",
            "price:[NaN TO NaN]",
            "price:[-Infinity TO Infinity]",
            "price:[1e308 TO 1e309]",
            "price:[" + "9".repeat(1_000) + " TO *]",
            "day:[2024-12-31 TO 2024-01-01]",
            "day:[0000-01-01 TO 9999-12-31T23:59:59.999999999Z]",
            "day:[2024-13-01 TO 2024-02-30]",
            "day:[2024-01-01T00:00+99:00 TO *]",
            "week:[999999999 TO 0}",
            "title:[b TO a]",
            "title:[\u0000 TO \uFFFF]",
            "id:[* TO *]",
            "~\"" + "w1 ".repeat(100_000) + "\"")) {
      String shown = typed.substring(0, Math.min(60, typed.length()));
      try {
        requireFinite(searcher.search(parser().parse(typed), 100));
      } catch (QuerySyntaxException e) {
        assertTrue(shown + ": " + e, e.offset() >= 0 && e.offset() <= typed.length());
        assertTrue(shown + ": " + e, e.getMessage().length() < 2_000);
      } catch (RuntimeException | Error e) {
        throw new AssertionError(shown, e);
      }
    }
  }
}
