package io.github.semblance.bert;

import io.github.semblance.bert.QueryChoice.Length;
import io.github.semblance.bert.QueryChoice.Times;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares encoders the way they will be used: on all threads, in turns, each time after a pause in
 * which threads go to sleep. Takes some seconds, most of them pauses.
 */
final class QueryTrial {
  /** In word pieces. Tiles have 3 to 12 rows, so the best one changes often at first. */
  private static final List<Integer> LENGTHS = List.of(8, 12, 16, 24, 32, 48, 64, 96, 128);

  private static final int ROUNDS = 11;

  /** When it has taken so long, lengths not yet compared go by the last one that was. */
  private static final long LIMIT_NS = 20_000_000_000L;

  private static final long PAUSE_MS = 5;

  /** Whoever is so far behind the best after some rounds is compared no more. */
  private static final double FAR_BEHIND = 1.5;

  private static final int HOPEFUL_ROUNDS = 3;

  /**
   * The same after the first one: where others compute, libtorch may take a hundred times as long.
   */
  private static final double HOPELESS = 4;

  /** So often in a row a measurement is repeated because something else was embedded meanwhile. */
  private static final int MOST_REPETITIONS = 3;

  private static final Logger LOG = LoggerFactory.getLogger(QueryTrial.class);

  private final List<QueryEncoder> candidates;
  private final int cores;
  private final AtomicInteger underWay;
  private final BooleanSupplier stopped;
  private final LongSupplier nanoTime;

  /**
   * Prepares a trial.
   *
   * @param candidates warm, libtorch among them
   * @param cores how many threads share a query
   * @param underWay calls under way in this process, of which each measurement is one
   * @param stopped asked all the time
   * @param nanoTime tells the time
   */
  QueryTrial(
      List<QueryEncoder> candidates,
      int cores,
      AtomicInteger underWay,
      BooleanSupplier stopped,
      LongSupplier nanoTime) {
    this.candidates = candidates;
    this.cores = cores;
    this.underWay = underWay;
    this.stopped = stopped;
    this.nanoTime = nanoTime;
  }

  /**
   * Compares.
   *
   * @param longest no text is longer than this
   * @return empty if it was stopped
   */
  Optional<QueryChoice> run(int longest) throws InterruptedException {
    List<Length> outcome = new ArrayList<>();
    long start = nanoTime.getAsLong();
    for (int length : LENGTHS) {
      if (length > longest) {
        break;
      }
      if (!outcome.isEmpty() && nanoTime.getAsLong() - start > LIMIT_NS) {
        Length last = outcome.getLast();
        outcome.add(new Length(length, last.best(), last.times(), last.libtorch()));
        continue;
      }
      List<Lane> lanes = measure(new long[length]);
      if (stopped.getAsBoolean()) {
        return Optional.empty();
      }
      outcome.add(outcome(length, lanes));
    }
    return Optional.of(new QueryChoice(outcome));
  }

  private List<Lane> measure(long[] ids) throws InterruptedException {
    List<Lane> lanes = candidates.stream().map(Lane::new).toList();
    for (Lane lane : lanes) {
      lane.encoder.embed(ids, cores); // libtorch compiles something for each number of rows
    }
    List<Lane> hopeful = new ArrayList<>(lanes);
    for (int round = 0; round < ROUNDS && !stopped.getAsBoolean(); round++) {
      for (Lane lane : hopeful) {
        lane.add(millis(lane.encoder, ids));
      }
      double best = lanes.stream().mapToDouble(lane -> lane.best).min().orElseThrow();
      double limit = best * (round < HOPEFUL_ROUNDS ? HOPELESS : FAR_BEHIND);
      hopeful.removeIf(lane -> lane.best > limit);
      Collections.rotate(hopeful, 1);
    }
    return lanes;
  }

  private double millis(QueryEncoder candidate, long[] ids) throws InterruptedException {
    for (int repetition = 1; ; repetition++) {
      Thread.sleep(PAUSE_MS);
      boolean alone = underWay.getAndIncrement() == 0;
      try {
        long start = nanoTime.getAsLong();
        candidate.embed(ids, cores);
        long nanos = nanoTime.getAsLong() - start;
        if ((alone && underWay.get() == 1) || repetition == MOST_REPETITIONS) {
          return nanos / 1e6;
        }
      } finally {
        underWay.decrementAndGet();
      }
    }
  }

  private static Length outcome(int length, List<Lane> lanes) {
    LOG.debug("{} word pieces: {}", length, lanes);
    Lane best = Collections.min(lanes, Comparator.comparingDouble(lane -> lane.times().both()));
    Lane libtorch =
        lanes.stream()
            .filter(lane -> lane.encoder.name().equals(QueryChoice.LIBTORCH))
            .findFirst()
            .orElse(best);
    return new Length(length, best.encoder.name(), best.times(), libtorch.times());
  }

  /** A candidate and what it took. */
  private static final class Lane {
    private final QueryEncoder encoder;
    private final List<Double> millis = new ArrayList<>();
    private double best = Double.POSITIVE_INFINITY;

    Lane(QueryEncoder encoder) {
      this.encoder = encoder;
    }

    void add(double taken) {
      millis.add(taken);
      best = Math.min(best, taken);
    }

    /** The median, and what nine of ten stay below. */
    Times times() {
      List<Double> sorted = millis.stream().sorted().toList();
      return new Times(sorted.get(sorted.size() / 2), sorted.get(sorted.size() * 9 / 10));
    }

    @Override
    public String toString() {
      return encoder.name() + " " + times();
    }
  }
}
