package io.github.semblance.bert;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

final class AttentionTrialTest {
  private long now;
  private int runs;
  private boolean stopped;

  @Test
  void theFastestIsChosen() {
    assertEquals(1, best(takes(100), takes(60), takes(50), takes(80)));
  }

  @Test
  void libtorchStaysWhereOthersWinLittle() {
    assertEquals(-1, best(takes(100), takes(95), takes(91)));
  }

  @Test
  void whatTheJitCompilerHasNotSeenYetIsWaitedFor() {
    assertEquals(0, best(takes(100), () -> now += runs++ < 1000 ? 5_000 : 50));
  }

  @Test
  void whatStaysSlowIsGivenUp() {
    assertEquals(-1, best(takes(100), takes(500_000_000)));
    assertTrue(now < 10_000_000_000L, now + " ns");
  }

  @Test
  void theLeastTimeCountsBecauseOtherWorkOnlyAdds() {
    assertEquals(0, best(takes(100), () -> now += runs++ % 3 == 0 ? 50 : 500));
  }

  @Test
  void closingTheEmbedderEndsTheTrial() {
    Runnable closing =
        () -> {
          now += 50;
          stopped = ++runs >= 3;
        };
    assertEquals(-1, best(takes(100), closing));
    assertEquals(3, runs);
  }

  private int best(Runnable libtorch, Runnable... candidates) {
    return new AttentionTrial(() -> stopped, () -> now).run(libtorch, List.of(candidates)).best();
  }

  private Runnable takes(long ns) {
    return () -> now += ns;
  }
}
