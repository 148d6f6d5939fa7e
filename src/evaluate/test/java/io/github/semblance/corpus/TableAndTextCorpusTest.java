package io.github.semblance.corpus;

import static io.github.semblance.corpus.FieldMapping.DEFAULT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.semblance.index.SourceDocument;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TableAndTextCorpusTest extends CorpusFixture {

  @Test
  void csvKeepsQuotesLineBreaksAndSpaces() throws IOException {
    assertEquals(
        List.of(
            new SourceDocument("1", "T, \"1\"", "two\r\nlines ", Map.of("tag", List.of(" x"))),
            new SourceDocument("2", "", "t", Map.of())),
        documents(
            DEFAULT,
            file(
                "a.csv",
                "\uFEFFid, title,text,tag\r\n1,\"T, \"\"1\"\"\",\"two\r\nlines \", x\r\n\r\n2,,t,")));
  }

  @Test
  void tsvIsCutAtTabs() throws IOException {
    assertEquals(
        List.of(new SourceDocument("1", "a,b", "t", Map.of())),
        documents(DEFAULT, file("a.TSV", "id\ttitle\ttext\n1\ta,b\tt\n")));
  }

  @Test
  void raggedRowsAreRejectedWithTheLineTheyBeginIn() throws IOException {
    assertEquals(
        List.of(
            "1",
            "!4: a row must have 2 columns, got: 3",
            "3",
            "!9: a row must have 2 columns, got: 1",
            "!10: the text is empty"),
        outcomes(DEFAULT, file("a.csv", "id,text\n1,\"a\nb\"\n2,t,\"u\nv\"\n\n\n3,t\n4\n5,\n")));
  }

  @Test
  void unclosedQuoteEndsReadingWithTheLineItBeginsIn() throws IOException {
    String input = file("a.csv", "id,text\n1,t\n2,\"t\n3,t\n");
    try (CorpusReader reader = CorpusReader.open(List.of(input), DEFAULT)) {
      assertEquals("1", outcome(reader.next()));
      String message = failure(reader::hasNext);
      assertTrue(message.startsWith(input + ":4: malformed CSV"), message);
      assertTrue(message.contains("startline 3"), message);
    }
  }

  @Test
  void unclosedQuoteDoesNotReadAWholeFileIntoMemory() throws IOException {
    StrictUtf8Reader reader = new StrictUtf8Reader(new Repeated("x".repeat(99) + "\n", 1 << 30));
    char[] buffer = new char[1 << 16];
    IOException e =
        assertThrows(
            IOException.class,
            () -> {
              while (reader.read(buffer, 0, buffer.length) > 0) {}
            });
    assertEquals(
        "a record is longer than 33554432 characters; is a quote left open?", e.getMessage());
  }

  @Test
  void headersMustNameEachColumnOnce() throws IOException {
    String good = file("good.csv", "id,text\nb,t\n");
    assertEquals(
        List.of("!2: column 2 has no name in the first row; the file is left out", "b"),
        outcomes(DEFAULT, file("a.csv", "\nid,,text\n1,t,u\n2,t,u\n"), good));
    assertEquals(
        List.of("!1: two columns have the name \"id\"; the file is left out", "b"),
        outcomes(DEFAULT, file("b.csv", "id,text,id\n1,t,u\n"), good));
    assertEquals(
        List.of("!0: the file is empty", "b"), outcomes(DEFAULT, file("c.csv", "\n \n"), good));
    assertEquals(
        List.of("!1: the first row must name the columns, and is empty; the file is left out", "b"),
        outcomes(DEFAULT, file("d.csv", "\"\"\n1\n"), good));
  }

  @Test
  void aStrayQuoteCostsItsRowOnly() throws IOException {
    String problem = "malformed CSV: Invalid character between encapsulated token and delimiter";
    List<String> outcomes =
        outcomes(
            DEFAULT,
            file("a.csv", "id,text\n1,t\n2,\"a\"b\n3,\"u\nv\"\n4,\"a\"b,\"c\nd\"\n5,t\n\"6\"x,t"));
    assertEquals(
        List.of("1", "3", "5"), outcomes.stream().filter(one -> !one.startsWith("!")).toList());
    List<String> bad = outcomes.stream().filter(one -> one.startsWith("!")).toList();
    assertEquals(3, bad.size(), bad.toString());
    assertTrue(bad.get(0).startsWith("!3: " + problem), bad.get(0));
    assertTrue(bad.get(1).startsWith("!6: " + problem), bad.get(1));
    assertTrue(bad.get(1).endsWith("lines 6 to 7 are left out"), bad.get(1));
    assertTrue(bad.get(2).startsWith("!9: " + problem), bad.get(2));
  }

  @Test
  void whatStandsBetweenCellsIsTold() throws IOException {
    SourceDocument hours = new SourceDocument("1", "Hours", "We open at nine", Map.of());
    assertEquals(List.of("1", "2"), outcomes(DEFAULT, example("semicolon.csv")));
    assertEquals(
        "We open at nine, daily", documents(DEFAULT, example("semicolon.csv")).get(0).text());
    assertEquals(List.of(hours), documents(DEFAULT, example("sep.csv")));
    assertEquals(
        List.of("!4: a row must have 3 columns, got: 1"),
        outcomes(DEFAULT, file("sep.csv", "\"sep=|\"\r\n\r\nid|title|text\r\n1\r\n")));
    assertEquals(
        List.of(hours),
        documents(DEFAULT, file("tabs.csv", "id\ttitle\ttext\n1\tHours\tWe open at nine")));
    assertEquals(
        List.of(new SourceDocument("1", "a;b;c;d", "t", Map.of())),
        documents(DEFAULT, file("comma.csv", "id,title,\"text\"\n1,a;b;c;d,t")));
    assertEquals(
        List.of("1"),
        outcomes(DEFAULT.withTextField("a;b;c;d"), file("quoted.csv", "id,\"a;b;c;d\"\n1,t")));
  }

  @Test
  void namesOfColumnsAreKnownInAnyCase() throws IOException {
    assertEquals(
        List.of(
            new SourceDocument("1", "Hours", "We open at nine", Map.of()),
            new SourceDocument("2", "Parking", "Behind the building", Map.of())),
        documents(DEFAULT, example("upper.csv")));
    assertEquals(
        List.of(new SourceDocument("x", "", "t", Map.of("ID", List.of("1")))),
        documents(DEFAULT, file("a.csv", "ID,_id,Text\n1,x,t")));
  }

  @Test
  void aBlankFieldGivesWayToTheNextName() throws IOException {
    List<SourceDocument> documents = documents(DEFAULT, example("blankfirst.csv"));
    assertEquals("The answer is here", documents.get(0).text());
    assertEquals(Map.of(), documents.get(0).keywords());
    assertEquals("Some text", documents.get(1).text());
    assertEquals(Map.of("answer", List.of("unused")), documents.get(1).keywords());
    documents = documents(DEFAULT, example("blankfirst.jsonl"));
    assertEquals("The answer is here", documents.get(0).text());
    assertEquals("null falls through", documents.get(1).text());
  }

  @Test
  void invalidUtf8InATableEndsReading() throws IOException {
    String input = file("a.csv", "id,text\n1,\u00e4\n".getBytes(StandardCharsets.ISO_8859_1));
    try (CorpusReader reader = CorpusReader.open(List.of(input), DEFAULT)) {
      String message = failure(reader::hasNext);
      assertEquals(
          input + " cannot be read further: invalid UTF-8 in line 2, at byte 10 of the file",
          message);
    }
  }

  @Test
  void folderOfTextsIsReadInOrderOfIds() throws IOException {
    file("docs/b.txt", "# no heading in plain text");
    file("docs/a/z.md", "```\n# code\n```\n## The  heading ##\nbody\n");
    file("docs/a/y.md", "#hashtag only");
    file("docs/c.md", new byte[] {'o', 'k', (byte) 0xFF});
    file("docs/d.txt", " \n");
    file("docs/.hidden/e.txt", "t");
    file("docs/.e.txt", "t");
    file("docs/f.rst", "t");

    assertEquals(
        List.of(
            "a/y.md",
            "a/z.md",
            "b.txt",
            "!0: invalid UTF-8 at byte 2 of the file",
            "!0: the file has no text"),
        outcomes(DEFAULT, folder.resolve("docs").toString()));
    List<SourceDocument> documents = documents(DEFAULT, folder.resolve("docs/a").toString());
    assertEquals("y", documents.get(0).title());
    assertEquals("The heading", documents.get(1).title());
    assertEquals("# code\n\nThe heading\n\nbody\n\n", documents.get(1).text());
    assertEquals("b.txt", outcomes(DEFAULT, folder.resolve("docs/b.txt").toString()).get(0));
  }
}
