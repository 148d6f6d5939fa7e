package io.github.semblance.opensearch;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.opensearch.ExceptionsHelper;
import org.opensearch.OpenSearchStatusException;
import org.opensearch.action.ActionListenerResponseHandler;
import org.opensearch.action.ActionRequest;
import org.opensearch.action.ActionRequestValidationException;
import org.opensearch.action.ActionType;
import org.opensearch.action.support.ActionFilters;
import org.opensearch.action.support.HandledTransportAction;
import org.opensearch.cluster.metadata.IndexNameExpressionResolver;
import org.opensearch.cluster.node.DiscoveryNode;
import org.opensearch.cluster.service.ClusterService;
import org.opensearch.common.Randomness;
import org.opensearch.common.inject.Inject;
import org.opensearch.common.unit.TimeValue;
import org.opensearch.core.action.ActionListener;
import org.opensearch.core.action.ActionResponse;
import org.opensearch.core.common.io.stream.StreamInput;
import org.opensearch.core.common.io.stream.StreamOutput;
import org.opensearch.core.rest.RestStatus;
import org.opensearch.core.tasks.TaskCancelledException;
import org.opensearch.core.tasks.TaskId;
import org.opensearch.tasks.CancellableTask;
import org.opensearch.tasks.Task;
import org.opensearch.tasks.TaskResourceTrackingService;
import org.opensearch.transport.TransportRequestOptions;
import org.opensearch.transport.TransportService;

/**
 * Embeds the text of a query: on the node that was asked if that may use the model, otherwise on
 * one that may. Where that one does not answer, one more is asked. Thread-safe.
 *
 * <p>Nodes ask each other as they do for the shards of a search: by an internal action, for which a
 * user needs no permission, and with a child of the search's task, which is cancelled with it.
 */
public final class TransportEmbedAction
    extends HandledTransportAction<TransportEmbedAction.Request, TransportEmbedAction.Response> {
  static final ActionType<Response> ACTION =
      new ActionType<>("internal:semblance/embed", Response::new);

  /** Of each of at most two nodes. It may have to load the model. */
  private static final TimeValue LIMIT = TimeValue.timeValueSeconds(30);

  private final NodeModels models;
  private final ClusterService cluster;
  private final TransportService transport;

  /** Called by OpenSearch. */
  @Inject
  public TransportEmbedAction(
      NodeModels models,
      QueryNode queries,
      ClusterService cluster,
      IndexNameExpressionResolver names,
      TransportService transport,
      ActionFilters filters) {
    super(ACTION.name(), transport, filters, Request::new);
    this.models = models;
    this.cluster = cluster;
    this.transport = transport;
    queries.start(cluster::state, names, this);
  }

  /** A text for one of the models of the node that is asked. */
  static final class Request extends ActionRequest {
    private final String model;
    private final String text;

    Request(String model, String text) {
      this.model = model;
      this.text = text;
    }

    Request(StreamInput in) throws IOException {
      super(in);
      Wire.requireVersion(in, "a text to embed");
      model = in.readString();
      text = in.readString();
    }

    @Override
    public void writeTo(StreamOutput out) throws IOException {
      super.writeTo(out);
      Wire.writeVersion(out);
      out.writeString(model);
      out.writeString(text);
    }

    @Override
    public @Nullable ActionRequestValidationException validate() {
      return null;
    }

    @Override
    public Task createTask(
        long id, String type, String action, TaskId parent, Map<String, String> headers) {
      String description = "model [" + model + "], text [" + text + "]";
      return new CancellableTask(id, type, action, description, parent, headers) {
        @Override
        public boolean shouldCancelChildrenOnCancellation() {
          return false; // it has none
        }
      };
    }
  }

  /** The vector. */
  static final class Response extends ActionResponse {
    private final QueryVector vector;

    Response(QueryVector vector) {
      this.vector = vector;
    }

    Response(StreamInput in) throws IOException {
      super(in);
      vector = QueryVector.read(in);
    }

    @Override
    public void writeTo(StreamOutput out) throws IOException {
      vector.writeTo(out);
    }
  }

  /** For another node. */
  @Override
  protected void doExecute(Task task, Request request, ActionListener<Response> listener) {
    models.embedQuery(
        task, request.model, request.text, ActionListener.map(listener, Response::new));
  }

  /** For the search whose thread this is. */
  void embed(String model, String text, ActionListener<QueryVector> listener) {
    Long search =
        transport
            .getThreadPool()
            .getThreadContext()
            .getTransient(TaskResourceTrackingService.TASK_ID);
    if (models.mayUse(model)) {
      Task task = search == null ? null : transport.getTaskManager().getTask(search);
      models.embedQuery(task, model, text, listener);
      return;
    }
    Request request = new Request(model, text);
    if (search != null) {
      request.setParentTask(transport.getLocalNode().getId(), search);
    }
    List<DiscoveryNode> nodes = having(model);
    Collections.shuffle(nodes, Randomness.get());
    if (nodes.isEmpty()) {
      listener.onFailure(
          new OpenSearchStatusException(
              "no node of the cluster may use the model [{}]; name it in semblance.model or"
                  + " semblance.models of the nodes that hold the index",
              RestStatus.SERVICE_UNAVAILABLE,
              model));
    } else {
      ask(nodes.subList(0, Math.min(2, nodes.size())).iterator(), request, listener);
    }
  }

  private void ask(
      Iterator<DiscoveryNode> nodes, Request request, ActionListener<QueryVector> listener) {
    DiscoveryNode node = nodes.next();
    transport.sendRequest(
        node,
        ACTION.name(),
        request,
        TransportRequestOptions.builder().withTimeout(LIMIT).build(),
        new ActionListenerResponseHandler<>(
            ActionListener.delegateResponse(
                ActionListener.map(listener, (Response response) -> response.vector),
                (vector, failure) -> {
                  if (!mayBeOfTheNode(failure)) {
                    vector.onFailure(failure);
                  } else if (nodes.hasNext()) {
                    ask(nodes, request, listener);
                  } else {
                    vector.onFailure(
                        new OpenSearchStatusException(
                            "the query was not embedded: this node may not use the model [{}], and"
                                + " node [{}], which may, failed; ask again, and look at its log",
                            RestStatus.SERVICE_UNAVAILABLE,
                            failure,
                            request.model,
                            node.getName()));
                  }
                }),
            Response::new));
  }

  /** Whether another node might do what one did not. */
  private static boolean mayBeOfTheNode(Exception failure) {
    return ExceptionsHelper.status(failure).getStatus() >= RestStatus.TOO_MANY_REQUESTS.getStatus()
        && ExceptionsHelper.unwrap(failure, TaskCancelledException.class) == null;
  }

  /** The nodes that may use a model, this one among them. */
  List<DiscoveryNode> having(String model) {
    List<DiscoveryNode> nodes = new ArrayList<>();
    for (DiscoveryNode node : cluster.state().nodes()) {
      if (ModelAllocation.mayUse(node, model)) {
        nodes.add(node);
      }
    }
    return nodes;
  }
}
