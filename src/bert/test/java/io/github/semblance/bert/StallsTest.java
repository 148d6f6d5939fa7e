package io.github.semblance.bert;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class StallsTest {
  private final Stalls stalls = new Stalls();

  @Test
  void oneStallIsAnAccident() {
    stalls.took(100, 50);
    assertTrue(stalls.over());
    stalls.took(100, 90);
    stalls.took(100, 50);
    assertTrue(stalls.over());
  }

  @Test
  void severalInARowLastUntilAQueryGoesWellAgain() {
    stalls.took(100, 50);
    stalls.took(100, 74);
    assertEquals(2, IntStream.range(0, 64).filter(query -> stalls.over()).count());
    stalls.took(100, 50);
    assertFalse(stalls.over());
    stalls.took(100, 75);
    assertTrue(stalls.over());
    assertTrue(stalls.over());
  }
}
