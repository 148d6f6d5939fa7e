package io.github.semblance.opensearch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.opensearch.common.settings.Settings;

final class ModelAllocationTest {
  @Test
  void whatANodeMayUseIsInItsAttribute() {
    Settings node =
        Settings.builder()
            .put("semblance.model", "a")
            .putList("semblance.models", List.of("/folder/b, c", "a"))
            .build();
    String attribute = ModelAllocation.attribute(node).get("node.attr.semblance_models");
    assertEquals("a|/folder/b, c", attribute);
    assertNull(ModelAllocation.missing(Set.of("/folder/b, c"), attribute));
    assertEquals("d", ModelAllocation.missing(Set.of("a", "d"), attribute));
    assertEquals("a", ModelAllocation.missing(Set.of("a"), null));
    assertNull(ModelAllocation.missing(Set.of(), null));
  }

  @Test
  void modelsOfAMappingAreFoundHoweverDeep() {
    Map<String, Object> vector = Map.of("type", "semblance_vector", "model", "m");
    Set<String> models = new HashSet<>();
    ModelAllocation.addModels(
        Map.of(
            "properties",
            Map.of(
                "text",
                Map.of("type", "text"),
                "part",
                Map.of("properties", Map.of("p", Map.of("properties", Map.of("v", vector)))))),
        models);
    assertEquals(Set.of("m"), models);
  }
}
