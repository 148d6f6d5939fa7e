package io.github.semblance.corpus;

import static io.github.semblance.corpus.FieldMapping.DEFAULT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.semblance.corpus.CorpusRecord.Document;
import io.github.semblance.index.SourceDocument;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JsonCorpusTest extends CorpusFixture {

  @Test
  void arrayAndLinesGiveTheSameDocuments() throws IOException {
    String one = "{\"id\": \"a\", \"question\": \"Why?\", \"text\": \"So.\", \"course\": \"x\"}";
    String two = "{\"_id\": 7, \"title\": \"T\", \"body\": \"B\", \"tags\": [\"p\", 2, true]}";
    List<SourceDocument> expected =
        List.of(
            new SourceDocument("a", "Why?", "So.", Map.of("course", List.of("x"))),
            new SourceDocument("7", "T", "B", Map.of("tags", List.of("p", "2", "true"))));

    assertEquals(expected, documents(DEFAULT, file("a.json", "[" + one + ",\n" + two + "]")));
    assertEquals(expected, documents(DEFAULT, file("b.jsonl", one + "\r\n\n" + two)));
    assertEquals(expected, documents(DEFAULT, file("c.json", one + "\n" + two + "\n")));
    assertEquals(expected, documents(DEFAULT, file("d.data", "\uFEFF [" + one + "," + two + "]")));
    assertEquals(expected, documents(DEFAULT, file("e", "\uFEFF" + one + "\n" + two)));
  }

  @Test
  void beirMetadataIsFlattenedOneLevel() throws IOException {
    file(
        "scifact/corpus.jsonl",
        "{\"_id\": \"1\", \"title\": \"\", \"text\": \"t\","
            + " \"metadata\": {\"url\": \"u\", \"year\": 1.50, \"deep\": {\"x\": \"y\"}}}");

    assertEquals(
        List.of(
            new SourceDocument(
                "1",
                "",
                "t",
                Map.of("metadata.url", List.of("u"), "metadata.year", List.of("1.50")))),
        documents(DEFAULT, folder.resolve("scifact").toString()));
  }

  @Test
  void documentsOfACourseHaveTheFieldsOfTheCourse() throws IOException {
    String faq =
        """
        [{"course": "c1", "term": 2024, "documents": [
            {"text": "t1", "section": "s", "question": "q1"},
            {"text": "t2", "section": "s", "question": "q2", "term": 2025},
            "stray"]},
         {"course": "c2", "documents": []},
         {"course": "c3", "documents": [{"text": "t1", "section": "s", "question": "q1"}]}]
        """;
    List<CorpusRecord> records = records(DEFAULT, file("faq.json", faq));

    assertEquals("!4: a record must be a JSON object, got: a string", outcome(records.get(2)));
    Document first = (Document) records.get(0);
    assertTrue(first.derivedId());
    assertEquals(2, first.location().line());
    assertEquals("q1", first.document().title());
    assertEquals(
        Map.of("course", List.of("c1"), "term", List.of("2024"), "section", List.of("s")),
        first.document().keywords());
    assertEquals(List.of("2025"), ((Document) records.get(1)).document().keywords().get("term"));
    assertEquals(4, records.stream().map(CorpusFixture::outcome).distinct().count());
  }

  @Test
  void fieldsAfterTheDocumentsAreRefused() throws IOException {
    String input = file("faq.json", "[{\"documents\": [{\"text\": \"t\"}], \"course\": \"c\"}]");
    try (CorpusReader reader = CorpusReader.open(List.of(input), DEFAULT)) {
      reader.next();
      String message = failure(reader::hasNext);
      assertTrue(message.contains("\"course\" comes after \"documents\""), message);
    }
  }

  @Test
  void derivedIdsDependOnTheContentAlone() throws IOException {
    String id = outcomes(DEFAULT, file("a.json", "[{\"text\": \"t\", \"x\": \"1\"}]")).get(0);
    // Worked out with another program from the fields in order: lengths, bytes, counts.
    assertEquals("7f8bd2c41d39fada", id);
    assertEquals(
        List.of(id, id),
        outcomes(
            DEFAULT.withKeywordFields(List.of("x")),
            file(
                "b.jsonl", "{\"x\":1,\"text\":\"t\"}\n{\"text\":\"t\", \"x\":\"1\", \"y\":null}")));
    assertNotEquals(id, outcomes(DEFAULT, file("c.json", "[{\"text\":\"t1\",\"x\":\"\"}]")).get(0));
  }

  @Test
  void recordsWithoutIdAreRejectedOnceAnotherHasOne() throws IOException {
    assertEquals(
        List.of("!1: no id: there is no field id or _id or doc_id", "b", "!3: the id is blank"),
        outcomes(
            DEFAULT,
            file(
                "a.jsonl",
                """
                {"text": "t"}
                {"text": "t", "id": "b"}
                {"text": "t", "id": " "}
                """)));
  }

  @Test
  void badRecordsAreRejectedAndTheOthersRead() throws IOException {
    String half = "\\ud83d";
    assertEquals(
        List.of(
            "1",
            "!2: malformed JSON at column 8: Unexpected character (',' (code 44)): expected a valid"
                + " value (JSON String, Number, Array, Object or token 'null', 'true' or 'false')",
            "!3: a line must hold one JSON object, got: an array",
            "!4: something follows the JSON object on its line",
            "!5: no text: there is no field text or body or content or answer or"
                + " description or abstract or summary",
            "!6: the text is only white space",
            "!7: the text is empty",
            "8",
            "!9: field \"text\" must be a string to be the text, got an array",
            "!10: field \"id\" must be a string to be the id, got nested objects or arrays",
            "!11: field \"text\" occurs twice",
            "!12: field \"text\" holds half a surrogate pair at character 1",
            "!14: a line must hold one JSON object, got: a number",
            "15"),
        outcomes(
            DEFAULT,
            file(
                "a.jsonl",
                String.format(
                    Locale.ROOT,
                    """
                {"id":1,"text":"t"}
                {"id": , "text":"t"}
                [1]
                {"id":4,"text":"t"} {}
                {"id":5,"title":"t"}
                {"id":6,"title":"t","text":" \\n"}
                {"id":7,"text":""}
                {"id":8,"title":"t","text":""}
                {"id":9,"text":["t"]}
                {"id":[[]],"text":"t"}
                {"id":11,"text":"t","text":"u"}
                {"id":12,"text":"t%s"}

                14
                {"id":15,"text":"t%s\\ude00","control":"\\u0000\\u001b"}
                """,
                    half,
                    half))));
  }

  @Test
  void malformedArrayEndsReadingAfterTheGoodRecords() throws IOException {
    String input = file("a.json", "[{\"id\":1,\"text\":\"t\"},\n {\"id\":2,\"text\":]");
    String other = file("b.json", "[{\"id\":3,\"text\":\"t\"}]");
    try (CorpusReader reader = CorpusReader.open(List.of(input, other), DEFAULT)) {
      assertEquals("1", outcome(reader.next()));
      String message = failure(reader::hasNext);
      assertTrue(message.startsWith(input + ":2:17: malformed JSON: Unexpected char"), message);
      assertFalse(reader.hasNext());
    }
  }

  @Test
  void truncatedAndTrailedArraysAreMalformed() throws IOException {
    for (String tail : List.of("", ",", "] x", "] []")) {
      String input = file("a.json", "[{\"id\":1,\"text\":\"t\"}" + tail);
      try (CorpusReader reader = CorpusReader.open(List.of(input), DEFAULT)) {
        reader.next();
        String message = failure(reader::hasNext);
        assertTrue(message.contains(".json:1:"), message);
      }
    }
  }

  @Test
  void invalidUtf8IsReportedWithItsPlace() throws IOException {
    ByteArrayOutputStream lines = new ByteArrayOutputStream();
    lines.writeBytes(
        "{\"id\":1,\"text\":\"\u00e4\"}\n{\"id\":2,\"text\":\"".getBytes(StandardCharsets.UTF_8));
    lines.write(0xE4);
    lines.writeBytes("\"}\n{\"id\":3,\"text\":\"t\"}\n".getBytes(StandardCharsets.UTF_8));

    assertEquals(
        List.of("1", "!2: invalid UTF-8 at byte 16 of the line", "3"),
        outcomes(DEFAULT, file("a.jsonl", lines.toByteArray())));

    String json = file("a.json", lines.toByteArray());
    try (CorpusReader reader = CorpusReader.open(List.of(json), DEFAULT)) {
      String message = failure(() -> reader.forEachRemaining(record -> {}));
      assertEquals(
          json + " cannot be read further: invalid UTF-8 in line 2, at byte 37 of the file",
          message);
    }
  }

  @Test
  void fiveMegabyteDocumentIsWhole() throws IOException {
    String text = "caf\u00e9 \ud83d\ude00 ".repeat(700_000);
    String record = "{\"id\":\"big\",\"text\":\"" + text + "\"}";
    assertEquals(text, documents(DEFAULT, file("a.jsonl", record)).get(0).text());
    assertEquals(text, documents(DEFAULT, file("a.json", "[" + record + "]")).get(0).text());
  }

  @Test
  void linesBeyondTheBoundAreRejectedAlone() throws IOException {
    String text = "x".repeat(StrictUtf8Reader.LONGEST_RECORD);
    assertEquals(
        List.of("!1: the line is longer than 33554432 bytes", "2"),
        outcomes(
            DEFAULT,
            file("a.jsonl", "{\"id\":1,\"text\":\"" + text + "\"}\n{\"id\":2,\"text\":\"t\"}")));
  }

  @Test
  void valuesBeyondALimitCostTheirRecordOnly() throws IOException {
    String deep = "values must be nested at most 500 deep; some are deeper";
    String number = "a number must have at most 1000 characters, got: 1001";
    String name = "the name of a field must have at most 50000 characters, got: 50001";
    assertEquals(List.of("!1: " + deep, "ok"), outcomes(DEFAULT, example("d501.jsonl")));
    assertEquals(List.of("!1: " + number, "ok"), outcomes(DEFAULT, example("num1001.jsonl")));
    String long1 = "{\"id\":\"1\",\"text\":\"n\",\"" + "k".repeat(50_001) + "\":1}";
    String good = "{\"id\":\"2\",\"text\":\"good\"}";
    assertEquals(
        List.of("!1: " + name, "2"), outcomes(DEFAULT, file("name.jsonl", long1 + "\n" + good)));
    assertEquals(
        List.of("!1: " + name, "2"),
        outcomes(DEFAULT, file("n.json", "[" + long1 + "," + good + "]")));
    assertEquals(List.of("!1: " + deep, "ok"), outcomes(DEFAULT, example("deep.json")));
    assertEquals(List.of("!1: " + number, "ok"), outcomes(DEFAULT, example("num1001.json")));
    String nested = "{\"id\":1,\"text\":\"t\",\"x\":%s}";
    for (int depth : new int[] {499, 500}) {
      String arrays = String.format(Locale.ROOT, nested, "[".repeat(depth) + "]".repeat(depth));
      String objects =
          String.format(Locale.ROOT, nested, "{\"a\":".repeat(depth) + "1" + "}".repeat(depth));
      List<String> expected = List.of(depth == 499 ? "1" : "!1: " + deep);
      assertEquals(expected, outcomes(DEFAULT, file("a.jsonl", arrays)));
      assertEquals(expected, outcomes(DEFAULT, file("a.json", "[" + arrays + "]")));
      assertEquals(expected, outcomes(DEFAULT, file("o.json", "[" + objects + "]")));
    }
    String many = String.format(Locale.ROOT, nested, "[" + "1,".repeat(1_000_000) + "1]");
    assertEquals(
        List.of("!1: a record must have at most 1000000 values", "2"),
        outcomes(DEFAULT, file("many.json", "[" + many + "," + good + "]")));
  }

  @Test
  void deeperThanAnyParserGoesEndsInAWord() throws IOException {
    String line = "{\"id\":1,\"text\":\"t\",\"x\":" + "[".repeat(1_100_000);
    String good = "{\"id\":\"2\",\"text\":\"good\"}";
    List<String> outcomes = outcomes(DEFAULT, file("a.jsonl", line + "\n" + good));
    assertTrue(outcomes.get(0).startsWith("!1: malformed JSON at column 1"), outcomes.get(0));
    assertEquals("2", outcomes.get(1));
    String array = file("a.json", "[\n" + line);
    String message = failure(() -> records(DEFAULT, array));
    assertTrue(message.startsWith(array + ":2:"), message);
  }

  @Test
  void whatAParserSaysCanBeActedOn() throws IOException {
    assertEquals(
        List.of(
            "!1: malformed JSON at column 49: NaN is no value in JSON; write null, or leave the"
                + " field out",
            "2"),
        outcomes(DEFAULT, example("nan.jsonl")));
    List<String> pretty = outcomes(DEFAULT, example("pretty.jsonl"));
    assertEquals(8, pretty.size());
    assertTrue(
        pretty.get(0).contains("expected close marker for Object; JSON Lines"), pretty.get(0));
    assertTrue(
        pretty.get(0).endsWith("call a file .json whose objects go over several"), pretty.get(0));
    String[] oddities = {
      "{\"id\":1,\"text\":\"t\",\"x\":%s}",
      "-Infinity",
      "+1",
      "01",
      "1.",
      ".5",
      "0x1",
      "'a'",
      "/*c*/1",
      "#c",
      "\"\\x\"",
      "\"\t\"",
      "undefined",
      "True",
      "[1,]",
      "{a:1}",
      "{\"a\":1,}",
      "1}}",
      "\u00a01"
    };
    for (int i = 1; i < oddities.length; i++) {
      String outcome =
          outcomes(DEFAULT, file("a.jsonl", String.format(Locale.ROOT, oddities[0], oddities[i])))
              .get(0);
      assertTrue(outcome.startsWith("!1: "), oddities[i] + " " + outcome);
      assertFalse(
          outcome.matches("(?s).*(Feature|ALLOW_|enable|JsonRead|Source|UNKNOWN|marker at|\\n).*"),
          outcome);
    }
  }

  @Test
  void recordsWithinAnObjectAreHintedAt() throws IOException {
    String hint =
        "; if the objects in field \"items\" are the records, give that array alone, or call the"
            + " field \"documents\"";
    String wrapped = example("wrapped.json");
    String message = failure(() -> CorpusReader.open(List.of(wrapped), DEFAULT).close());
    assertTrue(message.endsWith("name one of those there are: items, total" + hint), message);
    String both = file("b.json", "[{\"id\":1,\"text\":\"t\"},{\"items\":[{}]}]");
    assertTrue(outcomes(DEFAULT.withIdField("id"), both).get(1).startsWith("!1: no id"), both);
    String second = file("c.json", "[{\"id\":1,\"text\":\"t\"},{\"id\":2,\"items\":[{}]}]");
    assertTrue(outcomes(DEFAULT, second).get(1).endsWith(hint), second);
  }

  @Test
  void fieldsWithoutANameAreNoKeywords() throws IOException {
    assertEquals(
        List.of(new SourceDocument("1", "", "t", Map.of("k", List.of("v")))),
        documents(
            DEFAULT, file("a.json", "[{\"id\":1,\"text\":\"t\",\"\":\"x\",\" \":2,\"k\":\"v\"}]")));
  }

  @Test
  void idsMustFitIntoATerm() throws IOException {
    String line = "{\"id\":\"%s\",\"text\":\"t\"}\n";
    assertEquals(
        List.of(
            "x".repeat(32_766),
            "!2: the id must be at most 32766 bytes of UTF-8, got: 32767",
            "!3: the id must be at most 32766 bytes of UTF-8, got: 45000"),
        outcomes(
            DEFAULT,
            file(
                "a.jsonl",
                String.format(Locale.ROOT, line, "x".repeat(32_766))
                    + String.format(Locale.ROOT, line, "x".repeat(32_767))
                    + String.format(Locale.ROOT, line, "\u00e4".repeat(22_500)))));
  }
}
