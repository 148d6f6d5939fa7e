package io.github.semblance.corpus;

import io.github.semblance.embed.ModuleVersion;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the documents of one or more inputs, one after the other, in the order given.
 *
 * <p>For use by one thread. Memory depends on the longest record, never on the size of a file.
 *
 * <p>A record that cannot become a document is an outcome like any other, {@link
 * CorpusRecord.Rejected}, and reading goes on. Where the rest of a file cannot be trusted, {@link
 * #hasNext()} and {@link #next()} throw {@link CorpusException} after the records before that
 * place, and the reader is at its end. Two records with the same id are not this reader's concern.
 * The package documentation describes the formats.
 */
public final class CorpusReader implements Iterator<CorpusRecord>, AutoCloseable {

  private final InputFiles inputs;
  private final DocumentMapper mapper;
  private final Set<InputFile> filesWithoutIds;
  private final Iterator<CorpusRecord.Rejected> unreadable;
  private Iterator<InputFile> files;
  private final long totalBytes;
  private long bytesRead;
  private @Nullable OpenFile current;
  private @Nullable CorpusRecord next;
  private boolean closed;

  private CorpusReader(InputFiles inputs, FieldMapping mapping, Set<InputFile> filesWithoutIds) {
    this.inputs = inputs;
    this.mapper = new DocumentMapper(mapping);
    this.filesWithoutIds = filesWithoutIds;
    this.files = inputs.files().iterator();
    this.unreadable = inputs.unreadable().iterator();
    long total = 0;
    for (InputFile input : inputs.files()) {
      total += input.size();
    }
    this.totalBytes = total;
  }

  /**
   * Opens the inputs, and looks for the fields that the mapping names.
   *
   * @param inputs paths of files or folders, or {@code -} for JSON on the standard input, which is
   *     copied to a temporary file because it is looked at twice
   * @throws CorpusException if an input is missing, empty, unreadable or of no known format
   * @throws UnknownFieldException if no record has the text field or another field that the mapping
   *     names
   */
  public static CorpusReader open(List<String> inputs, FieldMapping mapping) {
    return open(inputs, mapping, null, System.in);
  }

  /**
   * As {@link #open(List, FieldMapping)}, with ids of files that are paths below a given folder,
   * whatever else is read. Without it they are paths below the deepest folder that has all inputs
   * in it.
   *
   * @throws CorpusException also if a file that is a document does not lie below the base
   */
  public static CorpusReader open(List<String> inputs, FieldMapping mapping, @Nullable Path base) {
    return open(inputs, mapping, base, System.in);
  }

  /**
   * Opens some files of a corpus that are one document each, as a {@link CorpusSnapshot} names
   * them. There may be none; one that is there no more is {@link CorpusRecord.Rejected}.
   *
   * @param base of the snapshot
   */
  public static CorpusReader ofDocuments(
      List<Path> documents, FieldMapping mapping, @Nullable Path base) {
    return new CorpusReader(InputFiles.ofDocuments(documents, base), mapping, Set.of());
  }

  static CorpusReader open(
      List<String> inputs, FieldMapping mapping, @Nullable Path base, InputStream standardInput) {
    ModuleVersion.requireThatOfCore(CorpusReader.class);
    if (inputs.isEmpty()) {
      throw new IllegalArgumentException("inputs must hold at least one path, got: " + inputs);
    }
    InputFiles files = InputFiles.of(inputs, base, standardInput);
    try {
      return new CorpusReader(files, mapping, FieldSurvey.filesWithoutIds(files.files(), mapping));
    } catch (RuntimeException e) {
      files.close();
      throw e;
    }
  }

  @Override
  public boolean hasNext() {
    if (next == null) {
      next = read();
    }
    return next != null;
  }

  @Override
  public CorpusRecord next() {
    CorpusRecord record = next == null ? read() : next;
    if (record == null) {
      throw new NoSuchElementException("the inputs have no more records");
    }
    next = null;
    return record;
  }

  /** The size of all inputs in bytes, for telling how far reading is. */
  public long totalBytes() {
    return totalBytes;
  }

  /** How many of {@link #totalBytes()} have been read. */
  public long bytesRead() {
    return bytesRead;
  }

  /** What the folders among the inputs hold besides; of BEIR folders, what no such folder has. */
  public UnreadFiles unreadFiles() {
    return inputs.others();
  }

  private @Nullable CorpusRecord read() {
    if (unreadable.hasNext() && !closed) {
      return unreadable.next();
    }
    try {
      while (current != null || files.hasNext()) {
        if (current == null) {
          InputFile file = files.next();
          try {
            current = open(file);
          } catch (IOException e) {
            return new CorpusRecord.Rejected(
                new Location(file.name(), 0), "it cannot be read: " + DocumentFolder.reason(e));
          }
        }
        RawRecord record = current.records().next();
        if (record != null) {
          return switch (record) {
            case RawRecord.Settled settled -> settled.outcome();
            case RawRecord.Whole whole -> mapper.map(whole);
            case RawRecord.Fields fields ->
                mapper.map(fields, filesWithoutIds.contains(current.file()));
          };
        }
        current.records().close();
        bytesRead = current.end();
        current = null;
      }
      return null;
    } catch (IOException e) {
      String name = current == null ? "an input" : current.file().name();
      close();
      throw new CorpusException(name + " cannot be read further: " + e.getMessage(), e);
    } catch (CorpusException e) {
      close();
      throw e;
    } catch (RuntimeException e) {
      String name = current == null ? "an input" : current.file().name();
      close();
      throw new CorpusException(name + " cannot be read further: " + e, e);
    }
  }

  private OpenFile open(InputFile file) throws IOException {
    InputStream in =
        new FilterInputStream(Files.newInputStream(file.path())) {
          @Override
          public int read(byte[] bytes, int from, int length) throws IOException {
            int count = super.read(bytes, from, length);
            bytesRead += Math.max(count, 0);
            return count;
          }
        };
    return new OpenFile(file, file.records(in), bytesRead + file.size());
  }

  /** Closes the file that is being read; there are no more records after that. */
  @Override
  public void close() {
    closed = true;
    files = Collections.emptyIterator();
    next = null;
    inputs.close();
    if (current != null) {
      RecordStream records = current.records();
      current = null;
      try {
        records.close();
      } catch (IOException e) {
        throw new CorpusException("an input cannot be closed: " + e.getMessage(), e);
      }
    }
  }

  /**
   * The file that is being read.
   *
   * @param end how many bytes have been read at its end, even if it is read in another way
   */
  private record OpenFile(InputFile file, RecordStream records, long end) {}
}
