package io.github.semblance.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.semblance.embed.BagOfWordsEmbedder;
import io.github.semblance.index.IndexManifest;
import io.github.semblance.index.SemanticIndexWriter;
import io.github.semblance.index.SemanticIndexWriterConfig;
import io.github.semblance.search.SemanticSearcher;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.lucene.document.Document;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.IndexWriterConfig.OpenMode;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.store.Lock;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

@SuppressWarnings("NullAway.Init") // set before all tests and before each
final class IndexCommandTest {
  private static final String GOOD = "{\"id\":\"a\",\"text\":\"good\"}\n";

  private static String model;

  @TempDir private Path folder;
  private Path input;
  private Path index;

  @BeforeAll
  static void writeModel(@TempDir Path models) throws IOException {
    model = TinyModel.write(models.resolve("tiny"), 1);
  }

  @BeforeEach
  void names() {
    input = folder.resolve("in.jsonl");
    index = folder.resolve("index");
  }

  private Run index(String... options) {
    return index(input, options);
  }

  private Run index(Path file, String... options) {
    List<String> arguments = new ArrayList<>();
    arguments.addAll(List.of("index", file.toString(), "--index", index.toString()));
    arguments.addAll(List.of(options));
    if (!arguments.contains("--model")) {
      arguments.addAll(List.of("--model", model));
    }
    return Run.of(arguments.toArray(String[]::new));
  }

  private Run write(String content, String... options) throws IOException {
    Files.writeString(input, content);
    return index(input, options);
  }

  /** The ids of the documents that hold the word, without a model. */
  private List<String> find(String word) {
    JsonNode found =
        Run.of("search", word, "--index", index.toString(), "--mode", "bm25", "--json")
            .succeeds()
            .json();
    return found.get("hits").valueStream().map(hit -> hit.get("id").asString()).toList();
  }

  /** An index of one document that no failure may lose. */
  private void indexKept() throws IOException {
    write("{\"id\":\"kept\",\"text\":\"kept\"}\n").succeeds();
  }

  private void assertKept() {
    assertEquals(List.of("kept"), find("kept"));
  }

  @Test
  void tellsWhatItDid() throws IOException {
    Run run = write(GOOD + "{\"id\":\"b\",\"text\":\"better\"}\n", "--json");
    assertEquals(0, run.code());
    JsonNode json = run.json();
    assertTrue(
        Set.copyOf(json.propertyNames())
            .containsAll(
                Set.of(
                    "documents",
                    "passages",
                    "tokens",
                    "embedded",
                    "reused",
                    "skipped",
                    "seconds",
                    "tokens_per_second",
                    "bytes")));
    assertEquals(2, json.get("documents").asInt());
    assertEquals(2, json.get("passages").asInt());
    assertEquals(2, json.get("embedded").asInt());
    assertEquals(0, json.get("reused").asInt());
    assertEquals(0, json.get("skipped").asInt());
    assertEquals(4 + 2 + 6 + 2, json.get("tokens").asInt());
    assertTrue(json.get("bytes").asLong() > 1000);
    assertTrue(json.get("seconds").isNumber() && json.get("tokens_per_second").isNumber());
    Run text = index("--update").succeeds();
    assertTrue(
        text.out()
            .matches(
                "(?s)Updated .*index in [0-9.]+ s: 0 documents added, 0 updated, 2 unchanged, 0"
                    + " deleted; it holds .*"),
        text.out());
  }

  @Test
  void missingFile() {
    index(folder.resolve("nosuch.json")).fails(1, "nosuch.json", "does not exist");
  }

  @Test
  void unreadableFile() throws IOException {
    Files.writeString(input, GOOD);
    assumeFalse(
        input.toFile().setReadable(false) && Files.isReadable(input),
        "this user may read every file");
    index().fails(1, "in.jsonl", "may not be read");
  }

  @Test
  void emptyFile() throws IOException {
    write("").fails(1, "in.jsonl: the file is empty");
  }

  @Test
  void noDocuments() throws IOException {
    indexKept();
    Path empty = Files.writeString(folder.resolve("empty.json"), "[]");
    index(empty).fails(1, "no document", "is as it was");
    assertKept();
    index(empty, "--update", "--json").succeeds();
    assertKept();
  }

