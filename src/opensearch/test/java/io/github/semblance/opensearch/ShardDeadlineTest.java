package io.github.semblance.opensearch;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.opensearch.core.tasks.TaskCancelledException;
import org.opensearch.core.tasks.TaskId;
import org.opensearch.search.query.QueryPhase;
import org.opensearch.tasks.CancellableTask;

final class ShardDeadlineTest {
  static {
    NewerLucene.allow();
  }

  private static CancellableTask task() {
    return new CancellableTask(1, "type", "action", "", TaskId.EMPTY_TASK_ID, Map.of()) {
      @Override
      public boolean shouldCancelChildrenOnCancellation() {
        return true;
      }
    };
  }

  @Test
  void timeIsOver() {
    ShardDeadline none = new ShardDeadline(null, 0);
    assertThrows(QueryPhase.TimeExceededException.class, none::shouldExit);
  }

  @Test
  void allTheTime() {
    assertFalse(new ShardDeadline(null, -1).shouldExit());
    assertFalse(new ShardDeadline(task(), Integer.MAX_VALUE).shouldExit());
  }

  @Test
  void itsTaskIsCancelled() {
    CancellableTask task = task();
    ShardDeadline deadline = new ShardDeadline(task, -1);
    assertFalse(deadline.shouldExit());
    task.cancel("nobody waits");
    assertThrows(TaskCancelledException.class, deadline::shouldExit);
  }
}
