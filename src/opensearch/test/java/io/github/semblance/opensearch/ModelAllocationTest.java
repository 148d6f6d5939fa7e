package io.github.semblance.opensearch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.opensearch.Version;
import org.opensearch.cluster.metadata.IndexMetadata;
import org.opensearch.common.settings.Settings;

final class ModelAllocationTest {
  static {
    NewerLucene.allow();
  }

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
    Settings none = Settings.builder().put(node).put("semblance.models_loaded", 0).build();
    assertEquals("", ModelAllocation.attribute(none).get("node.attr.semblance_models"));
    assertEquals("a", ModelAllocation.missing(Set.of("a"), ""));
  }

  @Test
  void modelsOfAMappingAreFoundHoweverDeep() {
    Map<String, Object> vector = Map.of("type", "semblance_vector", "model", "m");
    Map<String, Object> passages = Map.of("properties", Map.of("v", vector));
    assertEquals(
        Map.of("part.p.v", "m"),
        MappedModels.of(
            Map.of(
                "properties",
                Map.of(
                    "text",
                    Map.of("type", "text"),
                    "part",
                    Map.of("properties", Map.of("p", passages))))));
  }

  @Test
  void anotherMappingOfAnIndexIsReadAnew() throws IOException {
    MappedModels models = new MappedModels();
    IndexMetadata.Builder index =
        IndexMetadata.builder("i")
            .settings(
                Settings.builder()
                    .put(IndexMetadata.SETTING_VERSION_CREATED, Version.CURRENT)
                    .put(IndexMetadata.SETTING_INDEX_UUID, "u"))
            .numberOfShards(1)
            .numberOfReplicas(0);
    assertEquals(Map.of(), models.of(index.build()));
    index
        .putMapping("{\"properties\": {\"v\": {\"type\": \"semblance_vector\", \"model\": \"m\"}}}")
        .mappingVersion(2);
    assertEquals(Map.of("v", "m"), models.of(index.build()));
  }
}
