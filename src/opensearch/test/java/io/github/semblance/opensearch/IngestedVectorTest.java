package io.github.semblance.opensearch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.semblance.index.PassageVector;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class IngestedVectorTest {
  private static final float[] VECTOR = {0.5f, -1.25f, Float.MIN_VALUE};
  private static final IngestedVector WHOLE =
      new IngestedVector(
          "model",
          "f00d",
          new TextFields(List.of("text", "more"), "title"),
          "hash",
          new PassageVector(3, 9, VECTOR));

  @Test
  void whatIsWrittenIsReadToTheLastBit() {
    IngestedVector read = IngestedVector.parse(WHOLE.toMap());
    assertEquals("model", read.model());
    assertEquals("f00d", read.fingerprint());
    assertEquals(WHOLE.fields(), read.fields());
    assertEquals("hash", read.hash());
    assertEquals(3, read.passage().start());
    assertEquals(9, read.passage().end());
    assertArrayEquals(VECTOR, read.passage().vector());
  }

  @Test
  void whatTheProcessorDoesNotWriteIsRefused() {
    assertRefused("floats", "AAA=", "multiple of 4 bytes");
    assertRefused("floats", "no base64!", "base64");
    assertRefused("floats", 7, "floats must be a string, got: 7");
    assertRefused("start", "3", "start must be an integer, got: 3");
    assertRefused("start", 10, "offsets in a text, got: 10 and 9");
    assertRefused("extra", 1, "extra");
    assertRefused("text_fields", "text", "text_fields must be a list of strings, got: text");
    assertRefused("text_fields", List.of(1), "text_fields must be a list of strings, got: [1]");
    assertRefused("floats", "AAAAAA==", "got: 0.0");
    assertRefused("floats", "//9/fw==", "of a length from 1.0E-10 to 1.0E10, got: 3.4028");
    assertRefused("floats", "AADAfw==", "got: NaN");
  }

  private static void assertRefused(String field, Object value, String reason) {
    Map<String, Object> map = new HashMap<>(WHOLE.toMap());
    map.put(field, value);
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> IngestedVector.parse(map));
    assertTrue(String.valueOf(refused.getMessage()).contains(reason), refused::toString);
  }
}
