package io.github.semblance.corpus;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Which files the inputs of a corpus are at one time, with their sizes and times: enough to tell
 * what has changed later, without reading them.
 *
 * <p>Immutable and safe for use by many threads. Takes some hundred bytes for each file.
 */
public final class CorpusSnapshot {
  /** By the id of a document, or the name of a file of records. */
  private final Map<String, Stamp> files;

  private final @Nullable Path base;

  private record Stamp(Path path, boolean document, long size, long nanos) {}

  /**
   * What has changed between two snapshots of the same inputs. Immutable.
   *
   * @param documents files that are new or changed, of those that are one document each
   * @param gone ids of documents whose files are there no more
   * @param records whether a file of records has changed, come or gone
   */
  public record Change(List<Path> documents, List<String> gone, boolean records) {
    /** Copies the lists. */
    public Change {
      documents = List.copyOf(documents);
      gone = List.copyOf(gone);
    }

    /** Whether nothing has changed. */
    public boolean isEmpty() {
      return documents.isEmpty() && gone.isEmpty() && !records;
    }
  }

  private CorpusSnapshot(Map<String, Stamp> files, @Nullable Path base) {
    this.files = files;
    this.base = base;
  }

  /**
   * Looks at the inputs.
   *
   * @param inputs as {@link CorpusReader#open(List, FieldMapping, Path)} takes them, files and
   *     folders only
   * @param base as there
   * @throws CorpusException if an input is missing, empty, unreadable or of no known format
   */
  public static CorpusSnapshot of(List<String> inputs, @Nullable Path base) {
    for (String input : inputs) {
      if (Files.exists(Path.of(input))
          && !Files.isRegularFile(Path.of(input))
          && !Files.isDirectory(Path.of(input))) {
        throw new CorpusException(input + " is neither a file nor a folder, so it cannot change");
      }
    }
    Map<String, Stamp> files = new HashMap<>();
    try (InputFiles found = InputFiles.of(inputs, base, new ByteArrayInputStream(new byte[0]))) {
      for (InputFile file : found.files()) {
        try {
          Stamp stamp =
              new Stamp(
                  file.path(),
                  file.isDocument(),
                  file.size(),
                  Files.getLastModifiedTime(file.path()).to(TimeUnit.NANOSECONDS));
          files.put(file.isDocument() ? file.id() : file.name(), stamp);
        } catch (IOException e) {
          // It has gone since, or is on its way.
        }
      }
      return new CorpusSnapshot(files, found.base());
    }
  }

  /** The folder below which the ids of documents are paths; null if there is none. */
  public @Nullable Path base() {
    return base;
  }

  /** What has changed since an earlier snapshot. */
  public Change since(CorpusSnapshot earlier) {
    List<Path> documents = new ArrayList<>();
    List<String> gone = new ArrayList<>();
    boolean records = false;
    for (Map.Entry<String, Stamp> file : files.entrySet()) {
      if (!file.getValue().equals(earlier.files.get(file.getKey()))) {
        if (file.getValue().document()) {
          documents.add(file.getValue().path());
        } else {
          records = true;
        }
      }
    }
    for (Map.Entry<String, Stamp> file : earlier.files.entrySet()) {
      if (!files.containsKey(file.getKey())) {
        if (file.getValue().document()) {
          gone.add(file.getKey());
        } else {
          records = true;
        }
      }
    }
    documents.sort(null);
    gone.sort(null);
    return new Change(documents, gone, records);
  }
}
