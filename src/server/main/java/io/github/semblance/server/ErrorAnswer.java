package io.github.semblance.server;

import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Says as JSON what the server library refuses by itself. */
final class ErrorAnswer extends ErrorHandler {
  @Override
  protected void generateResponse(
      Request request,
      Response response,
      int code,
      @Nullable String message,
      @Nullable Throwable cause,
      Callback callback) {
    byte[] body =
        JsonMapper.shared()
            .writeValueAsString(JsonAnswer.error(code >= 500 ? "the server failed" : message))
            .getBytes(StandardCharsets.UTF_8);
    JsonAnswer.send(response, callback, code, body, "application/json");
  }
}
