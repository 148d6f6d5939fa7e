package io.github.semblance.opensearch;

import io.github.semblance.embed.EmbeddingModel;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.opensearch.action.FailedNodeException;
import org.opensearch.action.support.nodes.BaseNodeResponse;
import org.opensearch.action.support.nodes.BaseNodesRequest;
import org.opensearch.action.support.nodes.BaseNodesResponse;
import org.opensearch.cluster.ClusterName;
import org.opensearch.cluster.node.DiscoveryNode;
import org.opensearch.core.common.io.stream.StreamInput;
import org.opensearch.core.common.io.stream.StreamOutput;
import org.opensearch.core.xcontent.ToXContentFragment;
import org.opensearch.core.xcontent.XContentBuilder;
import org.opensearch.threadpool.ThreadPool;
import org.opensearch.threadpool.ThreadPoolStats;

/**
 * What a node tells of its models: which it has, what they embedded, who waits for them, and what
 * memory is outside of the Java heap. Immutable as long as nobody writes to the map.
 */
final class NodeStats extends BaseNodeResponse {
  private final Map<String, Object> stats;

  private NodeStats(DiscoveryNode node, Map<String, Object> stats) {
    super(node);
    this.stats = stats;
  }

  NodeStats(StreamInput in) throws IOException {
    super(in);
    Wire.requireVersion(in, "the stats of a node");
    stats = in.readMap();
  }

  @Override
  public void writeTo(StreamOutput out) throws IOException {
    super.writeTo(out);
    Wire.writeVersion(out);
    out.writeMap(stats);
  }

  /** Gathers those of this node. */
  static NodeStats of(DiscoveryNode node, NodeModels models, ThreadPool threads) {
    Map<String, Object> stats = new LinkedHashMap<>();
    stats.put("name", node.getName());
    stats.put("model", models.defaultModel());
    if (models.mayUse(models.defaultModel())) {
      EmbeddingModel facts = models.facts(models.defaultModel());
      stats.put("fingerprint", facts.fingerprint());
      stats.put("dimension", facts.dimension());
      stats.put("properties", facts.properties());
    }
    stats.put("models", models.models().names());
    stats.put("loaded", models.models().loaded());
    Map<String, Object> queries = new LinkedHashMap<>();
    models.counts().addQueries(queries);
    addQueue(queries, threads, NodeModels.QUERY);
    stats.put("queries", queries);
    Map<String, Object> documents = new LinkedHashMap<>();
    models.counts().addDocuments(documents);
    addQueue(documents, threads, NodeModels.INGEST);
    stats.put("documents", documents);
    NativeMemory.used().ifPresent(bytes -> stats.put("native_memory_in_bytes", bytes));
    return new NodeStats(node, stats);
  }

  private static void addQueue(Map<String, Object> stats, ThreadPool threads, String pool) {
    for (ThreadPoolStats.Stats one : threads.stats()) {
      if (one.getName().equals(pool)) {
        stats.put("queue", one.getQueue());
        stats.put("active", one.getActive());
        stats.put("rejected", one.getRejected());
      }
    }
  }

  /** Asks nodes, all by default. */
  static final class Request extends BaseNodesRequest<Request> {

    Request(String... nodes) {
      super(nodes);
    }

    Request(StreamInput in) throws IOException {
      super(in);
    }
  }

  /** What all nodes that were asked tell. */
  static final class Response extends BaseNodesResponse<NodeStats> implements ToXContentFragment {

    Response(ClusterName cluster, List<NodeStats> nodes, List<FailedNodeException> failures) {
      super(cluster, nodes, failures);
    }

    Response(StreamInput in) throws IOException {
      super(in);
    }

    @Override
    protected List<NodeStats> readNodesFrom(StreamInput in) throws IOException {
      return in.readList(NodeStats::new);
    }

    @Override
    protected void writeNodesTo(StreamOutput out, List<NodeStats> nodes) throws IOException {
      out.writeList(nodes);
    }

    @Override
    public XContentBuilder toXContent(XContentBuilder builder, Params params) throws IOException {
      builder.startObject("nodes");
      for (NodeStats one : getNodes()) {
        builder.field(one.getNode().getId()).map(one.stats);
      }
      return builder.endObject();
    }
  }
}
