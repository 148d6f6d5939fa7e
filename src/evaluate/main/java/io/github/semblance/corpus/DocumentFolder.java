package io.github.semblance.corpus;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.Set;

/**
 * What lies below a folder: its documents in the order of their paths, what cannot be read, and
 * what is of another kind. Hidden files and those of a Lucene index are none of it. A folder is
 * read once however many links lead to it, first of all where it lies itself.
 */
final class DocumentFolder {
  /** How the name of a Lucene index's latest state begins. */
  private static final String COMMIT = "segments_";

  private final List<InputFile> documents = new ArrayList<>();
  private final List<CorpusRecord.Rejected> unreadable = new ArrayList<>();
  private final List<Path> others = new ArrayList<>();

  /** Real paths of folders that were read. */
  private final Set<Path> read = new HashSet<>();

  private final Deque<Path> folders = new ArrayDeque<>();
  private final PriorityQueue<Path> links = new PriorityQueue<>();

  private DocumentFolder() {}

  static DocumentFolder of(Path folder) {
    DocumentFolder found = new DocumentFolder();
    found.folders.add(folder);
    while (!found.folders.isEmpty() || !found.links.isEmpty()) {
      found.readFolder(found.folders.isEmpty() ? found.links.remove() : found.folders.remove());
    }
    found.documents.sort(Comparator.comparing(file -> folder.relativize(file.path()).toString()));
    found.unreadable.sort(Comparator.comparing(bad -> bad.location().source()));
    return found;
  }

  List<InputFile> documents() {
    return documents;
  }

  List<CorpusRecord.Rejected> unreadable() {
    return unreadable;
  }

  /** Files of other kinds. */
  List<Path> others() {
    return others;
  }

  /** From the last dot of the name on, in lower case; empty if there is none. */
  static String extension(Path file) {
    String name = file.getFileName().toString();
    int dot = name.lastIndexOf('.');
    return dot < 0 ? "" : name.substring(dot).toLowerCase(Locale.ROOT);
  }

  private void readFolder(Path inner) {
    try {
      if (!read.add(inner.toRealPath())) {
        return;
      }
      List<Path> visible = new ArrayList<>();
      boolean index = false;
      try (DirectoryStream<Path> entries = Files.newDirectoryStream(inner)) {
        for (Path entry : entries) {
          String name = entry.getFileName().toString();
          if (!name.startsWith(".")) {
            visible.add(entry);
          }
          index |= name.startsWith(COMMIT);
        }
      }
      for (Path entry : visible) {
        add(entry, index);
      }
    } catch (DirectoryIteratorException e) {
      reject(inner, "the folder cannot be read: " + reason(Objects.requireNonNull(e.getCause())));
    } catch (IOException e) {
      reject(inner, "the folder cannot be read: " + reason(e));
    }
  }

  /**
   * Adds what may be a document.
   *
   * @param index whether there is a Lucene index beside it
   */
  private void add(Path entry, boolean index) {
    boolean link = Files.isSymbolicLink(entry);
    BasicFileAttributes attributes;
    try {
      attributes = Files.readAttributes(entry, BasicFileAttributes.class);
    } catch (IOException e) {
      reject(entry, (link ? "the link leads nowhere: " : "it cannot be read: ") + reason(e));
      return;
    }
    if (attributes.isDirectory()) {
      (link ? links : folders).add(entry);
      return;
    }
    InputFile.Format format = InputFile.Format.ofDocuments(extension(entry));
    if (format == null) {
      if (!(index && isOfIndex(entry.getFileName().toString()))) {
        others.add(entry);
      }
    } else if (attributes.isRegularFile()) {
      documents.add(new InputFile(entry, entry.toString(), "", format));
    } else {
      reject(entry, "it is neither a file nor a folder");
    }
  }

  private static boolean isOfIndex(String name) {
    return name.startsWith("_") || name.startsWith(COMMIT) || name.equals("write.lock");
  }

  private void reject(Path path, String reason) {
    unreadable.add(new CorpusRecord.Rejected(new Location(path.toString(), 0), reason));
  }

  /** Why a file cannot be read, without its name. */
  static String reason(IOException e) {
    String known =
        switch (e) {
          case NoSuchFileException missing -> "no such file";
          case AccessDeniedException denied -> "this user may not read it";
          case FileSystemException other -> other.getReason();
          default -> e.getMessage();
        };
    return known == null ? e.toString() : known;
  }
}
