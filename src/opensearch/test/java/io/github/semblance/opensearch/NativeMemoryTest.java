package io.github.semblance.opensearch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.opensearch.core.common.breaker.CircuitBreakingException;
import org.opensearch.core.rest.RestStatus;

final class NativeMemoryTest {
  static {
    NewerLucene.allow();
  }

  @Test
  void whatTakesMoreIsRefusedWhileThereIsTooLittle() {
    AtomicLong used = new AtomicLong(3 << 20);
    NativeMemory memory = new NativeMemory(2 << 20, () -> OptionalLong.of(used.get()));
    CircuitBreakingException refused =
        assertThrows(CircuitBreakingException.class, () -> memory.require("embedding"));
    assertEquals(RestStatus.TOO_MANY_REQUESTS, refused.status());
    assertTrue(
        String.valueOf(refused.getMessage())
            .startsWith("embedding must wait: 3mb of memory outside of the Java heap"),
        refused::toString);
    used.set(2 << 20);
    memory.require("embedding");
  }

  @Test
  void whereNothingTellsNothingIsRefused() {
    new NativeMemory(1, OptionalLong::empty).require("embedding");
    assertTrue(NativeMemory.defaultLimit().getBytes() >= 1L << 30);
  }
}
