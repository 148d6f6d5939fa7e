package io.github.semblance.opensearch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.opensearch.ingest.IngestDocument;

final class TextFieldsTest {
  private static List<String> strings(@Nullable Object value) {
    Map<String, Object> source = new HashMap<>();
    source.put("text", value);
    List<String> strings = new ArrayList<>();
    TextFields.addStrings(new IngestDocument(source, new HashMap<>()), "text", strings);
    return strings;
  }

  @Test
  void numbersAreText() {
    assertEquals(List.of("42"), strings(42));
    assertEquals(List.of("-0.5"), strings(-0.5));
    assertEquals(List.of("true"), strings(true));
    assertEquals(List.of("a", "7"), strings(Arrays.asList("a", null, 7)));
    assertEquals(List.of(), strings(null));
    assertEquals(List.of(), strings(List.of()));
  }

  @Test
  void otherTextsHaveOtherHashes() {
    TextFields fields = new TextFields(List.of("text"), "title");
    String hash = hash(fields, Map.of("title", "a", "text", "b"));
    assertEquals(hash, hash(fields, Map.of("title", "a", "text", "b", "n", 1)));
    for (Map<String, Object> other :
        List.<Map<String, Object>>of(
            Map.of("title", "ab", "text", ""),
            Map.of("text", "ab"),
            Map.of("title", "b", "text", "a"),
            Map.of("title", "a", "text", List.of("b", "")))) {
      assertNotEquals(hash, hash(fields, other), other::toString);
    }
  }

  private static String hash(TextFields fields, Map<String, Object> source) {
    return TextFields.hash(fields.read(source));
  }

  @Test
  void whatHasNoPlainFormIsRefused() {
    for (Object value : List.of(Map.of("a", 1), List.of("a", Map.of()), List.of(List.of("a")))) {
      String message =
          String.valueOf(
              assertThrows(IllegalArgumentException.class, () -> strings(value)).getMessage());
      assertTrue(message.startsWith("field [text] must hold strings, numbers or"), message);
    }
  }
}