  @Test
  void malformedLine() throws IOException {
    Run run = write(GOOD + "{\"id\":\n{\"id\":\"c\",\"text\":\"good\"}\n", "--json");
    assertEquals(1, run.code());
    assertEquals(2, run.json().get("documents").asInt());
    assertEquals(1, run.json().get("skipped").asInt());
    assertTrue(run.messages().get(0).startsWith("semblance: left out "), run.err());
    assertTrue(run.messages().get(0).contains("in.jsonl:2"), run.err());
    assertEquals(
        "semblance: 1 record was left out; with --skip-bad that is no failure",
        run.messages().get(1));
    assertEquals(List.of("a", "c"), find("good"));
  }

  @Test
  void malformedArrayKeepsWhatCameBefore() throws IOException {
    Path file = folder.resolve("in.json");
    Files.writeString(file, "[{\"id\":\"a\",\"text\":\"good\"},\n{\"id\":\"b\",\n\"text\" 1}]");
    index(file, "--json")
        .fails(1, "in.json:3", "malformed JSON", "1 document before that: in " + index);
    assertEquals(List.of("a"), find("good"));
  }

  @Test
  void malformedArrayDoesNotReplaceAnIndex() throws IOException {
    indexKept();
    Path file = folder.resolve("in.json");
    Files.writeString(file, "[{\"id\":\"a\",\"text\":\"good\"},\n{\"id\":\"b\",\n\"text\" 1}]");
    index(file).fails(1, "in.json:3", index + " is as it was");
    assertKept();
    assertEquals(List.of(), find("good"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"id\":\"b\"}",
        "{\"text\":\"no id\"}",
        "{\"id\":\" \",\"text\":\"blank id\"}",
        "{\"id\":\"b\",\"text\":\" \\t\\n\"}",
        "{\"id\":\"b\",\"text\":[1]}",
        "[]",
      })
  void badRecordsAreLeftOut(String bad) throws IOException {
    Run run = write(GOOD + bad + "\n", "--json");
    assertEquals(1, run.code(), run.err());
    assertEquals(2, run.messages().size(), run.err());
    assertTrue(run.messages().get(0).contains("in.jsonl:2: "), run.err());
    assertEquals(1, run.json().get("documents").asInt());
    assertEquals(1, run.json().get("skipped").asInt());
    assertEquals(List.of("a"), find("good"));
    Run skipping = index("--skip-bad", "--json");
    assertEquals(0, skipping.code());
    assertEquals(1, skipping.json().get("skipped").asInt());
  }

  @Test
  void manyBadRecordsAreCounted() throws IOException {
    Run run = write(GOOD + "{}\n".repeat(100));
    assertEquals(1, run.code());
    assertEquals(20 + 2, run.messages().size(), run.err());
    assertTrue(run.messages().get(21).startsWith("semblance: 100 records were left out"));
  }

  @Test
  void theLastOfTwoDocumentsWithOneIdWins() throws IOException {
    Run run = write(GOOD + "{\"id\":\"a\",\"text\":\"better\"}\n", "--json");
    assertEquals(0, run.code());
    assertEquals(1, run.json().get("duplicates").asInt());
    assertEquals(
        "semblance: " + input + ":2: id \"a\" was there before; the last document is kept",
        run.messages().get(0));
    assertEquals(List.of(), find("good"));
    assertEquals(List.of("a"), find("better"));
    assertTrue(index().out().contains("Duplicate ids: 1"));
  }

  @Test
  void invalidUtf8() throws IOException {
    Files.write(
        input,
        (GOOD + "{\"id\":\"b\",\"text\":\"\u00e9\"}\n").getBytes(StandardCharsets.ISO_8859_1));
    Run run = index();
    assertEquals(1, run.code());
    assertTrue(run.messages().get(0).contains("in.jsonl:2: invalid UTF-8"), run.err());
    assertEquals(List.of("a"), find("good"));
  }

  @Test
  void documentOfFiveMegabytes() throws IOException {
    String text =
        (TinyModel.WORD + " ").repeat(5_000_000 / (TinyModel.WORD.length() + 1)) + "treasure";
    Run run = write("{\"id\":\"long\",\"text\":\"" + text + "\"}\n", "--json").succeeds();
    assertEquals(1, run.json().get("documents").asInt());
    assertTrue(run.json().get("passages").asInt() > 100);
    assertEquals(List.of("long"), find("treasure"));
  }

  @Test
  void recordsWithoutIdsGetSome() throws IOException {
    Run run = write("{\"text\":\"good\"}\n", "--json");
    assertEquals(0, run.code());
    assertEquals(
        List.of("semblance: no record has an id; ids were made from the content of each"),
        run.messages());
  }

  @Test
  void unknownNames() throws IOException {
    Files.writeString(input, GOOD);
    index("--text-field", "nosuch").fails(2, "nosuch", "id, text");
    index("--id-field", "nosuch").fails(2, "nosuch", "id, text");
    index("--keyword-field", "nosuch").fails(2, "nosuch", "id, text");
    index("--analyzer", "nosuch").fails(2, "nosuch", "english", "wordpiece");
    index("--quantize", "nosuch").fails(2, "--quantize", "nosuch");
    index("--precision", "nosuch").fails(2, "--precision", "nosuch");
    index("--threads", "-1").fails(2, "--threads", "-1");
    index("--threads", "many").fails(2, "--threads", "many");
    assertFalse(Files.exists(index));
    index("--model", "nosuch").fails(2, "nosuch", "all-MiniLM-L6-v2");
  }

  @ParameterizedTest
  @ValueSource(strings = {"wordpiece", "whitespace", "French"})
  void analyzerByName(String name) throws IOException {
    write(GOOD, "--analyzer", name).succeeds();
    Run.of("search", "good", "--index", index.toString(), "--model", model, "--mode", "bm25")
        .succeeds();
    index("--update", "--analyzer", "german").fails(1, name.toLowerCase(Locale.ROOT), "german");
  }

  @Test
  void updateAddsAndReplaces() throws IOException {
    indexKept();
    write(GOOD, "--update").succeeds();
    assertKept();
    assertEquals(List.of("a"), find("good"));
    write("{\"id\":\"a\",\"text\":\"better\"}", "--update").succeeds();
    assertEquals(List.of(), find("good"));
    write(GOOD).succeeds();
    assertEquals(List.of(), find("kept"));
  }

  @Test
  void updateEmbedsWhatIsNew() throws IOException {
    write(GOOD + "{\"id\":\"b\",\"text\":\"better\"}\n").succeeds();
    JsonNode again = index("--update", "--json").succeeds().json();
    assertEquals(
        List.of(2, 2, 0, 2, 2, 0, 0),
        Stream.of("documents", "passages", "embedded", "reused", "unchanged", "tokens", "deleted")
            .map(name -> again.get(name).asInt())
            .toList());
    JsonNode changed =
        write(GOOD + "{\"id\":\"b\",\"text\":\"best\"}\n", "--update", "--json").succeeds().json();
    assertEquals(1, changed.get("embedded").asInt());
    assertEquals(1, changed.get("reused").asInt());
    assertEquals(4 + 2, changed.get("tokens").asInt());
    assertEquals(List.of("b"), find("best"));
    assertTrue(
        index("--update")
            .succeeds()
            .out()
            .contains("Passages whose vectors were there already: 2"));
  }

  @Test
  void updatesTellWhatBecameOfDocuments() throws IOException {
    String b = "{\"id\":\"b\",\"text\":\"better\"}\n";
    String twice = "{\"id\":\"c\",\"text\":\"first\"}\n{\"id\":\"c\",\"text\":\"second\"}\n";
    JsonNode first = write(GOOD + b + "{\"id\":\"d\",\"text\":\"d\"}", "--json").json();
    assertEquals(3, first.get("added").asInt());
    assertEquals(0, first.get("updated").asInt());
    JsonNode next =
        write(GOOD + b.replace("better", "best") + twice, "--update", "--prune", "--json").json();
    assertEquals(
        List.of(1, 1, 1, 1, 1, 4),
        Stream.of("added", "updated", "unchanged", "deleted", "duplicates", "documents")
            .map(name -> next.get(name).asInt())
            .toList());
    // Other keywords change no vector.
    JsonNode keywords =
        write("{\"id\":\"a\",\"text\":\"good\",\"k\":\"x\"}", "--update", "--json").json();
    assertEquals(1, keywords.get("updated").asInt());
    assertEquals(1, keywords.get("reused").asInt());
  }

  @Test
  void pruneDeletesWhatTheInputNoLongerHas() throws IOException {
    indexKept();
    write(GOOD, "--prune").fails(2, "--prune", "--update");
    assertKept();
    JsonNode json = write(GOOD, "--update", "--prune", "--json").succeeds().json();
    assertEquals(1, json.get("deleted").asInt());
    assertEquals(1, json.get("documents").asInt());
    assertEquals(List.of(), find("kept"));
    assertEquals(List.of("a"), find("good"));
  }

  @Test
  void nothingIsPrunedWhenRecordsAreLeftOut() throws IOException {
    indexKept();
    Run run = write(GOOD + "{\"id\":\n", "--update", "--prune", "--json");
    assertEquals(1, run.code());
    assertEquals(0, run.json().get("deleted").asInt());
    assertTrue(run.err().contains("nothing is pruned"), run.err());
    assertKept();
    Run skipping = index("--update", "--prune", "--skip-bad", "--json");
    assertEquals(0, skipping.code());
    assertEquals(0, skipping.json().get("deleted").asInt());
    assertTrue(skipping.err().contains("nothing is pruned"), skipping.err());
    assertKept();
  }

  @Test
  void truncatesOnlyWhenAsked() throws IOException {
    String text = (TinyModel.WORD + " ").repeat(2000) + "treasure";
    String records = GOOD + "{\"id\":\"long\",\"text\":\"" + text + "\"}\n";
    JsonNode whole = write(records, "--json").succeeds().json();
    assertEquals(0, whole.get("truncated").asInt());
    assertTrue(whole.get("passages").asInt() > 2, whole.toString());
    JsonNode cut = index("--truncate", "--json").succeeds().json();
    assertEquals(1, cut.get("truncated").asInt());
    assertEquals(2, cut.get("passages").asInt());
    assertEquals(4 + 2 + 512, cut.get("tokens").asInt());
    assertEquals(List.of("long"), find("treasure"));
    String said = index("--truncate").succeeds().out();
    assertTrue(said.contains("Truncated documents: 1;"), said);
  }

  @Test
  void fullDisk() throws IOException, InterruptedException {
    assumeTrue(Files.exists(Path.of("/bin/bash")), "no shell limits the size of files here");
    indexKept();
    Path many = folder.resolve("many.jsonl");
    Random random = new Random(1);
    try (BufferedWriter writer = Files.newBufferedWriter(many)) {
      for (int i = 0; i < 3000; i++) {
        writer.write("{\"id\":\"" + i + "\",\"text\":\"a" + random.nextLong() + "\"}\n");
      }
    }
    Path messages = folder.resolve("messages");
    // Beyond the limit a write fails as on a full disk.
    ProcessBuilder process =
        new ProcessBuilder(
            "/bin/bash",
            "-c",
            "ulimit -f 64; exec \"$@\"",
            "limited",
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:-UsePerfData",
            "--enable-native-access=ALL-UNNAMED",
            Semblance.class.getName(),
            "index",
            many.toString(),
            "--update",
            "--index",
            index.toString(),
            "--model",
            model);
    process.environment().put("CLASSPATH", System.getProperty("java.class.path"));
    process.redirectError(messages.toFile()).redirectOutput(ProcessBuilder.Redirect.DISCARD);
    assertEquals(1, process.start().waitFor());
    List<String> said =
        Files.readAllLines(messages).stream()
            .filter(line -> line.startsWith("semblance: "))
            .toList();
    assertEquals(
        List.of(
            "semblance: writing to "
                + index
                + " failed: File too large; "
                + index
                + " is as it was"),
        said);
    assertKept();
    try (SemanticSearcher searcher = SemanticSearcher.openForKeywords(index)) {
      assertEquals(1, searcher.documents());
    }
  }

  @Test
  void lockedByAnotherWriter() throws IOException {
    indexKept();
    try (Directory directory = FSDirectory.open(index);
        Lock lock = directory.obtainLock(IndexWriter.WRITE_LOCK_NAME)) {
      lock.ensureValid();
      write(GOOD).fails(1, "locked by another writer", index.toString());
      assertKept();
    }
  }

  @Test
  void writtenByAnotherModel() throws IOException {
    try (SemanticIndexWriter writer =
        SemanticIndexWriter.open(
            index,
            new BagOfWordsEmbedder(),
            new SemanticIndexWriterConfig().setOpenMode(OpenMode.CREATE))) {
      writer.commit();
    }
    Files.writeString(input, GOOD);
    index("--update").fails(1, "\"bag-of-words\"", "\"" + model + "\"");
    index("--create").succeeds();
    assertEquals(model, IndexManifest.read(index).model().name());
  }

  @Test
  void folderThatCannotBe() throws IOException {
    Files.writeString(input, GOOD);
    index = input;
    index().fails(2, "in.jsonl", "is a file");
    index = input.resolve("below");
    index().fails(1, "below");
  }

  @Test
  void modelInARelativeFolderIsFoundFromElsewhere() throws IOException {
    Path here = Path.of("").toAbsolutePath();
    assumeTrue(here.getRoot().equals(Path.of(model).getRoot()), "no relative path leads there");
    write(GOOD, "--model", here.relativize(Path.of(model)).toString()).succeeds();
    assertEquals(model, IndexManifest.read(index).model().name());
  }

  @Test
  void aRecordThatBecameMalformedKeepsItsDocument() throws IOException {
    String two = GOOD + "{\"id\":\"b\",\"text\":\"good\"}\n";
    write(two).succeeds();
    write(two.replace("\"b\",", "\"b\""), "--update", "--prune", "--skip-bad");
    assertEquals(List.of("a", "b"), find("good").stream().sorted().toList());
  }

  @Test
  void filesOfOtherKindsAreCountedAndNamed() throws IOException {
    Path docs = Files.createDirectory(folder.resolve("docs"));
    Files.writeString(docs.resolve("WIFI.TXT"), "good");
    Files.writeString(docs.resolve("a.doc"), "x");
    Files.writeString(docs.resolve("b.DOC\u001b[2J"), "x");
    Run run = index(docs, "--json");
    assertEquals(0, run.code());
    assertEquals(
        List.of("semblance: files in folders that are not read: 1 .doc, 1 .doc\\u001B[2j"),
        run.messages());
    assertEquals(2, run.json().get("unread_files").asInt());
    assertEquals(1, run.json().get("unread_extensions").get(".doc").asInt());
    assertEquals(List.of("WIFI.TXT"), find("good"));
  }

  @Test
  void whatIsInTheInputDoesNotSteerTheTerminal() throws IOException {
    String id = "\u009b2J\u202e" + "x".repeat(45_000);
    Run run =
        write(
            GOOD
                + "{\"id\":\""
                + id
                + "\",\"text\":\"t\"}\n{\"\u009b\":1,\"\u009b\":1}\n"
                + "\u202e");
    assertEquals(1, run.code());
    assertTrue(run.err().chars().noneMatch(c -> c == 0x9b || c == 0x202e), run.err());
    assertTrue(run.err().length() < 5000, run.err());
    assertEquals(4, run.messages().size(), run.err());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "--create", "--update"})
  void anIndexOfAnotherProgramStays(String option) throws IOException {
    try (Directory directory = FSDirectory.open(index);
        IndexWriter writer = new IndexWriter(directory, new IndexWriterConfig())) {
      writer.addDocument(new Document());
      writer.commit();
    }
    Run run = option.isEmpty() ? write(GOOD) : write(GOOD, option);
    run.fails(2, "was not written by Semblance", "choose another");
    try (Directory directory = FSDirectory.open(index);
        DirectoryReader reader = DirectoryReader.open(directory)) {
      assertEquals(1, reader.numDocs());
    }
  }
}
