package io.github.semblance.opensearch;

import java.util.concurrent.TimeUnit;
import org.apache.lucene.index.QueryTimeout;
import org.opensearch.core.tasks.TaskCancelledException;
import org.opensearch.tasks.CancellableTask;
import org.opensearch.tasks.Task;

/**
 * When the search of one shard ends: with what it has found when its time is over, with an
 * exception when its task is cancelled. Safe for use by many threads.
 */
final class ShardDeadline implements QueryTimeout {
  private final Task task;
  private final long start = System.nanoTime();
  private final long nanos;
  private volatile boolean passed;

  /**
   * Starts now.
   *
   * @param millis how much time there is; negative for all
   */
  ShardDeadline(Task task, long millis) {
    this.task = task;
    this.nanos = millis < 0 ? Long.MAX_VALUE : TimeUnit.MILLISECONDS.toNanos(millis);
  }

  @Override
  public boolean shouldExit() {
    if (task instanceof CancellableTask cancellable && cancellable.isCancelled()) {
      throw new TaskCancelledException("cancelled: " + cancellable.getReasonCancelled());
    }
    passed |= System.nanoTime() - start >= nanos;
    return passed;
  }

  /** Whether the time was over before the search was done. */
  boolean hasPassed() {
    return passed;
  }
}
