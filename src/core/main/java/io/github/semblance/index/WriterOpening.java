package io.github.semblance.index;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.apache.lucene.index.CorruptIndexException;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.FieldInfos;
import org.apache.lucene.index.IndexFormatTooNewException;
import org.apache.lucene.index.IndexFormatTooOldException;
import org.apache.lucene.index.IndexNotFoundException;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.IndexWriterConfig.OpenMode;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.NoMergePolicy;
import org.apache.lucene.search.Sort;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.store.LockObtainFailedException;

/** Opens a folder for writing, and says what to do where that cannot be. Stateless. */
final class WriterOpening {
  private WriterOpening() {}

  /** For a writer that creates or extends an index there. */
  static Directory directory(Path folder, OpenMode mode) throws IOException {
    switch (mode) {
      case CREATE -> requireReplaceable(folder);
      case CREATE_OR_APPEND -> IndexFolder.requireFree(folder);
      case APPEND -> {
        if (!Files.isDirectory(folder)) {
          throw new IndexOpenException("no index at " + folder + " to extend; create it first");
        }
      }
    }
    return directory(folder);
  }

  static Directory directory(Path folder) throws IOException {
    try {
      return FSDirectory.open(folder);
    } catch (FileAlreadyExistsException e) {
      throw new IndexOpenException("cannot write an index to " + folder + ": it is a file", e);
    } catch (IOException e) {
      throw new IndexOpenException("cannot write an index to " + folder + ": " + e, e);
    }
  }

  /**
   * Refuses to replace what another program may need.
   *
   * @throws IndexOpenException if there are other files and no index, an index that Semblance has
   *     not written, or one of which that cannot be told
   */
  static void requireReplaceable(Path folder) throws IOException {
    IndexFolder.requireFree(folder);
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (Directory directory = FSDirectory.open(folder)) {
      IndexFolder.requireOurs(directory);
    } catch (CorruptIndexException
        | IndexFormatTooOldException
        | IndexFormatTooNewException
        | FileNotFoundException
        | NoSuchFileException e) {
      throw new IndexOpenException(
          "the index at "
              + folder
              + " cannot be read ("
              + e.getMessage()
              + "), so that it is unknown who has written it; "
              + IndexFolder.MAKE_ANEW,
          e);
    }
  }

  static IndexWriter writer(Directory directory, IndexWriterConfig config) throws IOException {
    String place = IndexManifest.place(directory);
    try {
      IndexFolder.requireNothingToLose(directory);
      if (config.getOpenMode() != OpenMode.CREATE && DirectoryReader.indexExists(directory)) {
        keepLayout(directory, config);
      }
      return new IndexWriter(directory, config);
    } catch (LockObtainFailedException e) {
      throw new IndexOpenException(
          "the index at " + place + " is locked by another writer; wait until it is done", e);
    } catch (IndexNotFoundException e) {
      throw new IndexOpenException("no index at " + place + " to extend; create it first", e);
    } catch (IndexFormatTooOldException | IndexFormatTooNewException | CorruptIndexException e) {
      throw new IndexOpenException(
          "the index at "
              + place
              + " cannot be read ("
              + e.getMessage()
              + "); "
              + IndexFolder.MAKE_ANEW,
          e);
    } catch (IllegalArgumentException e) {
      throw new IndexOpenException(
          "Lucene does not open the index at " + place + " for writing: " + e.getMessage(), e);
    } catch (FileSystemException e) {
      // Where the lock file could not be made, Lucene reports its absence, and this beside it.
      Throwable reason = e.getSuppressed().length > 0 ? e.getSuppressed()[0] : e;
      throw new IndexOpenException("cannot write to the index at " + place + ": " + reason, e);
    }
  }

  /** Opens an index that is there, to change something beside its segments. */
  static IndexWriter maintenance(Directory directory) throws IOException {
    return writer(
        directory,
        new IndexWriterConfig()
            .setOpenMode(OpenMode.APPEND)
            .setMergePolicy(NoMergePolicy.INSTANCE));
  }

  /** Sets what Lucene wants to be the same for all segments of an index: its sort, for one. */
  static void keepLayout(Directory directory, IndexWriterConfig config) throws IOException {
    try (DirectoryReader reader = DirectoryReader.open(directory)) {
      FieldInfos fields = FieldInfos.getMergedFieldInfos(reader);
      if (fields.getParentField() != null) {
        config.setParentField(fields.getParentField());
      }
      if (fields.getSoftDeletesField() != null) {
        config.setSoftDeletesField(fields.getSoftDeletesField());
      }
      for (LeafReaderContext leaf : reader.leaves()) {
        Sort sort = leaf.reader().getMetaData().sort();
        if (sort != null) {
          config.setIndexSort(sort);
        }
      }
    }
  }
}
