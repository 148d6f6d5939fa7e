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
import org.apache.commons.csv.CSVException;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.jspecify.annotations.Nullable;

/** Rows of a CSV or TSV file (RFC 4180) under the names in its first row. */
final class CsvRecords implements RecordStream {
  private static final char COMMA = ',';

  /** How the parser says that the file ends within a quoted cell. */
  private static final String OPEN_QUOTE = "EOF reached";

  private final String source;
  private final StrictUtf8Reader text;
  private final char delimiter;
  private @Nullable Table table;

  /** What there is once the first row has been read. */
  private record Table(
      CSVParser parser, Iterator<CSVRecord> rows, long linesBefore, List<String> header) {}

  /**
   * A table.
   *
   * @param delimiter what stands between cells; a comma may turn out to be something else
   */
  CsvRecords(String source, InputStream in, char delimiter) {
    this.source = source;
    this.text = new StrictUtf8Reader(in);
    this.delimiter = delimiter;
  }

  @Override
  public @Nullable RawRecord next() throws IOException {
    text.startRecord();
    Table open = table;
    try {
      if (open == null) {
        open = open();
        table = open;
        String problem = problem(open.header());
        if (problem != null) {
          // Without names the rows are nothing, which the reader must hear once.
          table = new Table(open.parser(), List.<CSVRecord>of().iterator(), 0, List.of());
          return RawRecord.rejected(
              new Location(source, line(open)), problem + "; the file is left out");
        }
      }
      return row(open);
    } catch (UncheckedIOException e) {
      IOException cause = Objects.requireNonNull(e.getCause());
      if (cause instanceof CharacterCodingException) {
        throw cause;
      }
      throw malformed(open, String.valueOf(cause.getMessage()), cause);
    } catch (IllegalStateException | IllegalArgumentException | IndexOutOfBoundsException e) {
      throw malformed(open, "it cannot be parsed: " + e, e);
    }
  }

  private CorpusException malformed(@Nullable Table open, String what, Exception cause) {
    return new CorpusException(
        source
            + ":"
            + (open == null ? 1 : line(open))
            + ": malformed CSV, read up to here: "
            + what,
        cause);
  }

  private static long line(Table open) {
    return open.linesBefore() + open.parser().getCurrentLineNumber();
  }

  private Table open() throws IOException {
    FirstRow first = new FirstRow(text, delimiter, delimiter == COMMA);
    CSVParser parser =
        CSVParser.builder()
            .setReader(first)
            .setFormat(CSVFormat.DEFAULT.builder().setDelimiter(first.delimiter()).get())
            .get();
    Iterator<CSVRecord> rows = parser.iterator();
    List<String> header =
        rows.hasNext() ? rows.next().stream().map(String::strip).toList() : List.of();
    return new Table(parser, rows, first.linesBefore(), header);
  }

  private @Nullable RawRecord row(Table open) {
    long before = line(open);
    CSVRecord row;
    try {
      row = open.rows().hasNext() ? open.rows().next() : null;
    } catch (UncheckedIOException e) {
      return RawRecord.rejected(new Location(source, before + 1), skipBadRow(open, before + 1, e));
    }
    if (row == null) {
      return null;
    }
    Location location = new Location(source, firstLine(open, row));
    List<String> header = open.header();
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

  /** Reads on to the end of the row, whose cells are nothing to rely on, and says what is lost. */
  private static String skipBadRow(Table open, long first, UncheckedIOException bad) {
    String message = String.valueOf(Objects.requireNonNull(bad.getCause()).getMessage());
    if (!(bad.getCause() instanceof CSVException) || message.contains(OPEN_QUOTE)) {
      throw bad; // the rest cannot be read, or cannot be trusted
    }
    if (open.rows().hasNext()) {
      open.rows().next();
    }
    long last = line(open);
    return "malformed CSV: "
        + message
        + (last > first ? "; lines " + first + " to " + last + " are left out" : "");
  }

  /** The parser knows the line where a row ends; line breaks inside quotes lie between. */
  private static long firstLine(Table open, CSVRecord row) {
    long breaks = 0;
    for (String cell : row) {
      breaks += cell.replace("\r\n", "\n").chars().filter(c -> c == '\n' || c == '\r').count();
    }
    return line(open) - breaks;
  }

  private static @Nullable String problem(List<String> header) {
    if (header.isEmpty() || (header.size() == 1 && header.get(0).isEmpty())) {
      return "the first row must name the columns, and is empty";
    }
    Set<String> seen = new HashSet<>();
    for (String name : header) {
      if (name.isEmpty()) {
        return "column " + (header.indexOf(name) + 1) + " has no name in the first row";
      }
      if (!seen.add(name)) {
        return "two columns have the name \"" + name + "\"";
      }
    }
    return null;
  }

  @Override
  public void close() throws IOException {
    text.close();
  }
}
