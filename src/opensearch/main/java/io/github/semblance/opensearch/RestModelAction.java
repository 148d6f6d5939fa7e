package io.github.semblance.opensearch;

import io.github.semblance.embed.EmbeddingModel;
import java.util.List;
import org.opensearch.core.rest.RestStatus;
import org.opensearch.core.xcontent.XContentBuilder;
import org.opensearch.rest.BaseRestHandler;
import org.opensearch.rest.BytesRestResponse;
import org.opensearch.rest.RestRequest;
import org.opensearch.transport.client.node.NodeClient;

/** {@code GET /_semblance}: the model of the node that was asked, and what it did. Thread-safe. */
final class RestModelAction extends BaseRestHandler {
  private final NodeModel model;

  RestModelAction(NodeModel model) {
    this.model = model;
  }

  @Override
  public String getName() {
    return "semblance_model";
  }

  @Override
  public List<Route> routes() {
    return List.of(new Route(RestRequest.Method.GET, "/_semblance"));
  }

  @Override
  protected RestChannelConsumer prepareRequest(RestRequest request, NodeClient client) {
    return channel -> {
      EmbeddingModel facts = model.facts();
      NodeModel.Counts counts = model.counts();
      XContentBuilder answer = channel.newBuilder();
      answer.startObject();
      answer.field("node", client.getLocalNodeId());
      answer.field("model", facts.name());
      answer.field("dimension", facts.dimension());
      answer.field("properties", facts.properties());
      answer.field("fingerprint", facts.fingerprint());
      answer.startObject("embedded");
      answer.field("queries", counts.queries());
      answer.field("documents", counts.documents());
      answer.field("passages", counts.passages());
      answer.endObject().endObject();
      channel.sendResponse(new BytesRestResponse(RestStatus.OK, answer));
    };
  }
}
