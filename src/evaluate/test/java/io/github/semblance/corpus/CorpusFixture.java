package io.github.semblance.corpus;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.semblance.corpus.CorpusRecord.Document;
import io.github.semblance.corpus.CorpusRecord.Rejected;
import io.github.semblance.index.SourceDocument;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** A folder to write inputs into, and short forms to read them. */
abstract class CorpusFixture {

  @TempDir Path folder;

  /** Writes a file and returns its path as a user would give it. */
  String file(String name, String content) throws IOException {
    return file(name, content.getBytes(UTF_8));
  }

  String file(String name, byte[] content) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.write(file, content).toString();
  }

  static List<CorpusRecord> records(FieldMapping mapping, String... inputs) {
    List<CorpusRecord> records = new ArrayList<>();
    try (CorpusReader reader = CorpusReader.open(List.of(inputs), mapping)) {
      reader.forEachRemaining(records::add);
      assertEquals(reader.totalBytes(), reader.bytesRead());
    }
    return records;
  }

  /** A file beside these classes. */
  String example(String name) throws IOException {
    try (InputStream in = Objects.requireNonNull(CorpusFixture.class.getResourceAsStream(name))) {
      return file(name, in.readAllBytes());
    }
  }

  /** The documents of inputs that hold nothing else. */
  static List<SourceDocument> documents(FieldMapping mapping, String... inputs) {
    return records(mapping, inputs).stream()
        .map(
            record ->
                switch (record) {
                  case Document document -> document.document();
                  case Rejected rejected -> throw new AssertionError(rejected);
                })
        .toList();
  }

  /** Each record in a line: {@code id} of a document, or {@code !line: reason}. */
  static List<String> outcomes(FieldMapping mapping, String... inputs) {
    return records(mapping, inputs).stream().map(CorpusFixture::outcome).toList();
  }

  static String outcome(CorpusRecord record) {
    return switch (record) {
      case Document document -> document.document().id();
      case Rejected rejected -> "!" + rejected.location().line() + ": " + rejected.reason();
    };
  }

  /** What the exception says that reading must end with. */
  static String failure(Executable reading) {
    return String.valueOf(assertThrows(CorpusException.class, reading).getMessage());
  }
}
