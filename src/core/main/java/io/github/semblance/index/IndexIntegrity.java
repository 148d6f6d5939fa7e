package io.github.semblance.index;

import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.apache.lucene.index.CorruptIndexException;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexFormatTooNewException;
import org.apache.lucene.index.IndexFormatTooOldException;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.store.AlreadyClosedException;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;

/**
 * Tells damaged index files from sound ones. Stateless.
 *
 * <p>Lucene writes a checksum at the end of each file. Opening an index compares those of small
 * files only, because the others would have to be read as a whole. So a byte that changed in a
 * large file may show later, in a failing search, a wrong result, or not at all. {@link #check}
 * reads everything and finds it.
 */
public final class IndexIntegrity {
  private IndexIntegrity() {}

  /**
   * Reads all files of the latest commit and compares their checksums.
   *
   * @throws IndexOpenException if there is no index of ours, or a file is damaged; the message
   *     names it
   */
  public static void check(Path folder) throws IOException {
    IndexManifest unused = IndexManifest.read(folder);
    try (Directory directory = FSDirectory.open(folder);
        DirectoryReader reader = open(directory)) {
      check(reader, IndexManifest.place(directory));
    }
  }

  /**
   * Counts the passages of the latest commit that belong to no document.
   *
   * @throws IndexOpenException if there is no index of ours, or it cannot be read
   */
  public static long orphans(Path folder) throws IOException {
    IndexManifest unused = IndexManifest.read(folder);
    try (Directory directory = FSDirectory.open(folder);
        DirectoryReader reader = open(directory)) {
      return Orphans.count(reader);
    }
  }

  /**
   * Deletes the passages that belong to no document from an index that nobody is writing, as {@link
   * SemanticIndexWriter#deleteOrphans} does for a writer. Later merges free their space.
   *
   * @return how many were deleted
   * @throws IndexOpenException if there is no index of ours, or a writer holds it
   */
  public static long deleteOrphans(Path folder) throws IOException {
    IndexManifest unused = IndexManifest.read(folder);
    try (Directory directory = WriterOpening.directory(folder);
        IndexWriter writer = WriterOpening.maintenance(directory)) {
      long deleted = Orphans.delete(writer);
      writer.commit();
      return deleted;
    }
  }

  /**
   * Opens the latest commit.
   *
   * @throws IndexOpenException if that cannot be read
   */
  public static DirectoryReader open(Directory directory) throws IOException {
    try {
      return DirectoryReader.open(directory);
    } catch (IOException | RuntimeException e) {
      if (mayBeDamage(e)) {
        throw damaged(IndexManifest.place(directory), e);
      }
      throw e;
    }
  }

  /** What reads an index. */
  @FunctionalInterface
  public interface Reading<T> {
    T read() throws IOException;
  }

  /**
   * Does something with a reader, and finds out whether it failed because of a damaged file. That
   * reads the whole index, if the failure looks like it.
   *
   * @throws IndexOpenException if a file is damaged; else what {@code reading} throws
   */
  public static <T> T reading(IndexReader reader, Reading<T> reading) throws IOException {
    try {
      return reading.read();
    } catch (IOException | RuntimeException e) {
      if (reader instanceof DirectoryReader open && mayBeDamage(e)) {
        String place = IndexManifest.place(open.directory());
        if (e instanceof CorruptIndexException) {
          throw damaged(place, e);
        }
        check(reader, place);
      }
      throw e;
    }
  }

  private static void check(IndexReader reader, String place) throws IOException {
    for (LeafReaderContext leaf : reader.leaves()) {
      try {
        leaf.reader().checkIntegrity();
      } catch (IOException | RuntimeException e) {
        if (mayBeDamage(e)) {
          throw damaged(place, e);
        }
        throw e;
      }
    }
  }

  /**
   * Damaged numbers lead beyond the end of a file or of an array, or to values that none may be.
   */
  private static boolean mayBeDamage(Exception failure) {
    return switch (failure) {
      case CorruptIndexException e -> true;
      case IndexFormatTooOldException e -> true;
      case IndexFormatTooNewException e -> true;
      case EOFException e -> true;
      case FileNotFoundException e -> true;
      case NoSuchFileException e -> true;
      case IOException e -> e.getClass() == IOException.class; // so Lucene's decoders
      case AlreadyClosedException e -> false;
      case IllegalStateException e -> true;
      case IllegalArgumentException e -> true;
      case IndexOutOfBoundsException e -> true;
      case NegativeArraySizeException e -> true;
      case ArithmeticException e -> true;
      case NullPointerException e -> true;
      default -> false;
    };
  }

  private static IndexOpenException damaged(String place, Exception reason) {
    return new IndexOpenException(
        "the index at "
            + place
            + " is damaged ("
            + reason.getMessage()
            + "); "
            + IndexFolder.MAKE_ANEW,
        reason);
  }
}
