package io.github.semblance.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

final class SearchWorkersTest {
  @Test
  void whatFindsNoPlaceIsToldSoAtOnce() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch end = new CountDownLatch(1);
    try (SearchWorkers workers = new SearchWorkers(1, 1, Duration.ofMinutes(1));
        ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<String> runs =
          clients.submit(
              () ->
                  workers.run(
                      (left, cancelled) -> {
                        begun.countDown();
                        await(end);
                        return "ran";
                      }));
      begun.await();
      Future<String> waits = clients.submit(() -> workers.run((left, cancelled) -> "waited"));
      while (workers.waiting() == 0) {
        Thread.sleep(1);
      }
      RequestRefused refused =
          assertThrows(RequestRefused.class, () -> workers.run((left, cancelled) -> "never"));
      assertEquals(429, refused.status());
      end.countDown();
      assertEquals("ran", runs.get());
      assertEquals("waited", waits.get());
    }
  }

  @Test
  void whoGivesUpIsNotWorkedForAnyMore() throws Exception {
    CountDownLatch stopped = new CountDownLatch(1);
    try (SearchWorkers workers = new SearchWorkers(1, 1, Duration.ofMillis(50));
        ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Integer> gone =
          clients.submit(
              () -> {
                try {
                  return workers.run(
                      (left, cancelled) -> {
                        assertTrue(left.compareTo(Duration.ofMillis(50)) <= 0);
                        while (!cancelled.shouldExit()) {
                          Thread.onSpinWait();
                        }
                        stopped.countDown();
                        return 0;
                      });
                } catch (RequestRefused e) {
                  return e.status();
                }
              });
      assertEquals(429, gone.get());
      stopped.await();
    }
  }

  @Test
  void failuresReachWhoAsked() {
    try (SearchWorkers workers = new SearchWorkers(1, 1, Duration.ofMinutes(1))) {
      assertThrows(
          IOException.class,
          () ->
              workers.run(
                  (left, cancelled) -> {
                    throw new IOException("disk");
                  }));
    }
  }

  private static void await(CountDownLatch latch) throws IOException {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }
}
