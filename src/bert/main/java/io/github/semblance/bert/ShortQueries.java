package io.github.semblance.bert;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes an embedder's encoder for short queries once it has been asked some. Safe for use by many
 * threads.
 */
final class ShortQueries {
  /** Who asks so often will ask again: worth a second of a core to prepare for. */
  private static final int QUERIES_OF_A_SERVER = 4;

  /** After so many texts of so many word pieces the JIT compiler has done its best. */
  private static final int WARMING_RUNS = 40;

  private static final int COMPARED_RUNS = 10;

  /** What it may take on one thread, over libtorch's time, to be ahead on several. */
  private static final double MOST_TIME = 1.2;

  private static final int WARMING_LENGTH = 16;

  private static final Logger LOG = LoggerFactory.getLogger(ShortQueries.class);

  /** Whether an encoder that could be made is used. */
  enum Choice {
    /** If it is about as fast as libtorch here. */
    IF_FAST,
    /** For tests: on any machine. */
    ALWAYS
  }

  private final Encoder encoder;
  private final Choice choice;
  private final ExecutorService pool;
  private final AtomicInteger underWay;
  private final AtomicInteger queries = new AtomicInteger();
  private volatile @Nullable QueryEncoder prepared;

  /**
   * @param pool where to prepare, shut down when the embedder is closed
   * @param underWay calls under way in this process, of which the preparation is one
   */
  ShortQueries(Encoder encoder, Choice choice, ExecutorService pool, AtomicInteger underWay) {
    this.encoder = encoder;
    this.choice = choice;
    this.pool = pool;
    this.underWay = underWay;
  }

  /** Counts a query; returns what may answer it if it is short, or null if there is none yet. */
  @Nullable QueryEncoder another() {
    if (queries.incrementAndGet() == QUERIES_OF_A_SERVER && !pool.isShutdown()) {
      Future<?> unused = pool.submit(this::prepare);
    }
    return prepared;
  }

  /** Lets the encoder's copy of the weights go. */
  void forget() {
    prepared = null;
  }

  /** Runs in the pool, for which closing and exiting wait before libtorch goes. */
  private void prepare() {
    underWay.incrementAndGet();
    try {
      Optional<QueryEncoder> made = pool.isShutdown() ? Optional.empty() : encoder.forQueries();
      if (made.isPresent() && (choice == Choice.ALWAYS || pays(made.get()))) {
        prepared = made.get();
      }
    } catch (RuntimeException | LinkageError | OutOfMemoryError e) {
      LOG.warn("queries stay as slow as they were", e);
    } finally {
      underWay.decrementAndGet();
    }
  }

  /**
   * Lets the JIT compiler see enough of an encoder, then compares it on one thread, where it has
   * the smaller advantage: it spreads over several better than libtorch does.
   */
  private boolean pays(QueryEncoder made) {
    long[] ids = new long[WARMING_LENGTH];
    TokenBatch batch = new TokenBatch(List.of(ids));
    long ours = Long.MAX_VALUE;
    long libtorchs = Long.MAX_VALUE;
    for (int run = 0; run < WARMING_RUNS + COMPARED_RUNS && !pool.isShutdown(); run++) {
      long start = System.nanoTime();
      made.embed(ids, 1);
      long middle = System.nanoTime();
      if (run >= WARMING_RUNS) {
        encoder.embed(batch);
        libtorchs = Math.min(libtorchs, System.nanoTime() - middle);
        ours = Math.min(ours, middle - start);
      }
    }
    boolean pays = !pool.isShutdown() && ours < MOST_TIME * libtorchs;
    LOG.debug(
        "queries {} libtorch: {} word pieces on one thread take {} us without, {} us with it",
        pays ? "leave" : "stay with",
        ids.length,
        ours / 1000,
        libtorchs / 1000);
    return pays;
  }
}
