package io.github.semblance.bert.checkpoint;

import java.net.URL;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/** Contents of a model's large files, in memory outside the heap. */
@SuppressWarnings("DoNotCallSuggester") // until the readers are in
final class OffHeap {
  private OffHeap() {}

  /** Maps a file of at most 2 GiB, read-only. */
  static ByteBuffer map(Path file) throws CheckpointException {
    throw new UnsupportedOperationException(file.toString());
  }

  /** Reads a resource on the class path or, as {@code jar:file:/a.jar!/entry}, in any jar. */
  static ByteBuffer read(URL resource) throws CheckpointException {
    throw new UnsupportedOperationException(resource.toString());
  }

  /** Reads entries of a ZIP file that is itself a resource, in one pass; all must be there. */
  static Map<String, ByteBuffer> readZip(URL zip, Set<String> entries) throws CheckpointException {
    throw new UnsupportedOperationException(zip + " " + entries);
  }
}
