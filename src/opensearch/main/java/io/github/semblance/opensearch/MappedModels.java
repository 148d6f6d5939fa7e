package io.github.semblance.opensearch;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.opensearch.cluster.ClusterState;
import org.opensearch.cluster.metadata.IndexAbstraction;
import org.opensearch.cluster.metadata.IndexMetadata;
import org.opensearch.cluster.metadata.MappingMetadata;
import org.opensearch.common.cache.Cache;
import org.opensearch.common.cache.CacheBuilder;

/**
 * What indexes say of their vectors: whether they know what the ingest processor writes, which one
 * that does not would take for text, and which model they name. A mapping is read once.
 * Thread-safe.
 */
final class MappedModels {
  /** A version of an index's mapping. */
  private record Version(String uuid, long mapping) {}

  /** More indexes than this are looked at anew. */
  private final Cache<Version, Map<String, String>> known =
      CacheBuilder.<Version, Map<String, String>>builder().setMaximumWeight(1_000).build();

  /** The models of all fields of vectors, by the full names of the fields. */
  Map<String, String> of(IndexMetadata index) {
    Version version = new Version(index.getIndexUUID(), index.getMappingVersion());
    Map<String, String> models = known.get(version);
    if (models == null) {
      MappingMetadata mapping = index.mapping();
      models = mapping == null ? Map.of() : of(mapping.sourceAsMap());
      known.put(version, models);
    }
    return models;
  }

  /** Those of a mapping. */
  static Map<String, String> of(Map<?, ?> mapping) {
    Map<String, String> models = new HashMap<>();
    add(mapping, "", models);
    return Map.copyOf(models);
  }

  private static void add(Map<?, ?> object, String path, Map<String, String> models) {
    if (object.get("properties") instanceof Map<?, ?> fields) {
      fields.forEach(
          (name, value) -> {
            if (value instanceof Map<?, ?> field) {
              if (VectorFieldMapper.TYPE.equals(field.get("type"))
                  && field.get("model") instanceof String model) {
                models.put(path + name, model);
              }
              add(field, path + name + ".", models);
            }
          });
    }
  }

  /**
   * The model that an index names, by default that of the node on which it was mapped. Nothing for
   * one that is yet to be made, which is left to its template.
   *
   * @param name of the index, an alias or a data stream
   * @param field full name
   * @throws IllegalArgumentException if the index does not map the field as {@code
   *     semblance_vector}
   */
  Optional<String> modelOf(ClusterState state, String name, String field) {
    IndexAbstraction target = state.metadata().getIndicesLookup().get(name);
    IndexMetadata index = target == null ? null : target.getWriteIndex();
    if (index == null) {
      return Optional.empty();
    }
    String model = of(index).get(field);
    if (model == null) {
      throw new IllegalArgumentException(
          "index ["
              + index.getIndex().getName()
              + "] must map the field ["
              + field
              + "] as ["
              + VectorFieldMapper.TYPE
              + "] in an object of type [nested] before documents are embedded for it: "
              + example(field));
    }
    return Optional.of(model);
  }

  /** The models that indexes name, without those that do not map the field. */
  Set<String> modelsOf(ClusterState state, String[] indexes, String field) {
    Set<String> models = new LinkedHashSet<>();
    for (String name : indexes) {
      IndexMetadata index = state.metadata().index(name);
      String model = index == null ? null : of(index).get(field);
      if (model != null) {
        models.add(model);
      }
    }
    return models;
  }

  private static String example(String field) {
    int dot = field.lastIndexOf('.');
    return "\""
        + field.substring(0, dot)
        + "\": {\"type\": \"nested\", \"properties\": {\""
        + field.substring(dot + 1)
        + "\": {\"type\": \""
        + VectorFieldMapper.TYPE
        + "\"}}}";
  }
}
