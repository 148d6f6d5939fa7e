package io.github.semblance.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jline.reader.Completer;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Terminal;
import org.jline.terminal.Terminal.Signal;
import org.jline.terminal.TerminalBuilder;
import org.jspecify.annotations.Nullable;

/**
 * Lines that a person edits at a terminal, with the arrow keys, a history that outlives the process
 * and completion. Ctrl-C at the prompt drops the line, or ends where that is empty; Ctrl-D ends.
 */
final class EditedLines implements TypedLines {
  private static final int HISTORY = 1_000;
  private static final Logger LOG = Logger.getLogger(EditedLines.class.getName());

  /** Held here because java.util.logging forgets the level of a logger that nobody holds. */
  private static final Logger LIBRARY = Logger.getLogger("org.jline");

  private final Terminal terminal;
  private final LineReader reader;

  /**
   * Edits lines at a terminal, which closes with this.
   *
   * @param history where lines are kept; null for in memory only
   */
  EditedLines(Terminal terminal, Completer completer, @Nullable Path history) {
    this.terminal = terminal;
    LineReaderBuilder builder =
        LineReaderBuilder.builder()
            .terminal(terminal)
            .appName("semblance")
            .parser(SessionLine::parse)
            .completer(completer)
            // An exclamation mark in a question is one.
            .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
            .option(LineReader.Option.CASE_INSENSITIVE, true)
            .option(LineReader.Option.INSERT_TAB, false)
            .variable(LineReader.HISTORY_SIZE, HISTORY)
            .variable(LineReader.HISTORY_FILE_SIZE, HISTORY);
    if (history != null) {
      builder.variable(LineReader.HISTORY_FILE, history);
    }
    this.reader = builder.build();
  }

  /**
   * At the terminal of this process.
   *
   * @param interruption told of Ctrl-C while a search runs
   */
  static EditedLines atTerminal(Completer completer, Interruption interruption) throws IOException {
    // What it says of terminals that it knows little of is of no use to who types.
    LIBRARY.setLevel(Level.OFF);
    Terminal terminal =
        TerminalBuilder.builder()
            .system(true)
            .dumb(true)
            .nativeSignals(true)
            .signalHandler(Terminal.SignalHandler.SIG_IGN)
            .build();
    terminal.handle(Signal.INT, signal -> interruption.press());
    return new EditedLines(terminal, completer, historyFile());
  }

  /** For the owner alone, since questions can be private; null if there is no place for it. */
  private static @Nullable Path historyFile() {
    String state = System.getenv("XDG_STATE_HOME");
    Path folder =
        state == null || state.isBlank()
            ? Path.of(System.getProperty("user.home"), ".local", "state")
            : Path.of(state);
    Path file = folder.resolve("semblance").resolve("history");
    try {
      Files.createDirectories(file.getParent());
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      return file;
    } catch (FileAlreadyExistsException e) {
      return file;
    } catch (IOException | UnsupportedOperationException e) {
      LOG.log(Level.INFO, "no history is kept: " + file, e);
      return null;
    }
  }

  @Override
  public @Nullable String next() throws IOException {
    while (true) {
      try {
        return reader.readLine("> ");
      } catch (UserInterruptException e) {
        if (e.getPartialLine().isBlank()) {
          return null;
        }
      } catch (EndOfFileException e) {
        return null;
      } catch (UncheckedIOException e) {
        throw new IOException("the terminal cannot be read", e);
      }
    }
  }

  @Override
  public void close() throws IOException {
    terminal.close();
  }
}
