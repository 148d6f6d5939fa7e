package io.github.semblance.server;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.lucene.index.QueryTimeout;

/**
 * The threads that search, a bounded queue before them, and a limit of time for both together. Safe
 * for use by many threads.
 */
final class SearchWorkers implements AutoCloseable {
  private static final String BUSY = "too many searches wait; try again later";

  /** What a search may still take when its time is over, to tell what it has found. */
  private static final Duration GRACE = Duration.ofSeconds(2);

  private final ThreadPoolExecutor threads;
  private final Duration limit;

  /**
   * Starts threads as they are needed.
   *
   * @param queue how many tasks may wait
   * @param limit how long one may wait and run together
   */
  SearchWorkers(int threads, int queue, Duration limit) {
    this.limit = limit;
    this.threads =
        new ThreadPoolExecutor(
            threads,
            threads,
            1,
            TimeUnit.MINUTES,
            new ArrayBlockingQueue<>(queue),
            Thread.ofPlatform().name("semblance-search-", 0).daemon().factory());
    this.threads.allowCoreThreadTimeOut(true);
  }

  /** A task that is told when nobody waits for it any more. */
  interface Task<T> {
    /**
     * Does the work.
     *
     * @param left the time there is for it, more than 0
     * @param cancelled says true when nobody waits
     */
    T run(Duration left, QueryTimeout cancelled) throws IOException;
  }

  /**
   * Runs a task and waits for it.
   *
   * @throws RequestRefused if the queue is full, or the time was over before its turn came
   */
  <T> T run(Task<T> task) throws IOException {
    long start = System.nanoTime();
    AtomicBoolean unwanted = new AtomicBoolean();
    FutureTask<T> call = new FutureTask<>(() -> task.run(left(start), unwanted::get));
    try {
      threads.execute(call);
    } catch (RejectedExecutionException e) {
      throw busy(e);
    }
    try {
      // What runs looks at the clock itself, and then tells what it has found; this is for the
      // rest.
      return call.get(limit.toNanos() + GRACE.toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      throw unwrapped(e);
    } catch (TimeoutException | CancellationException e) {
      throw busy(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw busy(e);
    } finally {
      unwanted.set(true);
      call.cancel(false);
      threads.remove(call);
    }
  }

  int running() {
    return threads.getActiveCount();
  }

  int waiting() {
    return threads.getQueue().size();
  }

  @Override
  public void close() {
    threads.shutdownNow();
    try {
      // A searcher must not be closed under a search.
      boolean unused = threads.awaitTermination(limit.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Duration left(long start) {
    Duration left = limit.minusNanos(System.nanoTime() - start);
    if (!left.isPositive()) {
      throw new RequestRefused(429, BUSY);
    }
    return left;
  }

  private static RequestRefused busy(Exception cause) {
    return new RequestRefused(429, BUSY, cause);
  }

  private static RuntimeException unwrapped(ExecutionException e) throws IOException {
    Throwable cause = e.getCause();
    if (cause instanceof IOException failure) {
      throw failure;
    }
    if (cause instanceof Error failure) {
      throw failure;
    }
    return cause instanceof RuntimeException failure ? failure : new IllegalStateException(e);
  }
}
