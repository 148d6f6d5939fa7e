package io.github.semblance.opensearch;

import java.util.concurrent.TimeUnit;
import org.apache.lucene.index.QueryTimeout;
import org.jspecify.annotations.Nullable;
import org.opensearch.core.tasks.TaskCancelledException;
import org.opensearch.search.query.QueryPhase;
import org.opensearch.tasks.CancellableTask;
import org.opensearch.tasks.Task;

/**
 * When the search of one shard ends: when its time is over, and when its task is cancelled. It ends
 * with the exception that OpenSearch's own searches end with. Safe for use by many threads.
 */
final class ShardDeadline implements QueryTimeout {
  private final @Nullable CancellableTask task;
  private final long start = System.nanoTime();
  private final long nanos;

  /**
   * Starts now.
   *
   * @param task null for one that nobody can cancel
   * @param millis how much time there is; negative for all
   */
  ShardDeadline(@Nullable CancellableTask task, long millis) {
    this.task = task;
    this.nanos = millis < 0 ? Long.MAX_VALUE : TimeUnit.MILLISECONDS.toNanos(millis);
  }

  /** Ends what nobody waits for any more. */
  static void requireNotCancelled(@Nullable Task task) {
    if (task instanceof CancellableTask one && one.isCancelled()) {
      throw new TaskCancelledException("cancelled: " + one.getReasonCancelled());
    }
  }

  @Override
  public boolean shouldExit() {
    requireNotCancelled(task);
    if (System.nanoTime() - start >= nanos) {
      throw new QueryPhase.TimeExceededException();
    }
    return false;
  }
}
