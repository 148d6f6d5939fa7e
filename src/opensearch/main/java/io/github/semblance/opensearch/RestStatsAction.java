package io.github.semblance.opensearch;

import java.util.List;
import org.opensearch.core.common.Strings;
import org.opensearch.rest.BaseRestHandler;
import org.opensearch.rest.RestRequest;
import org.opensearch.rest.action.RestActions.NodesResponseRestListener;
import org.opensearch.transport.client.node.NodeClient;

/** {@code GET /_semblance/stats} and {@code /_semblance/stats/NODES}. Stateless. */
final class RestStatsAction extends BaseRestHandler {

  @Override
  public String getName() {
    return "semblance_stats";
  }

  @Override
  public List<Route> routes() {
    return List.of(
        new Route(RestRequest.Method.GET, "/_semblance/stats"),
        new Route(RestRequest.Method.GET, "/_semblance/stats/{nodes}"));
  }

  @Override
  protected RestChannelConsumer prepareRequest(RestRequest rest, NodeClient client) {
    NodeStats.Request request =
        new NodeStats.Request(Strings.splitStringByCommaToArray(rest.param("nodes")));
    request.timeout(rest.param("timeout"));
    return channel ->
        client.execute(
            TransportStatsAction.ACTION, request, new NodesResponseRestListener<>(channel));
  }
}
