package io.github.semblance.corpus;

import io.github.semblance.corpus.RawRecord.Value;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.jspecify.annotations.Nullable;

/** Rows of a CSV or TSV file (RFC 4180) under the names in its first row. */
final class CsvRecords implements RecordStream {

  private final String source;
  private final StrictUtf8Reader text;
  private final CSVParser parser;
  private final Iterator<CSVRecord> rows;
  private final List<String> header;

  CsvRecords(String source, InputStream in, char delimiter) throws IOException {
    this.source = source;
    this.text = new StrictUtf8Reader(in);
    this.parser =
        CSVParser.builder()
            .setReader(text)
            .setFormat(CSVFormat.DEFAULT.builder().setDelimiter(delimiter).get())
            .get();
    this.rows = parser.iterator();
    this.header = header(row());
  }

  @Override
  public @Nullable RawRecord next() throws IOException {
    CSVRecord row = row();
    if (row == null) {
      return null;
    }
    Location location = new Location(source, firstLine(row));
    if (row.size() != header.size()) {
      return RawRecord.rejected(
          location, "a row must have " + header.size() + " columns, got: " + row.size());
    }
    Map<String, Value> fields = new LinkedHashMap<>();
    for (int i = 0; i < header.size(); i++) {
      fields.put(header.get(i), Value.string(row.get(i)));
    }
    return new RawRecord.Fields(location, fields);
  }

  private @Nullable CSVRecord row() throws IOException {
    text.startRecord();
    try {
      return rows.hasNext() ? rows.next() : null;
    } catch (UncheckedIOException e) {
      IOException cause = Objects.requireNonNull(e.getCause());
      if (cause instanceof CharacterCodingException) {
        throw cause;
      }
      throw new CorpusException(
          source
              + ":"
              + parser.getCurrentLineNumber()
              + ": malformed CSV, read up to here: "
              + cause.getMessage(),
          cause);
    }
  }

  /** The parser knows the line where a row ends; line breaks inside quotes lie between. */
  private long firstLine(CSVRecord row) {
    long breaks = 0;
    for (String cell : row) {
      breaks += cell.replace("\r\n", "\n").chars().filter(c -> c == '\n' || c == '\r').count();
    }
    return parser.getCurrentLineNumber() - breaks;
  }

  private List<String> header(@Nullable CSVRecord row) {
    if (row == null || (row.size() == 1 && row.get(0).isBlank())) {
      throw new CorpusException(source + " is empty; its first row must name the columns");
    }
    List<String> names = row.stream().map(String::strip).toList();
    Set<String> seen = new HashSet<>();
    for (String name : names) {
      if (name.isEmpty()) {
        throw new CorpusException(
            source + ":1: column " + (names.indexOf(name) + 1) + " has no name in the first row");
      }
      if (!seen.add(name)) {
        throw new CorpusException(source + ":1: two columns have the name \"" + name + "\"");
      }
    }
    return names;
  }

  @Override
  public void close() throws IOException {
    text.close();
  }
}
