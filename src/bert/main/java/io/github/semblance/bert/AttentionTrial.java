package io.github.semblance.bert;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * Compares ways to compute attention, on one made-up batch, as their thread computes it in use. The
 * JIT compiler sees them at work before.
 */
final class AttentionTrial {
  /** libtorch stays unless something takes less than this part of its time. */
  private static final double CLEARLY_LESS = .9;

  /** The JIT compiler takes a fifth of a second when it has nothing else to do. */
  private static final long PATIENCE_NS = 2_000_000_000L;

  /** After so many it has seen enough, if they are no slower than libtorch's. */
  private static final int ENOUGH_RUNS = 30;

  /** The least of them counts: what else the machine does only adds. */
  private static final int ROUNDS = 7;

  private final BooleanSupplier stopped;
  private final LongSupplier clock;

  /**
   * Times nothing yet.
   *
   * @param stopped whether nobody waits for an outcome any more
   * @param clock in ns
   */
  AttentionTrial(BooleanSupplier stopped, LongSupplier clock) {
    this.stopped = stopped;
    this.clock = clock;
  }

  /**
   * What to use.
   *
   * @param best which of the candidates, or -1 for libtorch
   * @param reason for people
   */
  record Outcome(int best, String reason) {}

  /**
   * Runs and compares all.
   *
   * @param libtorch what it computes
   * @param candidates the same, each in its own way
   */
  Outcome run(Runnable libtorch, List<Runnable> candidates) {
    long atMost = time(libtorch);
    for (int i = 0; i < 2; i++) {
      atMost = Math.min(atMost, time(libtorch));
    }
    for (Runnable candidate : candidates) {
      warm(candidate, atMost);
    }
    List<Runnable> all = new ArrayList<>(candidates);
    all.add(libtorch);
    long[] least = new long[all.size()];
    Arrays.fill(least, Long.MAX_VALUE);
    for (int round = 0; round < ROUNDS; round++) {
      for (int i = 0; i < least.length; i++) {
        if (stopped.getAsBoolean()) {
          return new Outcome(-1, "the embedder was closed while ways to compute were compared");
        }
        least[i] = Math.min(least[i], time(all.get(i)));
      }
    }
    int best = 0;
    for (int i = 1; i < candidates.size(); i++) {
      best = least[i] < least[best] ? i : best;
    }
    double part = (double) least[best] / least[candidates.size()];
    return part < CLEARLY_LESS
        ? new Outcome(best, String.format(Locale.ROOT, "%.2f of libtorch's time", part))
        : new Outcome(-1, String.format(Locale.ROOT, "vectors take %.2f of its time", part));
  }

  private void warm(Runnable candidate, long atMost) {
    long start = clock.getAsLong();
    long least = Long.MAX_VALUE;
    int run = 0;
    while ((run < ENOUGH_RUNS || least > atMost)
        && clock.getAsLong() - start < PATIENCE_NS
        && !stopped.getAsBoolean()) {
      least = Math.min(least, time(candidate));
      run++;
    }
  }

  private long time(Runnable computation) {
    long start = clock.getAsLong();
    computation.run();
    return clock.getAsLong() - start;
  }
}
