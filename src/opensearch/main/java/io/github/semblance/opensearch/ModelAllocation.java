package io.github.semblance.opensearch;

import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.opensearch.cluster.metadata.IndexMetadata;
import org.opensearch.cluster.metadata.MappingMetadata;
import org.opensearch.cluster.node.DiscoveryNode;
import org.opensearch.cluster.routing.RoutingNode;
import org.opensearch.cluster.routing.ShardRouting;
import org.opensearch.cluster.routing.allocation.RoutingAllocation;
import org.opensearch.cluster.routing.allocation.decider.AllocationDecider;
import org.opensearch.cluster.routing.allocation.decider.Decision;
import org.opensearch.common.settings.Settings;

/**
 * Keeps shards with vectors away from nodes that cannot serve them: without the plugin they would
 * fail there again and again, and without the model nothing could be embedded for them. Each node
 * says in an attribute which models it may use. Thread-safe.
 */
final class ModelAllocation extends AllocationDecider {
  private static final String NAME = "semblance_model";
  private static final String ATTRIBUTE = "semblance_models";
  private static final String SEPARATOR = "|";

  /** More indexes than this are looked at anew each time. */
  private static final int MOST_KNOWN = 1_000;

  /** An index and which of its mappings. */
  private record Version(String uuid, long mapping) {}

  /** Guarded by itself. */
  private final Map<Version, Set<String>> known =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Version, Set<String>> eldest) {
          return size() > MOST_KNOWN;
        }
      };

  /** What a node says of itself. */
  static Settings attribute(Settings node) {
    return Settings.builder()
        .put("node.attr." + ATTRIBUTE, String.join(SEPARATOR, NodeSettings.models(node)))
        .build();
  }

  @Override
  public Decision canAllocate(ShardRouting shard, RoutingNode node, RoutingAllocation allocation) {
    return decide(allocation, allocation.metadata().getIndexSafe(shard.index()), node.node());
  }

  @Override
  public Decision canRemain(ShardRouting shard, RoutingNode node, RoutingAllocation allocation) {
    return canAllocate(shard, node, allocation);
  }

  private Decision decide(RoutingAllocation allocation, IndexMetadata index, DiscoveryNode node) {
    Set<String> needed = modelsOf(index);
    String missing = missing(needed, node.getAttributes().get(ATTRIBUTE));
    return missing == null
        ? allocation.decision(Decision.YES, NAME, "the node has what the index needs")
        : allocation.decision(
            Decision.NO,
            NAME,
            "the index has vectors of the model [%s], which the node may not use: install the plugin"
                + " there, and name the model in its semblance.model or semblance.models",
            missing);
  }

  /**
   * The first of some models that a node may not use.
   *
   * @param attribute what the node says; null for one without the plugin
   */
  static @Nullable String missing(Set<String> needed, @Nullable String attribute) {
    Set<String> left = new HashSet<>(needed);
    if (attribute != null) {
      Arrays.asList(attribute.split("\\" + SEPARATOR, -1)).forEach(left::remove);
    }
    return left.stream().sorted().findFirst().orElse(null);
  }

  private Set<String> modelsOf(IndexMetadata index) {
    Version version = new Version(index.getIndexUUID(), index.getMappingVersion());
    synchronized (known) {
      Set<String> models = known.get(version);
      if (models == null) {
        MappingMetadata mapping = index.mapping();
        models = new HashSet<>();
        if (mapping != null) {
          addModels(mapping.sourceAsMap(), models);
        }
        known.put(version, models);
      }
      return models;
    }
  }

  /** Adds the models of all fields of vectors in a mapping, however deep they are. */
  static void addModels(Map<?, ?> mapping, Set<String> models) {
    if (VectorFieldMapper.TYPE.equals(mapping.get("type"))
        && mapping.get("model") instanceof String model) {
      models.add(model);
      return;
    }
    for (Object inner : mapping.values()) {
      if (inner instanceof Map<?, ?> object) {
        addModels(object, models);
      }
    }
  }
}
