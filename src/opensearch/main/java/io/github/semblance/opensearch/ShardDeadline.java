package io.github.semblance.opensearch;

import java.util.concurrent.TimeUnit;
import org.apache.lucene.index.QueryTimeout;
import org.jspecify.annotations.Nullable;
import org.opensearch.core.tasks.TaskCancelledException;
import org.opensearch.search.query.QueryPhase;
import org.opensearch.tasks.CancellableTask;

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

  @Override
  public boolean shouldExit() {
    if (task != null && task.isCancelled()) {
      throw new TaskCancelledException("cancelled: " + task.getReasonCancelled());
    }
    if (System.nanoTime() - start >= nanos) {
      throw new QueryPhase.TimeExceededException();
    }
    return false;
  }
}
