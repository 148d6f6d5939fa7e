package io.github.semblance.opensearch;

import java.io.IOException;
import java.util.List;
import org.opensearch.action.ActionType;
import org.opensearch.action.FailedNodeException;
import org.opensearch.action.support.ActionFilters;
import org.opensearch.action.support.nodes.TransportNodesAction;
import org.opensearch.cluster.service.ClusterService;
import org.opensearch.common.inject.Inject;
import org.opensearch.core.common.io.stream.StreamInput;
import org.opensearch.threadpool.ThreadPool;
import org.opensearch.transport.TransportRequest;
import org.opensearch.transport.TransportService;

/** Gathers the {@link NodeStats} of nodes. Thread-safe. */
public final class TransportStatsAction
    extends TransportNodesAction<
        NodeStats.Request, NodeStats.Response, TransportRequest.Empty, NodeStats> {
  static final ActionType<NodeStats.Response> ACTION =
      new ActionType<>("cluster:monitor/semblance/stats", NodeStats.Response::new);

  private final NodeModels models;

  /** Called by OpenSearch. */
  @Inject
  public TransportStatsAction(
      NodeModels models,
      ThreadPool threadPool,
      ClusterService clusterService,
      TransportService transportService,
      ActionFilters filters) {
    super(
        ACTION.name(),
        threadPool,
        clusterService,
        transportService,
        filters,
        NodeStats.Request::new,
        TransportRequest.Empty::new,
        ThreadPool.Names.MANAGEMENT,
        NodeStats.class);
    this.models = models;
  }

  @Override
  protected NodeStats.Response newResponse(
      NodeStats.Request request, List<NodeStats> nodes, List<FailedNodeException> failures) {
    return new NodeStats.Response(clusterService.getClusterName(), nodes, failures);
  }

  @Override
  protected TransportRequest.Empty newNodeRequest(NodeStats.Request request) {
    return new TransportRequest.Empty();
  }

  @Override
  protected NodeStats newNodeResponse(StreamInput in) throws IOException {
    return new NodeStats(in);
  }

  @Override
  protected NodeStats nodeOperation(TransportRequest.Empty request) {
    return NodeStats.of(clusterService.localNode(), models, threadPool);
  }
}
