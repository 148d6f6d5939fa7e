package io.github.semblance.search;

import io.github.semblance.index.IndexSchema;
import io.github.semblance.index.SourceDocument;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.standard.StandardAnalyzer;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.IntPoint;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.tests.util.TestUtil;

public class SemanticQueryParserTest extends IndexedTestCase {
  private final Analyzer analyzer = new StandardAnalyzer();

  private void indexCourses() throws IOException {
    index(
        document("1", "Joining late", "You can enrol after the start", "data", "9"),
        document("2", "Certificates", "A project earns a certificate", "data", "10"),
        document("3", "Docker", "Start the daemon after installing docker", "ml", "11"),
        document("4", "Docker again", "Restart the daemon late", "ml", "100"));
  }

  private static SourceDocument document(
      String id, String title, String text, String course, String week) {
    return new SourceDocument(
        id,
        title,
        text,
        Map.of(
            "course", List.of(course), "week", List.of(week), "section", List.of("General Help")));
  }

  private SemanticQueryParser parser() {
    return new SemanticQueryParser(reader, analyzer, embedder);
  }

  private Set<String> find(String query) throws Exception {
    Set<String> ids = new TreeSet<>();
    for (ScoreDoc hit : searcher.search(parser().parse(query), 1000).scoreDocs) {
      ids.add(id(hit.doc));
    }
    return ids;
  }

  public void testClassicSyntax() throws Exception {
    indexCourses();
    assertEquals(Set.of("3", "4"), find("docker"));
    assertEquals(Set.of("1"), find("title:late"));
    assertEquals(Set.of("1", "4"), find("late"));
    assertEquals(Set.of("4"), find("+late +daemon"));
    assertEquals(Set.of("3"), find("docker -late"));
    assertEquals(Set.of("3"), find("docker AND NOT late"));
    assertEquals(Set.of("3"), find("\"start the daemon\""));
    assertEquals(Set.of(), find("\"start daemon\""));
    assertEquals(Set.of("3"), find("\"start daemon\"~1"));
    assertEquals(Set.of("3", "4"), find("dokcer~"));
    assertEquals(Set.of("2"), find("certif*"));
    assertEquals(Set.of("3"), find("inst?lling"));
    assertEquals(Set.of("3", "4"), find("/doc.{2}r/"));
    assertEquals(Set.of("3", "4"), find("/d+o{1}c+[a-k]{1,9}e?r+(x{3}|y+){0,20}/"));
    assertEquals(Set.of("1", "2", "3", "4"), find("*"));
    assertEquals(Set.of("3", "4"), find("*:* -course:data"));
    assertEquals(Set.of(), find("-course:data"));
    assertEquals(Set.of("1"), find("(late OR enrol) AND title:(late joining)"));
    assertEquals(Set.of(), find("text:the\\:daemon"));
  }

  public void testBoosts() throws Exception {
    indexCourses();
    ScoreDoc[] hits = searcher.search(parser().parse("certificate^100 docker"), 10).scoreDocs;
    assertEquals("2", id(hits[0].doc));
    hits = searcher.search(parser().parse("certificate docker^100"), 10).scoreDocs;
    assertEquals("2", id(hits[hits.length - 1].doc));
  }

  public void testKeywordsMatchAsTheyAre() throws Exception {
    indexCourses();
    assertEquals(Set.of("1", "2"), find("course:data"));
    assertEquals(Set.of(), find("course:Data"));
    assertEquals(4, find("section:\"General Help\"").size());
    assertEquals(4, find("section:General\\ Help").size());
    assertEquals(Set.of(), find("section:General"));
    assertEquals(4, find("course:(data ml)").size());
    assertEquals(4, find("section:*").size());
    assertEquals(4, find("title:*").size());
    assertEquals(4, find("section:Gen*").size());
    assertEquals(Set.of("2"), find("id:2"));
    assertEquals(Set.of("2", "3"), find("id:[2 TO 3]"));
  }

  public void testRangesOfNumbers() throws Exception {
    indexCourses();
    assertEquals(Set.of("1", "2"), find("week:[9 TO 10]"));
    assertEquals(Set.of("2"), find("week:{9 TO 11}"));
    assertEquals(Set.of("3", "4"), find("week:{10 TO *]"));
    assertEquals(Set.of("1"), find("week:[* TO 10}"));
    assertFault("week:[10 TO 9]", 0, "must not end before it begins, got: 10 TO 9");
    assertEquals(Set.of(), find("week:{9 TO 9}"));
    assertEquals(Set.of("1", "2"), find("course:[a TO e]"));
    assertEquals(4, find("week:[* TO *]").size());
  }

