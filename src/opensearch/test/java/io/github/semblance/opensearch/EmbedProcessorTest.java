package io.github.semblance.opensearch;

import static org.junit.jupiter.api.Assertions.assertEquals;
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

final class EmbedProcessorTest {
  private static List<String> strings(@Nullable Object value) {
    Map<String, Object> source = new HashMap<>();
    source.put("text", value);
    List<String> strings = new ArrayList<>();
    EmbedProcessor.addStrings(new IngestDocument(source, new HashMap<>()), "text", strings);
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
  void whatHasNoPlainFormIsRefused() {
    for (Object value : List.of(Map.of("a", 1), List.of("a", Map.of()), List.of(List.of("a")))) {
      String message =
          String.valueOf(
              assertThrows(IllegalArgumentException.class, () -> strings(value)).getMessage());
      assertTrue(message.startsWith("field [text] must hold strings, numbers or"), message);
    }
  }
}
