package io.github.semblance.bert;

import io.github.semblance.embed.EmbeddingException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A fixed number of daemon threads on each of which libtorch computes by itself. Safe for use by
 * many threads.
 *
 * <p>libtorch is taken down when the process exits, and a thread that still computes then crashes
 * it. A program may have the process wait for calls under way, up to a limit, and cancel those not
 * begun: {@link #finishAtExit}. Nobody else's process gets a shutdown hook.
 */
final class TorchPool implements AutoCloseable {
  /** More than any call takes, in seconds. */
  private static final int LONGEST_CALL_S = 10;

  private static final AtomicInteger POOLS = new AtomicInteger();

  private static final Set<TorchPool> OPEN = ConcurrentHashMap.newKeySet();

  private static final AtomicBoolean FINISHES_AT_EXIT = new AtomicBoolean();

  private final ExecutorService threads;

  /**
   * Starts no thread before there is work.
   *
   * @param purpose part of the threads' names
   */
  TorchPool(String purpose, int size) {
    String name = "semblance-" + purpose + "-" + POOLS.incrementAndGet();
    this.threads = Executors.newFixedThreadPool(size, factory(name + "-"));
    OPEN.add(this);
  }

  /** Registers the one shutdown hook of this process, once. */
  static void finishAtExit() {
    if (FINISHES_AT_EXIT.compareAndSet(false, true)) {
      Runtime.getRuntime()
          .addShutdownHook(
              Thread.ofPlatform()
                  .name("semblance-exit")
                  .unstarted(() -> OPEN.forEach(TorchPool::finish)));
    }
  }

  private static ThreadFactory factory(String prefix) {
    ThreadFactory named = Thread.ofPlatform().daemon().name(prefix, 1).factory();
    return task ->
        named.newThread(
            () -> {
              TorchRuntime.prepareThread(1);
              task.run();
            });
  }

  private void finish() {
    // Whoever waits for what has not begun is told, and does not keep the process waiting.
    threads.shutdownNow().forEach(task -> ((Future<?>) task).cancel(false));
    try {
      boolean unused =
          QueryThread.shutdown(LONGEST_CALL_S)
              && threads.awaitTermination(LONGEST_CALL_S, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  ExecutorService threads() {
    return threads;
  }

  boolean isShutDown() {
    return threads.isShutdown();
  }

  <T> Future<T> submit(Callable<T> task) {
    return threads.submit(task);
  }

  /**
   * Waits for shares of work, in order.
   *
   * @param size of all results together
   * @throws EmbeddingException if one failed, the caller was interrupted, or the process is exiting
   */
  static <T> List<T> collect(List<Future<List<T>>> shares, int size) {
    List<T> results = new ArrayList<>(size);
    try {
      for (Future<List<T>> share : shares) {
        results.addAll(share.get());
      }
      return results;
    } catch (ExecutionException e) {
      throw e.getCause() instanceof EmbeddingException known
          ? known
          : new EmbeddingException("embedding failed: " + e.getMessage(), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EmbeddingException("interrupted while embedding", e);
    } catch (CancellationException e) {
      throw new EmbeddingException("the process is exiting", e);
    } finally {
      shares.forEach(share -> share.cancel(false)); // after a failure nobody reads the rest
    }
  }

  /** Waits for what a failed call may have left running. */
  @Override
  public void close() {
    threads.close();
    OPEN.remove(this);
  }
}
