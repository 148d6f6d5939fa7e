package io.github.semblance.opensearch;

import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.opensearch.action.IndicesRequest;
import org.opensearch.action.support.IndicesOptions;
import org.opensearch.cluster.metadata.IndexNameExpressionResolver;
import org.opensearch.index.query.QueryCoordinatorContext;
import org.opensearch.index.query.QueryRewriteContext;
import org.opensearch.index.query.QueryShardContext;

/** What queries need of the node that they are on. Thread-safe. */
final class QueryNode {
  private final NodeModels models;
  private final ShardSearches searches;
  private volatile @Nullable Indexes indexes;

  /** The indexes of the cluster, and how they are named. */
  private record Indexes(TargetMapping mapping, IndexNameExpressionResolver names) {}

  /**
   * Knows no index yet.
   *
   * @param models embed the text of queries
   * @param searches that they are part of
   */
  QueryNode(NodeModels models, ShardSearches searches) {
    this.models = models;
    this.searches = searches;
  }

  /** Before the first request. */
  void start(TargetMapping mapping, IndexNameExpressionResolver names) {
    indexes = new Indexes(mapping, names);
  }

  NodeModels models() {
    return models;
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
    Indexes known = indexes;
    if (known == null) {
      return Set.of();
    }
    String[] asked = request.indices() == null ? new String[0] : request.indices();
    String[] here = Arrays.stream(asked).filter(name -> !name.contains(":")).toArray(String[]::new);
    if (asked.length > 0 && here.length == 0) {
      return Set.of(); // of other clusters
    }
    Set<String> named =
        known.mapping.modelsOf(
            state ->
                known.names.concreteIndexNames(state, IndicesOptions.lenientExpandOpen(), here),
            field);
    // Whoever names no index means all, or those of a point in time: shards refuse what they must.
    return asked.length > 0
        ? named
        : named.stream()
            .filter(models.models().names()::contains)
            .collect(Collectors.toUnmodifiableSet());
  }
}
