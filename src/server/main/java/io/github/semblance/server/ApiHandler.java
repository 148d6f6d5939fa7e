package io.github.semblance.server;

import io.github.semblance.embed.EmbeddingException;
import io.github.semblance.index.IndexOpenException;
import io.github.semblance.search.SearchRequestException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.MimeTypes;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;

/** Finds the endpoint of a request, and answers with what it says or why it does not. */
final class ApiHandler extends Handler.Abstract {
  private static final String ROOT = "/api/";
  private static final String METRICS = "/metrics";
  private static final String ID = "{id}";

  private final List<Api.Endpoint> endpoints;
  private final SearchWorkers workers;
  private final Metrics metrics;
  private final byte[] description;

  ApiHandler(Api api, SearchWorkers workers, Metrics metrics) {
    this.endpoints = api.endpoints();
    this.workers = workers;
    this.metrics = metrics;
    this.description = PageFiles.read("openapi.json");
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    String path = request.getHttpURI().getPath();
    if (path == null || !(path.startsWith(ROOT) || path.equals(METRICS))) {
      return false;
    }
    try {
      answer(request, response, callback, path);
    } catch (RequestRefused e) {
      JsonAnswer.refuse(response, callback, e);
    } catch (SearchRequestException e) {
      JsonAnswer.refuse(response, callback, new RequestRefused(400, message(e), e));
    } catch (HttpException.RuntimeException e) {
      JsonAnswer.refuse(response, callback, new RequestRefused(e.getCode(), message(e), e));
    } catch (IndexOpenException | EmbeddingException e) {
      JsonAnswer.refuse(response, callback, new RequestRefused(503, message(e), e));
    } catch (IOException e) {
      callback.failed(e); // the client has gone, or the index's disk has
    }
    return true;
  }

  private static String message(Exception e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }

  private void answer(Request request, Response response, Callback callback, String path)
      throws IOException {
    if (path.equals(METRICS)) {
      requireGet(request, response);
      request.setAttribute(Metrics.ENDPOINT, METRICS);
      JsonAnswer.send(
          response,
          callback,
          200,
          metrics.text(workers).getBytes(StandardCharsets.UTF_8),
          "text/plain; version=0.0.4; charset=utf-8");
      return;
    }
    if (path.equals(ROOT + "openapi.json")) {
      requireGet(request, response);
      JsonAnswer.send(response, callback, 200, description, "application/json");
      return;
    }
    List<Api.Endpoint> here =
        endpoints.stream().filter(endpoint -> matches(endpoint, path)).toList();
    if (here.isEmpty()) {
      throw new RequestRefused(404, "nothing is at " + path + "; /api/openapi.json lists what is");
    }
    String method = request.getMethod().equals("HEAD") ? "GET" : request.getMethod();
    Api.Endpoint endpoint =
        here.stream()
            .filter(one -> one.method().equals(method))
            .findFirst()
            .orElseThrow(
                () ->
                    notAllowed(
                        request,
                        response,
                        here.stream().map(Api.Endpoint::method).collect(Collectors.joining(", "))));
    request.setAttribute(Metrics.ENDPOINT, endpoint.path());
    Arguments arguments =
        method.equals("POST")
            ? Arguments.ofJson(body(request), endpoint.parameters())
            : Arguments.of(parameters(request), endpoint.parameters());
    Object answer = endpoint.answerer().answer(arguments, id(endpoint, path));
    JsonAnswer.send(response, callback, 200, answer);
  }

  private static void requireGet(Request request, Response response) {
    if (!request.getMethod().equals("GET") && !request.getMethod().equals("HEAD")) {
      throw notAllowed(request, response, "GET");
    }
  }

  private static RequestRefused notAllowed(Request request, Response response, String allowed) {
    response.getHeaders().put(HttpHeader.ALLOW, allowed);
    return new RequestRefused(
        405, "the method here is " + allowed + ", got: " + request.getMethod());
  }

  private static boolean matches(Api.Endpoint endpoint, String path) {
    String pattern = endpoint.path();
    return pattern.endsWith(ID)
        ? path.length() > pattern.length() - ID.length()
            && path.startsWith(pattern.substring(0, pattern.length() - ID.length()))
        : path.equals(pattern);
  }

  /** Ids may have slashes, written as they are or as %2F. */
  private static String id(Api.Endpoint endpoint, String path) {
    if (!endpoint.path().endsWith(ID)) {
      return "";
    }
    return AddressText.decode("the id", path.substring(endpoint.path().length() - ID.length()));
  }

  private static Map<String, List<String>> parameters(Request request) {
    Map<String, List<String>> parameters = new LinkedHashMap<>();
    Fields fields;
    try {
      fields = Request.extractQueryParameters(request);
    } catch (IllegalArgumentException e) {
      throw new RequestRefused(
          400, "the parameters are not percent-encoded UTF-8: " + message(e), e);
    }
    fields.forEach(field -> parameters.put(field.getName(), field.getValues()));
    return parameters;
  }

  private static String body(Request request) throws IOException {
    String type = request.getHeaders().get(HttpHeader.CONTENT_TYPE);
    // A page of a stranger can send other types than this without asking first.
    if (type == null
        || !MimeTypes.getContentTypeWithoutCharset(type).equalsIgnoreCase("application/json")) {
      throw new RequestRefused(415, "Content-Type must be application/json, got: " + type);
    }
    byte[] bytes;
    try (var in = Content.Source.asInputStream(request)) {
      bytes = in.readAllBytes();
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new RequestRefused(400, "the body must be UTF-8", e);
    }
  }
}
