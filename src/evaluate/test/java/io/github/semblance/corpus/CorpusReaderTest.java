package io.github.semblance.corpus;

import static io.github.semblance.corpus.FieldMapping.DEFAULT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.semblance.corpus.CorpusRecord.Document;
import io.github.semblance.index.SourceDocument;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CorpusReaderTest extends CorpusFixture {

  private static final String RECORD =
      "{\"key\":\"k\",\"head\":\"h\",\"story\":\"s\",\"id\":\"i\",\"lang\":\"en\",\"tags\":[]}";

  private static String openFails(FieldMapping mapping, String... inputs) {
    return failure(() -> CorpusReader.open(List.of(inputs), mapping).close());
  }

  @Test
  void namedFieldsReplaceTheDefaults() throws IOException {
    FieldMapping mapping =
        DEFAULT
            .withIdField("key")
            .withTitleField("head")
            .withTextField("story")
            .withKeywordFields(List.of("lang", "tags"));
    assertEquals(
        List.of(new SourceDocument("k", "h", "s", Map.of("lang", List.of("en")))),
        documents(mapping, file("a.jsonl", RECORD)));
  }

  @Test
  void severalTextFieldsAreJoined() throws IOException {
    FieldMapping mapping = DEFAULT.withTextFields(List.of("summary", "DETAILS"));
    String input =
        file(
            "a.jsonl",
            """
            {"id":1,"Summary":"Short.","details":"Long.","text":"not asked for"}
            {"id":2,"details":" ","summary":"Short."}
            {"id":3,"details":"Long."}
            {"id":4,"details":""}
            """);
    assertEquals(
        List.of(
            new SourceDocument(
                "1", "", "Short.\n\nLong.", Map.of("text", List.of("not asked for"))),
            new SourceDocument("2", "", "Short.", Map.of()),
            new SourceDocument("3", "", "Long.", Map.of())),
        documents(
            mapping, file("b.jsonl", Files.readString(Path.of(input)).replaceAll("\\{.*4.*", ""))));
    assertEquals(List.of("1", "2", "3", "!4: the text is empty"), outcomes(mapping, input));
    assertEquals(
        "no record of the input has the field nope; name one of those there are: Summary, details,"
            + " id, summary, text",
        openFails(DEFAULT.withTextFields(List.of("summary", "nope")), input));
  }

  @Test
  void fieldsOfCataloguesAreKnown() throws IOException {
    assertEquals(
        List.of(
            new SourceDocument("1", "curl", "Transfers files.", Map.of()),
            new SourceDocument("2", "Fusion", "We fuse.", Map.of("name", List.of("n")))),
        documents(
            DEFAULT,
            file(
                "a.jsonl",
                """
                {"id":1,"Name":"curl","Description":"Transfers files."}
                {"id":2,"title":"Fusion","name":"n","abstract":"We fuse."}
                """)));
  }

  @Test
  void fieldsThatNoRecordHasAreReportedBeforeTheFirstDocument() throws IOException {
    String input = file("a.jsonl", RECORD + "\n" + RECORD);
    FieldMapping story = DEFAULT.withTextField("story");
    String there = "; name one of those there are: head, id, key, lang, story, tags";
    for (FieldMapping mapping :
        List.of(
            DEFAULT.withTextField("nope"),
            story.withIdField("nope"),
            story.withTitleField("nope"),
            story.withKeywordFields(List.of("lang", "nope")))) {
      assertEquals("no record of the input has the field nope" + there, openFails(mapping, input));
    }
    assertEquals(
        "no record of the input has the field text or body or content or answer or description or"
            + " abstract or summary"
            + there,
        openFails(DEFAULT, input));
  }

  @Test
  void fieldsMayOccurInALaterFile() throws IOException {
    String first = file("a.jsonl", "{\"id\":1,\"text\":\"t\"}\n{\"text\":\"t\"}");
    String second = file("b.jsonl", "{\"id\":2,\"text\":\"t\"}\n{\"id\":3,\"text\":\"t\",\"x\":1}");
    assertEquals(
        List.of("1", "!2: no id: there is no field id or _id or doc_id", "2", "3"),
        outcomes(DEFAULT.withKeywordFields(List.of("x")), first, second));
  }

  @Test
  void idsAreDerivedForEachFileOnItsOwn() throws IOException {
    String first = file("a.jsonl", "{\"text\":\"t\"}");
    String second = file("b.jsonl", "{\"id\":2,\"text\":\"t\"}\n{\"text\":\"t\"}");
    List<CorpusRecord> records = records(DEFAULT, first, second);
    assertTrue(((Document) records.get(0)).derivedId());
    assertFalse(((Document) records.get(1)).derivedId());
    assertTrue(outcome(records.get(2)).startsWith("!2: no id"));
    assertEquals(
        first + ":1", records.get(0).location().toString(), "a location reads as file:line");
  }

  @Test
  void longOrBrokenStringsAreKeywordsOnlyWhenNamed() throws IOException {
    String input =
        file(
            "a.jsonl",
            String.format(
                Locale.ROOT,
                "{\"id\":1,\"text\":\"t\",\"long\":\"%s\",\"lines\":\"a\\nb\",\"short\":\"%s\"}",
                "x".repeat(257),
                "x".repeat(256)));
    assertEquals(Set.of("short"), documents(DEFAULT, input).get(0).keywords().keySet());
    assertEquals(
        List.of("long", "lines"),
        List.copyOf(
            documents(DEFAULT.withKeywordFields(List.of("long", "lines")), input)
                .get(0)
                .keywords()
                .keySet()));
  }

  @Test
  void namedKeywordsMustFitAndBePlain() throws IOException {
    String input =
        file(
            "a.jsonl",
            String.format(
                Locale.ROOT,
                "{\"id\":1,\"text\":\"t\",\"k\":\"%s\"}\n{\"id\":2,\"text\":\"t\",\"k\":[{}]}",
                "x".repeat(8192)));
    assertEquals(
        List.of(
            "!1: field \"k\" must have at most 8191 characters to be a keyword, got: 8192",
            "!2: field \"k\" cannot be a keyword, it holds nested objects or arrays"),
        outcomes(DEFAULT.withKeywordFields(List.of("k")), input));
  }

  @Test
  void missingEmptyAndUnknownInputsFailAtOnce() throws IOException {
    String good = file("good.jsonl", "{\"id\":1,\"text\":\"t\"}");
    String missing = folder.resolve("none.json").toString();
    assertEquals(missing + " does not exist", openFails(DEFAULT, good, missing));
    for (String name : List.of("a.json", "b.jsonl", "c", "d.csv", "e.tsv")) {
      String input = file(name, " \n");
      assertTrue(openFails(DEFAULT, input).startsWith(input + ": the file is empty"), name);
    }
    assertTrue(openFails(DEFAULT, file("a.docx", "PK")).contains("has no format"));
    Files.createDirectory(folder.resolve("bare"));
    assertTrue(openFails(DEFAULT, folder.resolve("bare").toString()).contains("neither"));
    assertThrows(IllegalArgumentException.class, () -> CorpusReader.open(List.of(), DEFAULT));
  }

  @Test
  void emptyArrayHasNoDocuments() throws IOException {
    String input = file("a.json", "[]");
    try (CorpusReader reader =
        CorpusReader.open(List.of(input), DEFAULT.withKeywordFields(List.of("x")))) {
      assertFalse(reader.hasNext());
      assertThrows(NoSuchElementException.class, reader::next);
    }
  }

  @Test
  void standardInputIsReadAsLines() {
    byte[] lines = "{\"id\":1,\"text\":\"t\"}\nbad\n".getBytes(StandardCharsets.UTF_8);
    try (CorpusReader reader =
        CorpusReader.open(List.of("-"), DEFAULT, null, new ByteArrayInputStream(lines))) {
      assertEquals("1", outcome(reader.next()));
      assertEquals("standard input:2", reader.next().location().toString());
      assertFalse(reader.hasNext());
    }
  }

  @Test
  void readsHardlyFurtherThanTheRecordAskedFor() throws IOException {
    String object = String.format(Locale.ROOT, "{\"id\":1,\"text\":\"%s\"}\n", "x".repeat(40_000));
    Repeated lines = new Repeated(object, 1L << 40);
    Repeated objects = new Repeated(object, 1L << 40);
    Repeated rows = new Repeated("id,text\n" + ("1," + "x".repeat(80_000) + "\n"), 1L << 40);
    try (RecordStream first = new JsonLineRecords("lines", lines);
        RecordStream second = new JsonRecords("objects", objects);
        RecordStream third = new CsvRecords("rows", rows, ',')) {
      for (int i = 0; i < 1000; i++) {
        assertNotNull(first.next());
        assertNotNull(second.next());
        assertNotNull(third.next());
      }
    }
    for (Repeated input : List.of(lines, objects, rows)) {
      assertTrue(input.position() < 1000L * object.length() + (1 << 17), "" + input.position());
    }
  }

  @Test
  void courseFaq() {
    Path faq = Path.of("../shared/data/faq/documents-with-ids.json");
    assumeTrue(Files.exists(faq), "the FAQ is not here: " + faq);
    List<SourceDocument> documents = documents(DEFAULT, faq.toString());
    assertEquals(948, documents.size());
    for (SourceDocument document : documents) {
      assertEquals(Set.of("course", "section"), document.keywords().keySet(), document.id());
    }
    assertEquals("c02e79ef", documents.get(0).id());
    assertEquals("Course - When will the course start?", documents.get(0).title());
  }

  @Test
  void scifact() {
    Path scifact = Path.of("../shared/data/scifact");
    assumeTrue(Files.exists(scifact), "SciFact is not here: " + scifact);
    List<SourceDocument> documents = documents(DEFAULT, scifact.toString());
    assertEquals(5183, documents.size());
    assertEquals("4983", documents.get(0).id());
    assertTrue(documents.stream().allMatch(document -> document.keywords().isEmpty()));
  }
}