  public void testMeaning() throws Exception {
    indexCourses();
    SemanticQuery alone = new SemanticQuery(vector("start the daemon"), 100);
    assertEquals(alone, parser().parse("~\"start the daemon\""));
    assertEquals(alone, parser().parse(" ( ~\"start the daemon\")"));
    for (String query :
        List.of(
            "docker ~\"start the daemon\"^2",
            "docker OR ~\"start the daemon\"^2",
            "docker || (~\"start the daemon\")^2",
            "\"docker\"~0 ~\"start the daemon\"^2",
            "\"docker\" ~\"start the daemon\"^2")) {
      Map<Integer, Float> words = allScores(parser().parse("docker"));
      Map<Integer, Float> meaning = allScores(alone);
      allScores(parser().parse(query))
          .forEach(
              (doc, score) ->
                  assertEquals(
                      words.getOrDefault(doc, 0f) + 2 * meaning.getOrDefault(doc, Float.NaN),
                      score,
                      1e-5));
    }
  }

  public void testATildeRightAfterATermIsNotMeaning() throws Exception {
    indexCourses();
    assertEquals(Set.of("3", "4"), find("dokcer~\"nothing such\""));
    assertEquals(Set.of("3"), find("\"start the daemon\"~\"nothing such\""));
    assertEquals(Set.of("1"), find("+late^2~ +title:late"));
  }

  public void testMeaningIsSoughtAmongWhatIsAllowed() throws Exception {
    index(60);
    for (int round = 0; round < 10; round++) {
      String words = words(3);
      int k = TestUtil.nextInt(random(), 1, 10);
      SemanticQueryParser parser =
          new SemanticQueryParser(reader, analyzer, embedder, k, SemanticQuery.ANY_SIMILARITY);
      for (String query :
          List.of(
              "+color:red +~\"%s\"",
              "+color:red +(~\"%s\"^3)",
              "+~\"%s\" -color:green -color:blue",
              "+(+color:red *) +(w1 ~\"%s\" -w1)",
              "+color:red +(+~\"%s\" -color:green)")) {
        Set<Integer> allowed = allScores(parser.parse("color:red")).keySet();
        if (query.contains("-w1")) {
          allowed.removeAll(allScores(parser.parse("w1")).keySet());
        }
        Map<Integer, Float> cosines = allCosines(vector(words));
        cosines.keySet().retainAll(allowed);
        List<Integer> closest = ranked(cosines);
        assertEquals(
            query,
            Set.copyOf(closest.subList(0, Math.min(k, closest.size()))),
            allScores(parser.parse(String.format(Locale.ROOT, query, words))).keySet());
      }
    }
  }

  public void testMinimumSimilarity() throws Exception {
    indexCourses();
    SemanticQueryParser parser = new SemanticQueryParser(reader, analyzer, embedder, 3, 0.5f);
    assertEquals(new SemanticQuery(vector("daemon"), 3, null, 0.5f), parser.parse("~\"daemon\""));
  }

  public void testFaultsAndTheirPlaces() throws Exception {
    indexCourses();
    assertFault("", 0, "must not be empty");
    assertFault(" \t", 0, "must not be empty");
    assertFault("late (docker", 12, "ends too soon");
    assertFault("late) docker", 4, "unexpected \")\"");
    assertFault("docker AND", 10, "ends too soon");
    assertFault("late AND OR docker", 9, "unexpected \"OR\"");
    assertFault("late \"start the", 5, "not complete");
    assertFault("docker^x", 7, "not complete");
    assertFault("late cuorse:data", 5, "no field \"cuorse\" to search by; this index has: title");
    assertFault("late cuorse:[1 TO 2]^3", 5, "no field \"cuorse\"");
    assertFault("late cuorse:\"a b\"~2^3", 5, "no field \"cuorse\"");
    assertFault("late _vector:x", 5, "no field \"_vector\"");
    assertFault("late *ocker", 5, "first character");
    assertFault("late title:?ocker", 5, "first character");
    assertFault("late title:/a{2/ x", 5, "/a{2/ is no regular expression");
    assertFault("late title:~\"a\"", 11, "unexpected \"~\"");
    assertFault("~ late", 0, "unexpected \"~\"");
    assertFault("late ~\"the", 6, "not complete");
    assertFault("late ~\" \"", 5, "must not be empty");
    assertFault("late -~\"docker\"", 6, "cannot be prohibited");
    assertFault("late NOT (x ~\"docker\"^2)", 12, "cannot be prohibited");
    assertFault("~\"" + "w ".repeat(WINDOW) + "\"", 0, "2 word pieces too long");
    assertFault("~\"a\" ".repeat(11), 50, "at most 10 semantic clauses");
    assertFault("late docker^" + "9".repeat(50), 12, "at most 1.0E30");
    assertFault("((late^10000000000)^10000000000)^100000000000", 33, "at most 1.0E30");
    assertFault("(".repeat(100_000), 100, "at most 100 parentheses");
    assertFault("a ".repeat(1025), 2048, "clauses");
    assertFault("(" + "a ".repeat(600) + ") (" + "a ".repeat(600) + ")", 0, "clauses");
    assertFault("a~ ".repeat(21), 0, "clauses");
    assertFault("late title:/((a{99}){99}){99}/", 5, "repetitions");
    assertFault("late /" + "(".repeat(2000) + "/", 5, "at most 1000 characters");
    assertFault("late /a" + "+".repeat(20) + "/", 5, "repetitions");
    assertFault("late /a" + "{2}".repeat(20) + "/", 5, "repetitions");
    assertFault("late /" + "(".repeat(20) + "a" + "+)".repeat(20) + "/", 5, "repetitions");
    assertFault("late /<1-9>{2,}[ab]{99999}/", 5, "repetitions");
    assertFault("late title:a" + "*".repeat(2000), 5, "at most 1000 characters");
    assertFault("late " + "a".repeat(2000) + "*", 5, "at most 1000 characters");
    assertFault("late /" + "(".repeat(60) + ")".repeat(60) + "/", 5, "at most 50 groups");
    assertFault("late " + "a".repeat(2000) + "~", 5, "at most 1000 characters");
    assertFault("late \\u12", 5, "Unicode escape");
    assertFault("late\\", 4, "not complete");
  }

