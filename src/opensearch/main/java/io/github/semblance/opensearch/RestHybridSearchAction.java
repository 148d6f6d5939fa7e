package io.github.semblance.opensearch;

import java.io.IOException;
import java.util.List;
import org.opensearch.core.common.Strings;
import org.opensearch.core.xcontent.XContentParser;
import org.opensearch.rest.BaseRestHandler;
import org.opensearch.rest.RestRequest;
import org.opensearch.rest.action.RestCancellableNodeClient;
import org.opensearch.rest.action.RestToXContentListener;
import org.opensearch.transport.client.node.NodeClient;

/** {@code GET} or {@code POST /INDEX/_semblance/search}: hybrid search. Stateless. */
final class RestHybridSearchAction extends BaseRestHandler {

  @Override
  public String getName() {
    return "semblance_search";
  }

  @Override
  public List<Route> routes() {
    return List.of(
        new Route(RestRequest.Method.GET, "/{index}/_semblance/search"),
        new Route(RestRequest.Method.POST, "/{index}/_semblance/search"));
  }

  @Override
  protected RestChannelConsumer prepareRequest(RestRequest rest, NodeClient client)
      throws IOException {
    HybridSearchRequest request;
    try (XContentParser parser = rest.contentParser()) {
      request = HybridSearchRequest.parse(parser);
    }
    request.indices(Strings.splitStringByCommaToArray(rest.param("index")));
    request.routing(rest.param("routing"));
    request.preference(rest.param("preference"));
    return channel ->
        new RestCancellableNodeClient(client, rest.getHttpChannel())
            .execute(HybridSearchResponse.ACTION, request, new RestToXContentListener<>(channel));
  }
}
