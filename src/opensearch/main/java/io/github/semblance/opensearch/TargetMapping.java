package io.github.semblance.opensearch;

import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.opensearch.cluster.ClusterState;
import org.opensearch.cluster.metadata.IndexAbstraction;
import org.opensearch.cluster.metadata.IndexMetadata;
import org.opensearch.cluster.metadata.MappingMetadata;

/**
 * Whether an index knows what the ingest processor writes. One that does not would take vectors for
 * text. Thread-safe.
 */
final class TargetMapping {
  private final Supplier<ClusterState> cluster;

  TargetMapping(Supplier<ClusterState> cluster) {
    this.cluster = cluster;
  }

  /**
   * Refuses an index that does not map a field as {@code semblance_vector}. One that is yet to be
   * made is left to its template.
   *
   * @param name of the index, an alias or a data stream
   * @param field full name
   */
  void require(String name, String field) {
    IndexAbstraction target = cluster.get().metadata().getIndicesLookup().get(name);
    IndexMetadata index = target == null ? null : target.getWriteIndex();
    if (index != null && !isMapped(index.mapping(), field)) {
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

  private static boolean isMapped(@Nullable MappingMetadata mapping, String field) {
    if (mapping == null) {
      return false;
    }
    Object object = mapping.sourceAsMap();
    for (String name : field.split("\\.", -1)) {
      object = object instanceof Map<?, ?> map ? map.get("properties") : null;
      object = object instanceof Map<?, ?> properties ? properties.get(name) : null;
    }
    return object instanceof Map<?, ?> leaf
        && Objects.equals(leaf.get("type"), VectorFieldMapper.TYPE);
  }
}
