package io.github.semblance.cli;

import java.time.Duration;
import java.util.Locale;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/**
 * How far long work has come: a bar with rate and time left on a terminal, a plain line now and
 * then elsewhere. For use by one thread.
 */
final class Progress implements AutoCloseable {
  private static final Duration BETWEEN_LINES = Duration.ofSeconds(10);

  private final Streams streams;
  private final String task;
  private final long total;
  private final @Nullable ProgressBar bar;
  private final long start = System.nanoTime();
  private long lastLine = start;

  /**
   * Starts to report.
   *
   * @param task what is being done, as in "Indexing"
   * @param unit what {@code total} counts, with a leading space, as in " MB"; for the bar
   * @param unitSize how much of {@code total} one unit is
   * @param total how much there is to do, in the measure of {@link #advance}
   */
  Progress(Streams streams, String task, String unit, long unitSize, long total) {
    this.streams = streams;
    this.task = task;
    this.total = Math.max(total, 1);
    this.bar =
        streams.errTerminal()
            ? new ProgressBarBuilder()
                .setTaskName(task)
                .setInitialMax(this.total)
                .setUnit(unit, unitSize)
                .showSpeed()
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(200)
                .setConsumer(new ConsoleProgressBarConsumer(System.err))
                .build()
            : null;
  }

  /**
   * Tells how far the work has come.
   *
   * @param done how much of the total is done
   * @param detail what to say of it, as in "120 documents"
   */
  void advance(long done, String detail) {
    if (bar != null) {
      bar.stepTo(Math.min(done, total));
      bar.setExtraMessage(detail);
      return;
    }
    long now = System.nanoTime();
    if (now - lastLine < BETWEEN_LINES.toNanos() || done <= 0) {
      return;
    }
    lastLine = now;
    double seconds = (now - start) / 1e9;
    long left = Math.round(seconds * (total - Math.min(done, total)) / done);
    streams
        .err()
        .printf(
            Locale.ROOT,
            "%s: %d %%, %s, about %d s left%n",
            task,
            100 * Math.min(done, total) / total,
            detail,
            left);
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
    }
  }
}
