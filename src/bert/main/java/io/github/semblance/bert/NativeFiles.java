package io.github.semblance.bert;

import ai.djl.engine.EngineException;
import ai.djl.util.Utils;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.ReadOnlyFileSystemException;
import java.util.Optional;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells why native libraries could not be loaded, when the reason is the folder that they are
 * unpacked to.
 */
final class NativeFiles {
  private static final Logger LOG = LoggerFactory.getLogger(NativeFiles.class);

  /** What Linux, macOS and Windows say. */
  private static final Pattern FULL =
      Pattern.compile(
          "(?i).*(no space left on device|disk quota exceeded|not enough space on the disk).*");

  private static final Pattern CLOSED =
      Pattern.compile("(?i).*(permission denied|read-only file system|not a directory).*");

  /** In MB: the library of tokenizers, which does not tell its reasons, takes 15. */
  private static final long LEAST_FREE_MB = 20;

  private NativeFiles() {}

  /** What to do about a failure; empty if the folder is not the reason. */
  static Optional<String> advice(Throwable failure) {
    return advice(failure, Utils.getEngineCacheDir().toAbsolutePath());
  }

  static Optional<String> advice(Throwable failure, Path folder) {
    String another =
        " name another folder with the environment variable DJL_CACHE_DIR (native libraries take"
            + " about 500 MB)";
    long free = freeMegabytes(folder);
    boolean ofNatives = false;
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      String message = String.valueOf(cause.getMessage());
      ofNatives |= cause instanceof EngineException || cause instanceof LinkageError;
      if (cause instanceof IOException && FULL.matcher(message).matches()) {
        return Optional.of(
            "the disk below "
                + folder
                + " is full, "
                + free
                + " MB are free: make room, or"
                + another);
      }
      if (cause instanceof AccessDeniedException
          || cause instanceof NotDirectoryException
          || cause instanceof ReadOnlyFileSystemException
          || (cause instanceof IOException && CLOSED.matcher(message).matches())) {
        return Optional.of(
            folder + " cannot be written (" + message + "): permit it, or" + another);
      }
    }
    return ofNatives && free < LEAST_FREE_MB
        ? Optional.of(
            "the disk below "
                + folder
                + " is full, "
                + free
                + " MB are free: make room, or"
                + another)
        : Optional.empty();
  }

  private static long freeMegabytes(Path folder) {
    Path there = folder;
    while (!Files.exists(there) && there.getParent() != null) {
      there = there.getParent();
    }
    try {
      return Files.getFileStore(there).getUsableSpace() >> 20;
    } catch (IOException e) {
      LOG.debug("how much room {} has is not known", there, e);
      return Long.MAX_VALUE;
    }
  }
}
