package io.github.semblance.opensearch;

import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.opensearch.cluster.ClusterState;
import org.opensearch.cluster.metadata.IndexAbstraction;
import org.opensearch.cluster.metadata.IndexMetadata;
import org.opensearch.cluster.metadata.MappingMetadata;

/**
 * What indexes say of their vectors: whether they know what the ingest processor writes, which one
 * that does not would take for text, and which model they name. Thread-safe.
 */
final class TargetMapping {
  private final Supplier<ClusterState> cluster;

  TargetMapping(Supplier<ClusterState> cluster) {
    this.cluster = cluster;
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
  Optional<String> modelOf(String name, String field) {
    IndexAbstraction target = cluster.get().metadata().getIndicesLookup().get(name);
    IndexMetadata index = target == null ? null : target.getWriteIndex();
    if (index == null) {
      return Optional.empty();
    }
    return Optional.of(
        mappedModel(index, field)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "index ["
                            + index.getIndex().getName()
                            + "] must map the field ["
                            + field
                            + "] as ["
                            + VectorFieldMapper.TYPE
                            + "] in an object of type [nested] before documents are embedded for"
                            + " it: "
                            + example(field))));
  }

  /** The models that indexes name, without those that do not map the field. */
  Set<String> modelsOf(Function<ClusterState, String[]> indexes, String field) {
    ClusterState state = cluster.get();
    Set<String> models = new LinkedHashSet<>();
    for (String name : indexes.apply(state)) {
      IndexMetadata index = state.metadata().index(name);
      if (index != null) {
        mappedModel(index, field).ifPresent(models::add);
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

  private static Optional<String> mappedModel(IndexMetadata index, String field) {
    MappingMetadata mapping = index.mapping();
    Object object = mapping == null ? null : mapping.sourceAsMap();
    for (String name : field.split("\\.", -1)) {
      object = object instanceof Map<?, ?> map ? map.get("properties") : null;
      object = object instanceof Map<?, ?> properties ? properties.get(name) : null;
    }
    return object instanceof Map<?, ?> leaf
            && Objects.equals(leaf.get("type"), VectorFieldMapper.TYPE)
            && leaf.get("model") instanceof String model
        ? Optional.of(model)
        : Optional.empty();
  }
}
