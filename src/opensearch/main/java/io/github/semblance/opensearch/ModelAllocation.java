package io.github.semblance.opensearch;

import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.opensearch.cluster.metadata.IndexMetadata;
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

  private final MappedModels mapped;

  ModelAllocation(MappedModels mapped) {
    this.mapped = mapped;
  }

  /** What a node says of itself. */
  static Settings attribute(Settings node) {
    return Settings.builder()
        .put("node.attr." + ATTRIBUTE, String.join(SEPARATOR, NodeSettings.models(node)))
        .build();
  }

  @Override
  public Decision canAllocate(ShardRouting shard, RoutingNode node, RoutingAllocation allocation) {
    IndexMetadata index = allocation.metadata().getIndexSafe(shard.index());
    String missing = missing(mapped.of(index).values(), node.node().getAttributes().get(ATTRIBUTE));
    return missing == null
        ? allocation.decision(Decision.YES, NAME, "the node has what the index needs")
        : allocation.decision(
            Decision.NO,
            NAME,
            "the index has vectors of the model [%s], which the node may not use: install the plugin"
                + " there, and name the model in its semblance.model or semblance.models",
            missing);
  }

  @Override
  public Decision canRemain(ShardRouting shard, RoutingNode node, RoutingAllocation allocation) {
    return canAllocate(shard, node, allocation);
  }

  /** Whether a node may use a model. */
  static boolean mayUse(DiscoveryNode node, String model) {
    return missing(Set.of(model), node.getAttributes().get(ATTRIBUTE)) == null;
  }

  /**
   * The first of some models that a node may not use.
   *
   * @param attribute what the node says; null for one without the plugin
   */
  static @Nullable String missing(Collection<String> needed, @Nullable String attribute) {
    Set<String> left = new HashSet<>(needed);
    if (attribute != null) {
      Arrays.asList(attribute.split("\\" + SEPARATOR, -1)).forEach(left::remove);
    }
    return left.stream().sorted().findFirst().orElse(null);
  }
}
