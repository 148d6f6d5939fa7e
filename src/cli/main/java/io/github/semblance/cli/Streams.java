package io.github.semblance.cli;

import java.io.FileDescriptor;
import java.io.FileNotFoundException;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

/**
 * Where a command reads and writes, and which of these are a terminal that a person looks at.
 *
 * @param in standard input
 * @param out data
 * @param err progress and messages
 * @param inTerminal whether a person types the input
 * @param outTerminal whether a person reads the data
 * @param errTerminal whether a person reads the messages
 * @param columns how wide text for people may be, brought to what can be read
 */
record Streams(
    InputStream in,
    PrintWriter out,
    PrintWriter err,
    boolean inTerminal,
    boolean outTerminal,
    boolean errTerminal,
    int columns) {

  private static final int NARROWEST = 40;

  /** The help's narrowest, which its library insists on. */
  private static final int NARROWEST_HELP = 55;

  private static final int WIDEST = 200;

  /** Where nothing is known; and no help is wider, for longer lines are hard to read. */
  private static final int USUAL = 100;

  /** Takes a terminal without columns, as containers have, for one of unknown width. */
  Streams {
    columns = columns < 1 ? USUAL : Math.clamp(columns, NARROWEST, WIDEST);
  }

  /** How wide the help of commands is. */
  int helpColumns() {
    return Math.clamp(columns, NARROWEST_HELP, USUAL);
  }

  /** The streams of this process, in UTF-8. */
  static Streams ofProcess(OutputStream out) {
    // The launcher script knows which are terminals, and how wide; Java whether in and out both
    // are.
    String terminals = System.getProperty("semblance.terminal", isConsole() ? "in,out,err," : "");
    return new Streams(
        System.in,
        utf8(out, false),
        utf8(standardError(), true),
        terminals.contains("in,"),
        terminals.contains("out,"),
        terminals.contains("err,"),
        Integer.getInteger("semblance.columns", USUAL));
  }

  /**
   * Standard error. The launcher may have put it elsewhere, to leave out what the JVM itself says.
   */
  static OutputStream standardError() {
    String elsewhere = System.getProperty("semblance.stderr");
    if (elsewhere != null) {
      try {
        return new FileOutputStream(elsewhere, true);
      } catch (FileNotFoundException e) {
        // A socket, say, cannot be opened again; the launcher passes on what comes here.
        return new FileOutputStream(FileDescriptor.err);
      }
    }
    return new FileOutputStream(FileDescriptor.err);
  }

  private static PrintWriter utf8(OutputStream stream, boolean autoFlush) {
    return new PrintWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8), autoFlush);
  }

  // With this property, null says what it always said: there is no terminal.
  @SuppressWarnings("SystemConsoleNull")
  private static boolean isConsole() {
    System.setProperty("jdk.console", "java.base");
    return System.console() != null;
  }
}
