package io.github.semblance.bert;

import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has an embedder find out what computes its passages: once it has been asked for many, beside its
 * work, or before the first where vectors would change. Safe for use by many threads.
 */
final class ManyPassages {
  /** Up to 32,000 word pieces: who sends so many goes on, and a second of a thread pays. */
  private static final int CALLS_OF_MANY = 32;

  /** If it could not be told, it is asked again after so many times as many calls. */
  private static final int LATER = 4;

  private static final Logger LOG = LoggerFactory.getLogger(ManyPassages.class);

  private final Encoder encoder;
  private final TorchPool pool;
  private final AtomicInteger underWay;
  private final AtomicInteger calls = new AtomicInteger();
  private final AtomicInteger preparesAfter = new AtomicInteger(CALLS_OF_MANY);
  private boolean prepared;

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
    if (encoder.preparesBeforePassages()) {
      return pool.submit(
          () -> {
            prepareOnce();
            return call.call();
          });
    }
    if (calls.incrementAndGet() == preparesAfter.get()) {
      Future<?> unused = pool.submit(Executors.callable(this::prepare));
    }
    return pool.submit(call);
  }

  /** The other threads of the pool wait here for the first. */
  private synchronized void prepareOnce() {
    if (!prepared) {
      prepared = true;
      prepare();
    }
  }

  private void prepare() {
    underWay.incrementAndGet(); // a core is busy
    try {
      Optional<String> chosen = encoder.prepareForPassages(pool::isShutDown);
      chosen.ifPresent(what -> LOG.info("Attention of passages: {}", what));
      if (chosen.isEmpty()) {
        preparesAfter.set(LATER * calls.get());
      }
    } catch (RuntimeException | LinkageError | OutOfMemoryError e) {
      LOG.warn("Attention of passages: libtorch, for choosing failed", e);
    } finally {
      underWay.decrementAndGet();
    }
  }
}
