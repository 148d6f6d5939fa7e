package io.github.semblance.corpus;

import io.github.semblance.index.Outline;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One regular file of the input.
 *
 * @param name what messages call it
 * @param id the id of its document if it is one, see {@link DocumentIds}; else empty
 */
record InputFile(Path path, String name, String id, Format format) {

  /** What is in a file. */
  enum Format {
    JSON,
    JSON_LINES,
    CSV,
    TSV,
    TEXT,
    MARKDOWN,
    HTML,
    PDF;

    /** The format of files that are one document each, by their extension; null for others. */
    static @Nullable Format ofDocuments(String extension) {
      return switch (extension) {
        case ".txt" -> TEXT;
        case ".md", ".markdown" -> MARKDOWN;
        case ".html", ".htm", ".xhtml" -> HTML;
        case ".pdf" -> PDF;
        default -> null;
      };
    }
  }

  private static final WholeFile MARKDOWN_FILE = new MarkdownFile();
  private static final WholeFile HTML_FILE = new HtmlFile();
  private static final WholeFile PDF_FILE = new PdfFile();

  /**
   * Tells the format: tables and documents by the extension; JSON by the extension or else the
   * first character, which also tells an array from lines.
   */
  static InputFile of(Path path, String name) throws IOException {
    String extension = DocumentFolder.extension(path);
    Format documents = Format.ofDocuments(extension);
    if (documents != null) {
      return new InputFile(path, name, "", documents);
    }
    Format format =
        switch (extension) {
          case ".csv" -> Format.CSV;
          case ".tsv", ".tab" -> Format.TSV;
          default -> {
            int first = firstCharacter(path);
            if (first == '[' || extension.equals(".json")) {
              yield Format.JSON;
            }
            if (first == '{' || extension.equals(".jsonl") || extension.equals(".ndjson")) {
              yield Format.JSON_LINES;
            }
            throw new CorpusException(
                name
                    + " has no format that can be read; give .json, .jsonl, .ndjson, .csv, .tsv,"
                    + " .tab, .txt, .md, .html or .pdf files, or JSON under any name");
          }
        };
    return new InputFile(path, name, "", format);
  }

  /** Whether the whole file is one document, whose id is where the file lies. */
  boolean isDocument() {
    return switch (format) {
      case JSON, JSON_LINES, CSV, TSV -> false;
      case TEXT, MARKDOWN, HTML, PDF -> true;
    };
  }

  InputFile withId(String documentId) {
    return new InputFile(path, name, documentId, format);
  }

  /** In bytes; 0 if that cannot be told. */
  long size() {
    return path.toFile().length();
  }

  /** The file's records over its bytes; nothing is read yet. */
  RecordStream records(InputStream in) {
    return switch (format) {
      case JSON -> new JsonRecords(name, in);
      case JSON_LINES -> new JsonLineRecords(name, in);
      case CSV -> new CsvRecords(name, in, ',');
      case TSV -> new CsvRecords(name, in, '\t');
      case TEXT -> new WholeFileRecords(this, InputFile::plainText, in);
      case MARKDOWN -> new WholeFileRecords(this, MARKDOWN_FILE, in);
      case HTML -> new WholeFileRecords(this, HTML_FILE, in);
      case PDF -> new WholeFileRecords(this, PDF_FILE, in);
    };
  }

  private static ReadText plainText(Path path, InputStream in)
      throws IOException, RejectedFileException {
    String text = WholeFile.utf8(in, StrictUtf8Reader.LONGEST_RECORD);
    return new ReadText("", text, Outline.NONE, Map.of());
  }

  /** Whether there is nothing in a file. */
  static boolean isEmpty(Path path) throws IOException {
    return firstCharacter(path) < 0;
  }

  /** The first that is no white space, as far as it is ASCII; negative if there is none. */
  private static int firstCharacter(Path path) throws IOException {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(path))) {
      int first = in.read();
      // The bytes of a byte order mark are none of JSON's.
      while (Character.isWhitespace(first) || first == 0xEF || first == 0xBB || first == 0xBF) {
        first = in.read();
      }
      return first;
    }
  }
}
