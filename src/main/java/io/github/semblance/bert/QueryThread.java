package io.github.semblance.bert;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread of this process whose work libtorch spreads over several cores, for all embedders.
 *
 * <p>One, because each such thread has a team of its own for ever, and GNU OpenMP lets threads that
 * wait for each other spin only while those of all teams are no more than the processors. With a
 * second team each operator of a query ends by going to sleep, and a query takes twice as long.
 */
final class QueryThread {
  private static final Logger LOG = LoggerFactory.getLogger(QueryThread.class);

  private static final ExecutorService THREAD =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().daemon().name("semblance-query").factory());

  private static final ThreadMXBean TIMES = ManagementFactory.getThreadMXBean();

  private static final Stalls STALLS = new Stalls();

  private QueryThread() {}

  /** Whether a query is likely to be faster here than on its caller's thread. */
  static boolean pays() {
    return STALLS.over();
  }

  /** Embeds a query on so many cores. */
  static <T> Future<T> submit(int cores, Callable<T> query) {
    return THREAD.submit(
        () -> {
          TorchRuntime.prepareThread(cores);
          long start = System.nanoTime();
          long processor = TIMES.getCurrentThreadCpuTime();
          try {
            return query.call();
          } finally {
            STALLS.took(System.nanoTime() - start, TIMES.getCurrentThreadCpuTime() - processor);
          }
        });
  }

  /** Waits until what was submitted is done, also if nobody waits for its result any more. */
  static void drain() {
    try {
      Void unused = CompletableFuture.runAsync(() -> {}, THREAD).join();
    } catch (RejectedExecutionException e) {
      LOG.debug("the process is exiting", e);
    }
  }

  /** Lets what runs come to its end and cancels the rest. For good. */
  static boolean shutdown(long seconds) throws InterruptedException {
    // Whoever waits for what has not begun is told, and does not keep the process waiting.
    for (Runnable waiting : THREAD.shutdownNow()) {
      if (waiting instanceof Future<?> task) {
        task.cancel(false);
      }
    }
    return THREAD.awaitTermination(seconds, TimeUnit.SECONDS);
  }
}
