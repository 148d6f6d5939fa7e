package io.github.semblance.bert.checkpoint;

import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Contents of a model's large files, in memory outside the heap.
 *
 * <p>All buffers are little-endian. Those of mapped files are read-only; the file must not be cut
 * short while they are in use.
 */
final class OffHeap {
  /** Weights hardly compress (8 % for BERT), so that larger ratios of larger files are hostile. */
  private static final int MAX_RATIO = 100;

  private static final long RATIO_MATTERS_FROM = 64L << 20;

  private static final int CHUNK = 1 << 16;

  private OffHeap() {}

  /** Maps a file of at most 2 GiB, read-only. */
  static ByteBuffer map(Path file) throws CheckpointException {
    try (FileChannel channel = FileChannel.open(file)) {
      return map(file.toString(), channel, 0, channel.size());
    } catch (CheckpointException e) {
      throw e;
    } catch (IOException e) {
      throw new CheckpointException(file + ": cannot be mapped: " + e, e);
    }
  }

  /** Maps a range that lies inside the file. */
  static ByteBuffer map(String source, FileChannel channel, long offset, long length)
      throws IOException {
    requireBufferSize(source, length);
    return channel
        .map(FileChannel.MapMode.READ_ONLY, offset, length)
        .order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Reads a resource on the class path or, as {@code jar:file:/a.jar!/entry}, in any jar. */
  static ByteBuffer read(URL resource) throws CheckpointException {
    String source = resource.toString();
    try {
      URLConnection connection = open(resource);
      try (InputStream in = connection.getInputStream()) {
        return read(source, in, size(source, connection));
      }
    } catch (CheckpointException e) {
      throw e;
    } catch (IOException e) {
      throw new CheckpointException(source + ": cannot be read: " + e, e);
    }
  }

  /** Reads entries of a ZIP file that is itself a resource, in one pass; all must be there. */
  static Map<String, ByteBuffer> readZip(URL zip, Set<String> entries) throws CheckpointException {
    String source = zip.toString();
    try {
      URLConnection connection = open(zip);
      try (InputStream in = connection.getInputStream()) {
        return readZip(source, in, size(source, connection), entries);
      }
    } catch (CheckpointException e) {
      throw e;
    } catch (IOException e) {
      throw new CheckpointException(source + ": cannot be read: " + e, e);
    }
  }

  static Map<String, ByteBuffer> readZip(
      String source, InputStream in, long zipSize, Set<String> entries) throws IOException {
    Map<String, ByteBuffer> contents = new HashMap<>();
    ZipInputStream zip = new ZipInputStream(in);
    while (contents.size() < entries.size()) {
      ZipEntry entry = nextEntry(source, zip);
      if (entry == null) {
        Set<String> missing = new TreeSet<>(entries);
        missing.removeAll(contents.keySet());
        throw new CheckpointException(source + ": the ZIP file has no entry " + missing);
      }
      if (entries.contains(entry.getName()) && !contents.containsKey(entry.getName())) {
        String name = source + "!/" + entry.getName();
        requireSize(name, entry.getSize(), zipSize);
        contents.put(entry.getName(), read(name, zip, entry.getSize()));
      }
    }
    return contents;
  }

  private static @Nullable ZipEntry nextEntry(String source, ZipInputStream zip)
      throws IOException {
    try {
      return zip.getNextEntry();
    } catch (IllegalArgumentException e) {
      throw new CheckpointException(source + ": a ZIP entry is malformed: " + e.getMessage(), e);
    }
  }

  /** Memory for weights: when there is too little, an error that says what to do about it. */
  static ByteBuffer allocate(String source, long bytes) throws CheckpointException {
    requireBufferSize(source, bytes);
    try {
      return ByteBuffer.allocateDirect((int) bytes).order(ByteOrder.LITTLE_ENDIAN);
    } catch (OutOfMemoryError e) {
      throw new CheckpointException(
          String.format(
              Locale.ROOT,
              "%s: no room for %d bytes outside the heap; raise -XX:MaxDirectMemorySize (or -Xmx)",
              source,
              bytes),
          e);
    }
  }

  private static URLConnection open(URL resource) throws IOException {
    URLConnection connection = resource.openConnection();
    // A cached jar file would stay open, and on Windows locked, after the model is closed.
    connection.setUseCaches(false);
    return connection;
  }

  private static long size(String source, URLConnection connection) throws IOException {
    long size = connection.getContentLengthLong();
    if (connection instanceof JarURLConnection jar) {
      requireSize(source, size, jar.getJarEntry().getCompressedSize());
    }
    return size;
  }

  private static void requireSize(String source, long size, long compressed)
      throws CheckpointException {
    if (size < 0) {
      throw new CheckpointException(source + ": its size is not known before it is read");
    }
    if (size >= RATIO_MATTERS_FROM && size / MAX_RATIO > compressed) {
      throw new CheckpointException(
          String.format(
              Locale.ROOT,
              "%s: %d bytes that say they unpack to %d: no weights compress that well",
              source,
              compressed,
              size));
    }
  }

  private static ByteBuffer read(String source, InputStream in, long size) throws IOException {
    ByteBuffer content = allocate(source, size);
    byte[] chunk = new byte[CHUNK];
    int length;
    while ((length = in.read(chunk, 0, CHUNK)) >= 0) {
      if (length > content.remaining()) {
        throw new CheckpointException(
            String.format(
                Locale.ROOT, "%s: longer than the %d bytes that its header states", source, size));
      }
      content.put(chunk, 0, length);
    }
    if (content.hasRemaining()) {
      throw new CheckpointException(
          String.format(
              Locale.ROOT, "%s: ends after %d of %d bytes", source, content.position(), size));
    }
    return content.flip();
  }

  private static void requireBufferSize(String source, long bytes) throws CheckpointException {
    if (bytes > Integer.MAX_VALUE) {
      throw new CheckpointException(
          String.format(
              Locale.ROOT,
              "%s: %d bytes in one piece; at most 2 GiB are supported",
              source,
              bytes));
    }
  }
}
