package io.github.semblance.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** This process's standard output, which remembers why it could not be written. */
final class StandardOutput extends FilterOutputStream {
  private volatile @Nullable IOException failure;

  StandardOutput() {
    super(new FileOutputStream(FileDescriptor.out));
  }

  @Override
  public void write(byte[] bytes, int from, int length) throws IOException {
    try {
      out.write(bytes, from, length);
    } catch (IOException e) {
      failure = failure == null ? e : failure;
      throw e;
    }
  }

  /** Why data was lost; null if none was. */
  @Nullable IOException failure() {
    return failure;
  }

  /** Whether the reader had enough, as {@code head} has: no failure that a person must hear of. */
  boolean isClosedPipe() {
    IOException cause = failure;
    // "Broken pipe", on Windows "The pipe is being closed".
    return cause != null && Failures.text(cause).toLowerCase(Locale.ROOT).contains("pipe");
  }
}
