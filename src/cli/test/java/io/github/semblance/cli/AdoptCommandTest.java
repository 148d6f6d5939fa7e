package io.github.semblance.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.semblance.index.BlockDump;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.lucene.analysis.standard.StandardAnalyzer;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.LongField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.SegmentInfos;
import org.apache.lucene.index.Term;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** An index of a program that has never heard of Semblance. */
@SuppressWarnings("NullAway.Init") // set before all tests
final class AdoptCommandTest {
  private static String model;

  @TempDir private Path folder;

  @BeforeAll
  static void write(@TempDir Path shared) throws IOException {
    model = TinyModel.write(shared.resolve("tiny"), 1);
  }

  private interface Writing {
    void with(IndexWriter writer) throws IOException;
  }

  private void write(Writing writing) throws IOException {
    try (Directory directory = FSDirectory.open(folder);
        StandardAnalyzer analyzer = new StandardAnalyzer();
        IndexWriter writer = new IndexWriter(directory, new IndexWriterConfig(analyzer))) {
      writing.with(writer);
    }
  }

  private static Document book(String isbn, String blurb) {
    Document book = new Document();
    book.add(new StringField("isbn", isbn, Field.Store.YES));
    book.add(new TextField("name", "Book " + isbn, Field.Store.YES));
    book.add(new TextField("blurb", blurb, Field.Store.YES));
    book.add(new LongField("price", isbn.length(), Field.Store.YES));
    return book;
  }

  private static void writeBooks(IndexWriter writer, int books) throws IOException {
    for (int i = 0; i < books; i++) {
      writer.addDocument(book("b" + i, i == 7 ? "a quick zebra" : "how to start the daemon"));
    }
  }

  private String[] arguments(String... more) {
    return Stream.concat(
            Stream.of(
                "adopt",
                "--index",
                folder.toString(),
                "--id-field",
                "isbn",
                "--title-field",
                "name",
                "--text-field",
                "blurb",
                "--model",
                model),
            Stream.of(more))
        .toArray(String[]::new);
  }

  private Run adopt(String... more) {
    return Run.of(arguments(more));
  }

  private List<BlockDump> blocks() throws IOException {
    try (Directory directory = FSDirectory.open(folder);
        DirectoryReader reader = DirectoryReader.open(directory)) {
      return BlockDump.of(reader);
    }
  }

  private long generation() throws IOException {
    try (Directory directory = FSDirectory.open(folder)) {
      return SegmentInfos.getLastCommitGeneration(directory);
    }
  }

  @Test
  void itsDocumentsAreFoundByMeaning() throws IOException {
    write(writer -> writeBooks(writer, 30));
    long before = generation();
    JsonNode checked = adopt("--dry-run", "--json").succeeds().json();
    assertTrue(checked.get("dry_run").asBoolean());
    assertEquals(30, checked.get("documents").asInt());
    assertEquals(0, checked.get("adopted").asInt());
    assertEquals(before, generation());
    Run adopted = adopt().succeeds();
    assertTrue(adopted.out().startsWith("Adopted 30 documents of "), adopted.out());
    JsonNode again = adopt("--json").succeeds().json();
    assertEquals(0, again.get("documents").asInt());
    assertEquals(30, again.get("before").asInt());
    JsonNode hit =
        Run.of(
                "search",
                "Book b7 a quick zebra",
                "--index",
                folder.toString(),
                "--mode",
                "semantic",
                "--model",
                model,
                "--json")
            .succeeds()
            .json()
            .get("hits")
            .get(0);
    assertEquals("b7", hit.get("id").asString());
    assertEquals("Book b7", hit.get("fields").get("title").asString());
    assertEquals(1, hit.get("semantic").get("score").asDouble(), 1e-3);
    // What one document has lost, the next run gives it.
    write(writer -> writer.updateDocument(new Term("isbn", "b7"), book("b7", "new words")));
    Run doctor = Run.of("doctor", "--model", model, "--index", folder.toString());
    assertTrue(doctor.out().contains("1 passage without a document"), doctor.out());
    Run cured =
        Run.of("doctor", "--model", model, "--index", folder.toString(), "--delete-orphans");
    assertTrue(cured.out().contains("1 passage without a document deleted"), cured.out());
    Run sound = Run.of("doctor", "--model", model, "--index", folder.toString());
    assertTrue(sound.out().contains("every passage has its document"), sound.out());
    assertEquals(1, adopt("--json").succeeds().json().get("adopted").asInt());
    Run.of("doctor", "--delete-orphans").fails(2, "--delete-orphans goes with --index");
  }

