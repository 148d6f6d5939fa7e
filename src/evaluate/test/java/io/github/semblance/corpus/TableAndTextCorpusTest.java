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
    for (String header : List.of("id,,text", "id,text,id", "", "\n\n")) {
      String input = file("a.csv", header + "\n1,t,u\n".repeat(header.isBlank() ? 0 : 1));
      failure(() -> CorpusReader.open(List.of(input), DEFAULT).close());
    }
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
    file("docs/f.html", "t");

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
    assertEquals("The  heading", documents.get(1).title());
    assertEquals("```\n# code\n```\n## The  heading ##\nbody\n", documents.get(1).text());
    assertEquals("b.txt", outcomes(DEFAULT, folder.resolve("docs/b.txt").toString()).get(0));
  }
}
