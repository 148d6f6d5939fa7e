package io.github.semblance.opensearch;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.opensearch.core.tasks.TaskCancelledException;
import org.opensearch.core.tasks.TaskId;
import org.opensearch.tasks.CancellableTask;

final class ShardDeadlineTest {

  private static CancellableTask task() {
    return new HybridSearchTask(1, "type", "action", "", TaskId.EMPTY_TASK_ID, Map.of());
  }

  @Test
  void timeIsOver() {
    ShardDeadline none = new ShardDeadline(task(), 0);
    assertFalse(none.hasPassed());
    assertTrue(none.shouldExit());
    assertTrue(none.hasPassed());
  }

  @Test
  void allTheTime() {
    ShardDeadline all = new ShardDeadline(task(), -1);
    assertFalse(all.shouldExit());
    assertFalse(all.hasPassed());
    assertFalse(new ShardDeadline(task(), Integer.MAX_VALUE).shouldExit());
  }

  @Test
  void cancelled() {
    CancellableTask task = task();
    ShardDeadline deadline = new ShardDeadline(task, -1);
    task.cancel("not wanted");
    String message =
        String.valueOf(assertThrows(TaskCancelledException.class, deadline::shouldExit));
    assertTrue(message.contains("not wanted"), message);
    assertTrue(task.shouldCancelChildrenOnCancellation());
  }
}