  @Test
  void aDamagedFileIsNamed() throws IOException {
    write(writer -> writeBooks(writer, 3));
    adopt().succeeds();
    try (Stream<Path> files = Files.list(folder)) {
      Path data = files.filter(file -> file.toString().endsWith(".cfs")).findFirst().orElseThrow();
      byte[] bytes = Files.readAllBytes(data);
      bytes[bytes.length / 2] ^= 1;
      Files.write(data, bytes);
    }
    Run doctor = Run.of("doctor", "--model", model, "--index", folder.toString(), "--json");
    assertEquals(1, doctor.code());
    assertTrue(doctor.out().contains(" is damaged ("), doctor.out());
  }

  @Test
  void whatCannotBeAdoptedIsRefusedByName() throws IOException {
    Path none = folder.resolve("none");
    Run.of(
            "adopt",
            "--index",
            none.toString(),
            "--id-field",
            "isbn",
            "--text-field",
            "blurb",
            "--model",
            model)
        .fails(1, "no index at " + none);
    assertFalse(Files.exists(none));
    write(
        writer -> {
          writeBooks(writer, 2);
          Document other = book("x", "text");
          other.add(new TextField("body", "only indexed", Field.Store.NO));
          writer.addDocument(other);
        });
    long before = generation();
    adopt().fails(1, "cannot be adopted as it is: field \"body\" is indexed and not stored");
    write(writer -> writer.updateDocument(new Term("isbn", "x"), book("x", "the daemons")));
    adopt("--analyzer", "english")
        .fails(1, "indexed by other terms", "with --analyzer, got: english");
    adopt("--analyzer", "klingon").fails(2, "no analyzer is called \"klingon\"");
    adopt("--text-field", "blurp")
        .fails(
            2, "no field \"blurp\" is in the index at", "; it has: blurb, body, isbn, name, price");
    Run.of(
            "adopt",
            "--index",
            folder.toString(),
            "--id-field",
            "blurb",
            "--text-field",
            "name",
            "--model",
            model)
        .fails(1, "field \"blurb\" must be indexed as one term");
    assertEquals(before + 1, generation());
    assertEquals(List.of(), blocks());
    write(
        writer -> {
          writer.addDocument(book("x", "one more of this id"));
          writer.commit();
          Run.of(arguments()).fails(1, "is locked by another writer");
        });
    Run partly = adopt();
    assertEquals(1, partly.code());
    assertEquals(2, partly.messages().size());
    assertTrue(partly.err().contains("left as it is: document \"x\": 1 more have this id"));
    assertTrue(partly.out().contains("2 documents are as they were."), partly.out());
  }

  @Test
  void anAdoptionThatWasKilledGoesOn() throws IOException, InterruptedException {
    int books = 600;
    write(writer -> writeBooks(writer, books));
    long before = generation();
    Process process =
        new ProcessBuilder(
                Stream.concat(
                        Stream.of(
                            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            "--enable-native-access=ALL-UNNAMED",
                            Semblance.class.getName()),
                        Stream.of(arguments("--commit-documents", "7")))
                    .toList())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    long deadline = System.nanoTime() + Duration.ofMinutes(2).toNanos();
    try {
      while (process.isAlive() && generation() == before && System.nanoTime() < deadline) {
        process.waitFor(2, TimeUnit.MILLISECONDS);
      }
    } finally {
      process.destroyForcibly().waitFor();
    }
    int adopted = blocks().size();
    assertTrue(adopted > 0 && adopted < books, () -> adopted + " of " + books);
    JsonNode rest = adopt("--json").succeeds().json();
    assertEquals(adopted, rest.get("before").asInt());
    assertEquals(books - adopted, rest.get("adopted").asInt());
    assertEquals(books, blocks().size());
  }
}
