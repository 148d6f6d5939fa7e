package io.github.semblance.bert.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Identity of the files of a model: as long as it stays, so does what was computed from them.
 *
 * @param text paths, sizes and modification times, and the facts that stand in no file
 * @param bytes sum of the sizes
 */
record Stamp(String text, long bytes) {

  /** The stamp of files, given in any order. */
  static Stamp of(List<Path> files, String facts) throws CheckpointException {
    StringBuilder text = new StringBuilder(facts);
    long bytes = 0;
    for (Path file : files.stream().sorted().toList()) {
      try {
        long size = Files.size(file);
        text.append('\n').append(file.toAbsolutePath()).append('\n').append(size).append(' ');
        text.append(Files.getLastModifiedTime(file));
        bytes += size;
      } catch (IOException e) {
        throw new CheckpointException(file + " could not be read: " + e, e);
      }
    }
    return new Stamp(text.toString(), bytes);
  }

  /** The stamp of the files in a folder of the Hugging Face layout. */
  static Stamp ofFolder(Path folder, String facts) throws CheckpointException {
    try (Stream<Path> children = Files.list(folder)) {
      List<Path> files =
          children.flatMap(Stamp::filesOfLayout).filter(Files::isRegularFile).toList();
      return of(files, facts);
    } catch (IOException e) {
      throw new CheckpointException(folder + " could not be listed: " + e, e);
    }
  }

  private static Stream<Path> filesOfLayout(Path child) {
    if (!Files.isDirectory(child)) {
      return Stream.of(child);
    }
    // "onnx", "0_Transformer", "1_Pooling": anything else in the folder is not the model's.
    if (!child.getFileName().toString().matches("onnx|\\d+_\\w*")) {
      return Stream.empty();
    }
    try (Stream<Path> files = Files.list(child)) {
      return files.toList().stream();
    } catch (IOException e) {
      return Stream.of(child); // cannot be listed, so that its own identity has to do
    }
  }
}
