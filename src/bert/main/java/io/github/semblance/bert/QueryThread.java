package io.github.semblance.bert;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The one thread of this process whose work libtorch spreads over several cores, for all embedders;
 * it ends when there has been no query for a minute.
 *
 * <p>One, because each such thread has a team of its own, and GNU OpenMP lets threads that wait for
 * each other spin only while those of all teams are no more than the processors. With a second team
 * each operator of a query ends by going to sleep, and a query takes twice as long.
 */
final class QueryThread {
  private static final ThreadPoolExecutor THREAD =
      new ThreadPoolExecutor(
          1,
          1,
          1,
          TimeUnit.MINUTES,
          new LinkedBlockingQueue<>(),
          // It must not keep alive what the first caller's thread has of its application.
          Thread.ofPlatform()
              .daemon()
              .inheritInheritableThreadLocals(false)
              .name("semblance-query")
              .factory());

  private static final ThreadMXBean TIMES = ManagementFactory.getThreadMXBean();

  /** Elsewhere there is no GNU OpenMP, and a thread's time may tick by more than a query takes. */
  private static final boolean TIMES_TELL =
      System.getProperty("os.name", "").equals("Linux")
          && TIMES.isCurrentThreadCpuTimeSupported()
          && TIMES.isThreadCpuTimeEnabled();

  private static final Stalls STALLS = new Stalls();

  static {
    THREAD.allowCoreThreadTimeOut(true);
  }

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
          return TIMES_TELL ? timed(query) : query.call();
        });
  }

  private static <T> T timed(Callable<T> query) throws Exception {
    long start = System.nanoTime();
    long processor = TIMES.getCurrentThreadCpuTime();
    T result = query.call();
    STALLS.took(System.nanoTime() - start, TIMES.getCurrentThreadCpuTime() - processor);
    return result;
  }

  /** Lets what runs come to its end and cancels the rest. For good. */
  static boolean shutdown(long seconds) throws InterruptedException {
    // Whoever waits for what has not begun is told, and does not keep the process waiting.
    THREAD.shutdownNow().forEach(task -> ((Future<?>) task).cancel(false));
    return THREAD.awaitTermination(seconds, TimeUnit.SECONDS);
  }
}
