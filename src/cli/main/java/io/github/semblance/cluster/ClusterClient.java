package io.github.semblance.cluster;

import io.github.semblance.index.SourceDocument;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Talks to one node of OpenSearch, in JSON. Safe for use by many threads. No answer is waited for
 * longer than two minutes, its body included.
 */
public final class ClusterClient implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final String PIPELINE =
      "{\"description\": \"Embeds title and text\", \"processors\": [{\"semblance\": {}}]}";
  private static final int TOO_MANY_REQUESTS = 429;

  /** How long documents are sent again to a node that has no room for them. */
  private static final Duration ROOM = Duration.ofMinutes(5);

  private static final JsonMapper JSON = new JsonMapper();

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();
  private final URI node;
  private final Duration patience;

  /** Talks to the node at a URL; nothing is sent yet. */
  public ClusterClient(URI node) {
    this(node, PATIENCE);
  }

  /**
   * Talks to the node at a URL.
   *
   * @param patience how long an answer may take, from the request to its last byte
   */
  ClusterClient(URI node, Duration patience) {
    this.node = node;
    this.patience = patience;
  }

  /**
   * What a node answered.
   *
   * @param status of HTTP
   * @param body the answer in JSON
   */
  public record Reply(int status, JsonNode body) {
    /** Whether the status is one of success. */
    public boolean isOk() {
      return status / 100 == 2;
    }

    /** Why it refused. */
    public String reason() {
      JsonNode error = body.path("error");
      return error.path("reason").asString(error.toString());
    }
  }

  /**
   * Sends a request, whatever the answer is.
   *
   * @throws IOException if there is no answer within the limit
   */
  public Reply send(String method, String path, @Nullable String body) throws IOException {
    HttpRequest request =
        HttpRequest.newBuilder(node.resolve(path))
            .header("Content-Type", "application/json")
            .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
            .build();
    // HTTP's own limit would end with the headers of the answer.
    var answer = http.sendAsync(request, BodyHandlers.ofString());
    try {
      var response = answer.get(patience.toNanos(), TimeUnit.NANOSECONDS);
      return new Reply(response.statusCode(), JSON.readTree(response.body()));
    } catch (JacksonException e) {
      throw new IOException(node.resolve(path) + " did not answer in JSON: " + e.getMessage(), e);
    } catch (TimeoutException e) {
      answer.cancel(true);
      throw new HttpTimeoutException(
          method
              + " "
              + node.resolve(path)
              + ": no whole answer within "
              + patience.toMillis() / 1000.0
              + " s, which is the limit; see the node's log for what it is busy with");
    } catch (ExecutionException e) {
      throw new IOException(node.resolve(path) + ": " + e.getCause(), e.getCause());
    } catch (InterruptedException e) {
      answer.cancel(true);
      Thread.currentThread().interrupt();
      InterruptedIOException interrupted = new InterruptedIOException("interrupted at " + path);
      interrupted.initCause(e);
      throw interrupted;
    }
  }

  /**
   * Sends a request that is expected to succeed.
   *
   * @throws IOException if it does not, with the node's reason
   */
  public JsonNode require(String method, String path, @Nullable String body) throws IOException {
    Reply reply = send(method, path, body);
    if (!reply.isOk()) {
      throw new IOException(
          method + " " + node.resolve(path) + ": status " + reply.status() + ": " + reply.reason());
    }
    return reply.body();
  }

  /**
   * Creates the ingest pipeline {@code semblance} and an index for documents with title, text and
   * keywords, analysed as the library does by default.
   *
   * @param quantization of the vectors, as in {@code index.semblance.quantization}
   */
  public void createIndex(String index, int shards, int replicas, String quantization)
      throws IOException {
    require("PUT", "/_ingest/pipeline/semblance", PIPELINE);
    ObjectNode definition;
    try (InputStream json = ClusterClient.class.getResourceAsStream("index.json")) {
      definition = (ObjectNode) JSON.readTree(Objects.requireNonNull(json));
    }
    ((ObjectNode) definition.path("settings"))
        .put("number_of_shards", shards)
        .put("number_of_replicas", replicas)
        .put("index.semblance.quantization", quantization);
    require("PUT", "/" + index, definition.toString());
  }

  /**
   * Indexes documents. Those that the node has no room for at the moment are sent again, for five
   * minutes; then they are refused.
   *
   * @param refused is told of each document that was not indexed, and why
   * @return how many were indexed
   */
  public int index(String index, List<SourceDocument> documents, Consumer<String> refused)
      throws IOException {
    List<SourceDocument> left = documents;
    int indexed = 0;
    long deadline = System.nanoTime() + ROOM.toNanos();
    while (true) {
      Reply reply = send("POST", "/" + index + "/_bulk", bulk(left));
      boolean last = System.nanoTime() > deadline;
      List<SourceDocument> again = new ArrayList<>();
      if (reply.status() == TOO_MANY_REQUESTS && !last) {
        again = left;
      } else if (!reply.isOk()) {
        throw new IOException(
            "bulk request to " + node + ": status " + reply.status() + ": " + reply.reason());
      }
      int at = 0;
      for (JsonNode item : reply.body().path("items")) {
        SourceDocument document = left.get(at++);
        JsonNode done = item.path("index");
        if (!done.has("error")) {
          indexed++;
        } else if (done.path("status").asInt() == TOO_MANY_REQUESTS && !last) {
          again.add(document);
        } else {
          String reason = done.path("error").path("reason").asString();
          refused.accept("document \"" + document.id() + "\": " + reason);
        }
      }
      if (again.isEmpty()) {
        return indexed;
      }
      left = again;
      LocalCluster.pause();
    }
  }

  private static String bulk(List<SourceDocument> documents) {
    StringBuilder lines = new StringBuilder();
    for (SourceDocument document : documents) {
      ObjectNode source = JSON.createObjectNode();
      source.put("title", document.title()).put("text", document.text());
      document.keywords().forEach((field, values) -> source.set(field, JSON.valueToTree(values)));
      ObjectNode action = JSON.createObjectNode();
      action.putObject("index").put("_id", document.id());
      lines.append(action).append('\n').append(source).append('\n');
    }
    return lines.toString();
  }

  /** Ends requests that are under way. */
  @Override
  public void close() {
    http.shutdownNow();
    http.close();
  }
}
