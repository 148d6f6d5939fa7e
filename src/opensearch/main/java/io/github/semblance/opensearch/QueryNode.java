package io.github.semblance.opensearch;

import java.util.Arrays;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.opensearch.action.IndicesRequest;
import org.opensearch.action.support.IndicesOptions;
import org.opensearch.cluster.ClusterState;
import org.opensearch.cluster.metadata.IndexNameExpressionResolver;
import org.opensearch.core.action.ActionListener;
import org.opensearch.index.query.QueryCoordinatorContext;
import org.opensearch.index.query.QueryRewriteContext;
import org.opensearch.index.query.QueryShardContext;

/** What queries need of the node that they are on. Thread-safe. */
final class QueryNode {
  private final NodeModels models;
  private final ShardSearches searches;
  private final MappedModels mapped;
  private volatile @Nullable Cluster cluster;

  /** Its state, how indexes are named, and its nodes. */
  private record Cluster(
      Supplier<ClusterState> state,
      IndexNameExpressionResolver names,
      TransportEmbedAction nodes) {}

  /**
   * Knows no index yet.
   *
   * @param models embed the text of queries
   * @param searches that they are part of
   * @param mapped by indexes
   */
  QueryNode(NodeModels models, ShardSearches searches, MappedModels mapped) {
    this.models = models;
    this.searches = searches;
    this.mapped = mapped;
  }

  /** Before the first request. */
  void start(
      Supplier<ClusterState> state, IndexNameExpressionResolver names, TransportEmbedAction nodes) {
    cluster = new Cluster(state, names, nodes);
  }

  /** Embeds the text of a query, for whoever may use the model here or on another node. */
  void embed(String model, String text, ActionListener<QueryVector> listener) {
    models.requireLength("query", text, NodeSettings.MAX_QUERY_LENGTH);
    Cluster known = cluster;
    if (known == null) {
      throw new IllegalStateException("the node has not started yet; try again");
    }
    known.nodes.embed(model, text, listener);
  }

  ShardSearches searches() {
    return searches;
  }

  /** The models of the indexes that a request is for, as far as this node knows them. */
  Set<String> modelsOf(QueryRewriteContext context, String field) {
    QueryShardContext shard = context.convertToShardContext();
    if (shard != null) {
      return shard.fieldMapper(field) instanceof VectorFieldMapper.VectorFieldType type
          ? Set.of(type.model())
          : Set.of(models.defaultModel());
    }
    QueryCoordinatorContext coordinator = context.convertToCoordinatorContext();
    Set<String> named =
        coordinator == null || coordinator.getSearchRequest() == null
            ? Set.of()
            : modelsOf(coordinator.getSearchRequest(), field);
    return named.isEmpty() ? Set.of(models.defaultModel()) : named;
  }

  private Set<String> modelsOf(IndicesRequest request, String field) {
    Cluster known = cluster;
    if (known == null) {
      return Set.of();
    }
    String[] asked = request.indices() == null ? new String[0] : request.indices();
    String[] here = Arrays.stream(asked).filter(name -> !name.contains(":")).toArray(String[]::new);
    if (asked.length > 0 && here.length == 0) {
      return Set.of(); // of other clusters
    }
    ClusterState state = known.state.get();
    String[] indexes =
        known.names.concreteIndexNames(state, IndicesOptions.lenientExpandOpen(), here);
    Set<String> named = mapped.modelsOf(state, indexes, field);
    // Whoever names no index means all, or those of a point in time: shards refuse what they must.
    return asked.length > 0
        ? named
        : named.stream()
            .filter(model -> !known.nodes.having(model).isEmpty())
            .collect(Collectors.toUnmodifiableSet());
  }
}
