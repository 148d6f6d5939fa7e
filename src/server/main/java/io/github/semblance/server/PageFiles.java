package io.github.semblance.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.CRC32;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** The page for people: a few files of the class path, and nothing that a path could name else. */
final class PageFiles extends Handler.Abstract {
  private static final List<String> FILES =
      List.of("index.html", "style.css", "app.js", "api.js", "hits.js", "elements.js", "icon.svg");

  private final Map<String, PageFile> files = new LinkedHashMap<>();

  private static final class PageFile {
    final byte[] content;
    final String type;
    final String tag;

    PageFile(String name) {
      this.content = read("page/" + name);
      this.type = type(name);
      CRC32 sum = new CRC32();
      sum.update(content);
      this.tag = "\"" + sum.getValue() + "\"";
    }
  }

  PageFiles() {
    for (String name : FILES) {
      files.put("/" + name, new PageFile(name));
    }
    files.put("/", Objects.requireNonNull(files.get("/index.html")));
  }

  private static String type(String name) {
    return switch (name.substring(name.lastIndexOf('.') + 1)) {
      case "html" -> "text/html; charset=utf-8";
      case "css" -> "text/css; charset=utf-8";
      case "js" -> "text/javascript; charset=utf-8";
      case "svg" -> "image/svg+xml";
      default -> throw new IllegalArgumentException(name);
    };
  }

  /** Whether a request names one of the files, letter by letter. */
  static boolean isPage(Request request) {
    String path = request.getHttpURI().getPath();
    return path != null
        && (path.equals("/") || (path.startsWith("/") && FILES.contains(path.substring(1))));
  }

  /** A resource of this package. */
  static byte[] read(String name) {
    try (InputStream in = PageFiles.class.getResourceAsStream(name)) {
      return Objects.requireNonNull(in, () -> name + " is not on the class path").readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    PageFile file = files.get(request.getHttpURI().getPath());
    if (file == null) {
      return false;
    }
    request.setAttribute(Metrics.ENDPOINT, "/");
    if (!request.getMethod().equals("GET") && !request.getMethod().equals("HEAD")) {
      response.getHeaders().put(HttpHeader.ALLOW, "GET");
      JsonAnswer.refuse(
          response,
          callback,
          new RequestRefused(405, "the method here is GET, got: " + request.getMethod()));
      return true;
    }
    response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-cache").put(HttpHeader.ETAG, file.tag);
    if (file.tag.equals(request.getHeaders().get(HttpHeader.IF_NONE_MATCH))) {
      response.setStatus(304);
      callback.succeeded();
    } else {
      JsonAnswer.send(response, callback, 200, file.content, file.type);
    }
    return true;
  }
}
