package io.github.semblance.index;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.lucene.codecs.CodecUtil;
import org.apache.lucene.index.CorruptIndexException;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexFileNames;
import org.apache.lucene.index.IndexFormatTooNewException;
import org.apache.lucene.index.IndexFormatTooOldException;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.SegmentInfos;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.store.IOContext;
import org.apache.lucene.store.IndexInput;

/**
 * Keeps indexes away from what else lies in folders. Stateless.
 *
 * <p>Lucene writes into any folder, and deletes there what has a name like its files and belongs to
 * no commit: {@code _index.md} is such a name. So a new index is made only in a folder that does
 * not exist, is empty, or holds an index or what an interrupted writer has left of one. Files
 * beside an index that is there stay as they are.
 */
public final class IndexFolder {
  /** What is safe to do about an index that cannot be used any more, whatever lies beside it. */
  static final String MAKE_ANEW = "index again into another folder, or move this one away first";

  /** As {@link Directory#getTempFileName} makes them; they need not begin as other files do. */
  private static final Pattern TEMPORARY = Pattern.compile("_[0-9a-z]+_.*_[0-9a-z]+\\.tmp");

  /** How many indexes are named in place of a folder that has them in it. */
  private static final int MOST_NAMED = 3;

  private static final int MOST_LOOKED_INTO = 1_000;

  private IndexFolder() {}

  /**
   * Refuses a folder in which no index of ours is and none may be made. An index that cannot be
   * read is no matter of this.
   *
   * @throws IndexOpenException if there are other files and no index, or an index of another
   *     program
   */
  public static void requireOurs(Path folder) throws IOException {
    requireFree(folder);
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (Directory directory = FSDirectory.open(folder)) {
      requireOurs(directory);
    } catch (CorruptIndexException
        | IndexFormatTooOldException
        | IndexFormatTooNewException
        | FileNotFoundException
        | NoSuchFileException e) {
      // Whoever opens the index says so.
    }
  }

  /** As above, of the latest commit only, if there is one; fails if that cannot be read. */
  static void requireOurs(Directory directory) throws IOException {
    if (DirectoryReader.indexExists(directory)
        && !ManifestData.isIn(SegmentInfos.readLatestCommit(directory).getUserData())) {
      throw new IndexOpenException(
          "the index at "
              + IndexManifest.place(directory)
              + " was not written by Semblance, which replaces only indexes of its own; choose"
              + " another folder");
    }
  }

  /**
   * Refuses a file, and a folder that holds other files and no index.
   *
   * @throws IndexOpenException if so; the message names one of the files in the folder
   */
  static void requireFree(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      if (Files.exists(folder)) {
        throw new IndexOpenException("cannot write an index to " + folder + ": it is a file");
      }
      return;
    }
    try (Directory directory = FSDirectory.open(folder);
        DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      if (DirectoryReader.indexExists(directory)) {
        return;
      }
      for (Path entry : entries) {
        String name = entry.getFileName().toString();
        if (!name.equals(IndexWriter.WRITE_LOCK_NAME)
            && !(isNamedAsLucene(name) && isOfLucene(directory, name))) {
          throw new IndexOpenException(
              "no index is made in "
                  + folder.toAbsolutePath()
                  + ", because it holds other files, such as \""
                  + name
                  + "\"; choose a folder that is empty or does not exist yet");
        }
      }
    }
  }

  /** What to say where a folder holds no index. */
  static IndexOpenException missing(Path folder) throws IOException {
    List<String> below = new ArrayList<>();
    int left = MOST_LOOKED_INTO;
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, Files::isDirectory)) {
      for (Path entry : entries) {
        try (Directory directory = FSDirectory.open(entry)) {
          if (DirectoryReader.indexExists(directory)) {
            below.add(entry.toString());
          }
        } catch (IOException e) {
          // What this user may not read is of no use to them.
        }
        if (below.size() == MOST_NAMED || --left == 0) {
          break;
        }
      }
    }
    return new IndexOpenException(
        "no index at "
            + folder
            + (below.isEmpty()
                ? "; index documents first"
                : "; there is one at " + String.join(" and at ", below)));
  }

  /**
   * Refuses to open a writer that would delete a file of somebody else.
   *
   * @throws IndexOpenException if there is one; the message names it
   */
  static void requireNothingToLose(Directory directory) throws IOException {
    Collection<String> inUse =
        DirectoryReader.indexExists(directory)
            ? SegmentInfos.readLatestCommit(directory).files(true)
            : Set.of();
    for (String name : directory.listAll()) {
      if (isNamedAsLucene(name) && !inUse.contains(name) && !isOfLucene(directory, name)) {
        throw new IndexOpenException(
            "the index at "
                + IndexManifest.place(directory)
                + " is not opened for writing, because \""
                + name
                + "\" beside it has a name like its files, which Lucene deletes; move that file"
                + " away");
      }
    }
  }

  /** Whether a writer that finds no use for a file deletes it. */
  private static boolean isNamedAsLucene(String name) {
    return IndexFileNames.CODEC_FILE_PATTERN.matcher(name).matches()
        || name.startsWith(IndexFileNames.SEGMENTS)
        || name.startsWith(IndexFileNames.PENDING_SEGMENTS);
  }

  /** By how a file begins; a writer that was killed leaves empty ones too. */
  static boolean isOfLucene(Directory directory, String name) {
    if (TEMPORARY.matcher(name).matches()) {
      return true;
    }
    try (IndexInput in = directory.openInput(name, IOContext.READONCE)) {
      return in.length() == 0 || CodecUtil.readBEInt(in) == CodecUtil.CODEC_MAGIC;
    } catch (NoSuchFileException | FileNotFoundException e) {
      return true; // deleted meanwhile by whom it belongs to
    } catch (IOException e) {
      return false; // too short, or a folder
    }
  }
}
