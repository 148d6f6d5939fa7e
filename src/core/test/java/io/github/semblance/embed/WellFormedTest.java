package io.github.semblance.embed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WellFormedTest {
  @ParameterizedTest
  @ValueSource(strings = {"", "plain", "\uD83D\uDE80", "a\uD83D\uDE80\uD83D\uDE80b", "\uFFFD"})
  void aWellFormedTextIsTheSame(String text) {
    assertSame(text, WellFormed.text(text));
  }

  @Test
  void eachHalfIsReplacedAndNothingMoves() {
    assertEquals("rocket \uFFFD", WellFormed.text("rocket \uD83D"));
    assertEquals("\uFFFD rocket", WellFormed.text("\uDE80 rocket"));
    assertEquals("\uFFFD\uFFFD", WellFormed.text("\uDE80\uD83D"));
    assertEquals("\uFFFD\uD83D\uDE80\uFFFD", WellFormed.text("\uD83D\uD83D\uDE80\uDE80"));
    assertEquals("a\uFFFDb", WellFormed.text("a\uD800b"));
  }
}
