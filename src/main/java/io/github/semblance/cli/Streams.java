package io.github.semblance.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Where a command reads and writes, and which of these are a terminal that a person looks at.
 *
 * @param in standard input
 * @param out data
 * @param err progress and messages
 * @param inTerminal whether a person types the input
 * @param outTerminal whether a person reads the data
 * @param errTerminal whether a person reads the messages
 */
record Streams(
    InputStream in,
    PrintWriter out,
    PrintWriter err,
    boolean inTerminal,
    boolean outTerminal,
    boolean errTerminal) {

  /** The streams of this process, in UTF-8. Only the launcher script knows which are terminals. */
  static Streams ofProcess() {
    String launcher = System.getProperty("semblance.terminal");
    return new Streams(
        System.in,
        utf8(FileDescriptor.out, false),
        utf8(FileDescriptor.err, true),
        isTerminal(launcher, "in"),
        isTerminal(launcher, "out"),
        isTerminal(launcher, "err"));
  }

  private static PrintWriter utf8(FileDescriptor descriptor, boolean autoFlush) {
    return new PrintWriter(
        new OutputStreamWriter(new FileOutputStream(descriptor), StandardCharsets.UTF_8),
        autoFlush);
  }

  private static boolean isTerminal(@Nullable String launcher, String stream) {
    return launcher != null && launcher.contains(stream + ",");
  }
}
