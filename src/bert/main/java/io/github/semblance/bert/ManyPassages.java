package io.github.semblance.bert;

import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has an embedder find out what computes its passages fastest, once it has been asked for many.
 * Safe for use by many threads.
 */
final class ManyPassages {
  /** About 32,000 word pieces: who sends so many goes on, and a second of a thread pays. */
  private static final int CALLS_OF_MANY = 32;

  private static final Logger LOG = LoggerFactory.getLogger(ManyPassages.class);

  private final Encoder encoder;
  private final TorchPool pool;
  private final AtomicInteger underWay;
  private final AtomicInteger calls = new AtomicInteger();

  /**
   * Asks nothing of the machine yet.
   *
   * @param pool makes the calls and prepares; closing it waits for both
   * @param underWay calls under way in this process, of which the preparation is one
   */
  ManyPassages(Encoder encoder, TorchPool pool, AtomicInteger underWay) {
    this.encoder = encoder;
    this.pool = pool;
    this.underWay = underWay;
  }

  /** Has a thread of the pool make a call of the model. */
  <T> Future<T> submit(Callable<T> call) {
    if (calls.incrementAndGet() == CALLS_OF_MANY) {
      Future<Boolean> unused = pool.submit(this::prepare);
    }
    return pool.submit(call);
  }

  /** Returns whether it was known what to choose. */
  private boolean prepare() {
    underWay.incrementAndGet(); // a core is busy
    try {
      LOG.info("Attention of passages: {}", encoder.prepareForPassages(pool::isShutDown));
      return true;
    } catch (RuntimeException | LinkageError | OutOfMemoryError e) {
      LOG.warn("Attention of passages: libtorch, for choosing failed", e);
      return false;
    } finally {
      underWay.decrementAndGet();
    }
  }
}
