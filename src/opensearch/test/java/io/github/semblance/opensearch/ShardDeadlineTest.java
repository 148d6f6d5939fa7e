package io.github.semblance.opensearch;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;
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
  void partsAreCancelledWithTheWhole() {
    assertTrue(task().shouldCancelChildrenOnCancellation());
  }
}
