package io.github.semblance.opensearch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class UnicodeTest {
  @Test
  void halvesAreFoundWhereverTheyAre() {
    Unicode.requireWellFormed(Map.of("a", "rocket \ud83d\ude80", "b", List.of(1, true)));
    assertEquals(
        "field [a] must be well-formed Unicode, got half a surrogate pair, \\ud83d, at 2",
        refused(Map.of("a", "x \ud83d")));
    assertEquals(
        "field [a.b] must be well-formed Unicode, got half a surrogate pair, \\ude80, at 0",
        refused(Map.of("a", List.of(1, Map.of("b", "\ude80\ud83d")))));
    assertEquals(
        "field [?] must be well-formed Unicode, got half a surrogate pair, \\ud83d, at 0",
        refused(Map.of("\ud83d", 1)));
  }

  private static String refused(Map<String, Object> document) {
    return String.valueOf(
        assertThrows(IllegalArgumentException.class, () -> Unicode.requireWellFormed(document))
            .getMessage());
  }
}
