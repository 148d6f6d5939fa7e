package io.github.semblance.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Supplier;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarConsumer;

/**
 * How far long work has come: a bar with rate and time left on a terminal, a plain line now and
 * then elsewhere. Safe for use by many threads; looks at the work from a thread of its own.
 */
final class Progress implements AutoCloseable {
  private static final Duration BETWEEN_BARS = Duration.ofMillis(200);
  private static final Duration BETWEEN_LINES = Duration.ofSeconds(10);
  private static final int WIDEST_BAR = 40;
  private static final String CLEAR_LINE = "\r\u001B[K";

  /**
   * How far work is.
   *
   * @param share what is done of it, from 0 to 1
   * @param amount what is done, in units
   * @param unit what the amount counts, as in "documents"
   */
  record State(double share, double amount, String unit) {}

  private final PrintWriter err;
  private final boolean terminal;
  private final String task;
  private final Supplier<State> state;
  private final long start = System.nanoTime();
  private final ProgressBar bar;

  /** The characters of the bar that stands there; for the bar's own thread. */
  private int shown;

  /**
   * Starts to report.
   *
   * @param task what is being done, as in "Indexing"
   * @param state asked now and then, from another thread
   */
  Progress(Streams streams, String task, Supplier<State> state) {
    this.err = streams.err();
    this.terminal = streams.errTerminal();
    this.task = task;
    this.state = state;
    this.bar =
        new ProgressBarBuilder()
            .setTaskName(task)
            .continuousUpdate()
            .setUpdateIntervalMillis(
                Math.toIntExact((terminal ? BETWEEN_BARS : BETWEEN_LINES).toMillis()))
            .setRenderer((unused, width) -> terminal ? bar(width) : line())
            // Asked for no width, the library takes hold of the terminal, and Ctrl-C with it.
            .setConsumer(
                terminal
                    ? new ConsoleProgressBarConsumer(System.err, streams.columns())
                    : new Lines(err))
            .build();
  }

  /** Says something to the user without breaking the bar. */
  void say(String message) {
    err.println((terminal ? CLEAR_LINE : "") + "semblance: " + Printable.message(message));
  }

  /** Ends the report before the work is done, and says why. */
  void abandon(String message) {
    close();
    say(message);
  }

  @Override
  public void close() {
    bar.close();
  }

  private String line() {
    State now = state.get();
    return task + ": " + percent(now) + ", " + figures(now);
  }

  private String bar(int width) {
    State now = state.get();
    String head = String.format(Locale.ROOT, "%s %5s [", task, percent(now));
    String tail = "] " + figures(now);
    int cells = Math.clamp(width - head.length() - tail.length(), 0, WIDEST_BAR);
    int full = (int) (cells * now.share());
    String text = head + "=".repeat(full) + " ".repeat(cells - full) + tail;
    // What is left of a longer text must not stand behind a shorter one.
    String blanks = " ".repeat(Math.max(0, shown - text.length()));
    shown = text.length();
    return text + blanks;
  }

  private static String percent(State now) {
    return (int) (100 * now.share()) + " %";
  }

  private String figures(State now) {
    double seconds = (System.nanoTime() - start) / 1e9;
    double rate = now.amount() / seconds;
    String time =
        now.share() <= 0 || now.share() >= 1
            ? clock(seconds)
            : clock(seconds * (1 - now.share()) / now.share()) + " left";
    return String.format(
        Locale.ROOT,
        rate < 10 ? "%,.0f %s, %.1f/s, %s" : "%,.0f %s, %.0f/s, %s",
        now.amount(),
        now.unit(),
        rate,
        time);
  }

  private static String clock(double seconds) {
    long whole = Math.round(seconds);
    return whole < 3600
        ? String.format(Locale.ROOT, "%d:%02d", whole / 60, whole % 60)
        : String.format(Locale.ROOT, "%d:%02d:%02d", whole / 3600, whole / 60 % 60, whole % 60);
  }

  /** Prints what comes, but nothing of work that is done before the first line is due. */
  private static final class Lines implements ProgressBarConsumer {
    private final PrintWriter err;
    private long last = System.nanoTime();

    private Lines(PrintWriter err) {
      this.err = err;
    }

    @Override
    public int getMaxRenderedLength() {
      return Integer.MAX_VALUE;
    }

    @Override
    public void accept(String line) {
      long now = System.nanoTime();
      // Half the time is more than the clock can be out by.
      if (now - last > BETWEEN_LINES.toNanos() / 2) {
        last = now;
        err.println(line);
      }
    }

    @Override
    public void close() {}
  }
}
