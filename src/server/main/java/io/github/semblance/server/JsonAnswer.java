package io.github.semblance.server;

import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Writes answers, good and bad. Stateless. */
final class JsonAnswer {
  private JsonAnswer() {}

  /** Sends an object. */
  static void send(Response response, Callback callback, int status, Object body) {
    send(
        response,
        callback,
        status,
        JsonMapper.shared().writeValueAsBytes(body),
        "application/json");
  }

  static void send(
      Response response, Callback callback, int status, byte[] body, String contentType) {
    response.setStatus(status);
    response
        .getHeaders()
        .put(HttpHeader.CONTENT_TYPE, contentType)
        .put(HttpHeader.CONTENT_LENGTH, body.length);
    if (!response.getHeaders().contains(HttpHeader.CACHE_CONTROL)) {
      response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
    }
    response.write(true, ByteBuffer.wrap(body), callback);
  }

  /** Sends why a request is not answered, as {@code {"error": REASON}}. */
  static void refuse(Response response, Callback callback, RequestRefused refused) {
    switch (refused.status()) {
      case 401 -> response.getHeaders().put(HttpHeader.WWW_AUTHENTICATE, "Bearer");
      case 429, 503 -> response.getHeaders().put(HttpHeader.RETRY_AFTER, 1);
      default -> {}
    }
    send(response, callback, refused.status(), error(refused.getMessage()));
  }

  static Map<String, Object> error(@Nullable String message) {
    Map<String, Object> error = new LinkedHashMap<>();
    error.put("error", message == null ? "no reason is known" : message);
    return error;
  }
}