  private void assertFault(String query, int offset, String rule) {
    QuerySyntaxException fault =
        expectThrows(QuerySyntaxException.class, () -> parser().parse(query));
    assertTrue(fault.toString(), fault.toString().contains(rule));
    assertTrue(fault.toString(), fault.toString().endsWith(", at character " + (offset + 1)));
    assertEquals(offset, fault.offset());
  }

  public void testNumbersOfAnApplication() throws Exception {
    indexCourses();
    Document own = new Document();
    own.add(new IntPoint("price", 3));
    writer.addDocument(own);
    try (DirectoryReader withNumbers = DirectoryReader.open(writer)) {
      QuerySyntaxException fault =
          expectThrows(
              QuerySyntaxException.class,
              () ->
                  new SemanticQueryParser(withNumbers, analyzer, embedder)
                      .parse("late price:[1 TO 3]"));
      assertTrue(fault.toString(), fault.toString().contains("field \"price\" has numbers"));
      assertEquals(5, fault.offset());
    }
  }

  public void testEmptyIndexKnowsNoFields() throws Exception {
    assertEquals(Set.of(), find("any:thing ~\"at all\" any:[1 TO 2] any:* title:* *"));
  }

  /** Whatever is typed is either refused with a place inside it, or can be searched for. */
  public void testWhateverIsTyped() throws Exception {
    index(20);
    List<String> parts = new ArrayList<>();
    for (String symbol :
        "+ - ! ( ) : ^ [ ] \" { } ~ * ? \\ / | & < > @ # . , \0 \n".split(" ", -1)) {
      parts.add(symbol);
    }
    parts.addAll(
        List.of(
            " ",
            " ",
            " ",
            "~\"",
            "\"",
            "AND",
            "OR",
            "NOT",
            "TO",
            "&&",
            "||",
            "w1",
            "w2 w3",
            "color:",
            "color:red",
            "title:",
            "nosuch:",
            "*:*",
            "[1 TO 9]",
            "{a TO *}",
            "\"w1 w2\"",
            "~\"w1\"",
            "~2",
            "~0.5",
            "^2",
            "^0",
            "^1e3",
            "~99999999999999999999",
            "^" + "9".repeat(45),
            "w1~",
            "/w[0-9]/",
            "/(a|b)*{9}/",
            "{1000}",
            "{99999999999}",
            "\\u0041",
            "\\u00",
            "w*",
            "w?1",
            "\uD800",
            "\uDC00",
            "\u3000",
            "()",
            "(w1)"));
    for (int round = 0; round < 60 * RANDOM_MULTIPLIER; round++) {
      StringBuilder typed = new StringBuilder();
      for (int i = TestUtil.nextInt(random(), 1, 12); i > 0; i--) {
        typed.append(parts.get(random().nextInt(parts.size())));
      }
      searchFor(typed.toString());
      searchFor(TestUtil.randomUnicodeString(random(), 30));
      searchFor(TestUtil.randomRegexpishString(random(), 30));
    }
    for (int round = 0; round < 3 * RANDOM_MULTIPLIER; round++) {
      String much = parts.get(random().nextInt(parts.size())).repeat(3_000);
      searchFor(much);
      searchFor("w1" + much + "w1");
      searchFor("w1 color:" + much + "w1?x");
    }
  }

  private void searchFor(String typed) throws IOException {
    Query query;
    try {
      query = parser().parse(typed);
    } catch (QuerySyntaxException e) {
      assertTrue(typed + ": " + e, e.offset() >= 0 && e.offset() <= typed.length());
      return;
    }
    for (ScoreDoc hit : searcher.search(query, 100).scoreDocs) {
      assertTrue(typed, Float.isFinite(hit.score));
      assertNotNull(typed, reader.storedFields().document(hit.doc).get(IndexSchema.ID));
    }
  }
}
