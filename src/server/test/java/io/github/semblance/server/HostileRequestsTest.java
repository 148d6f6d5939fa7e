package io.github.semblance.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class HostileRequestsTest {
  private static final int ODD = Integer.getInteger("semblance.requests", 600);
  private static final long SEED = Long.getLong("semblance.seed", 20261127L);

  @TempDir private Path folder;

  @Test
  void strangersPagesAreKeptOut() throws Exception {
    try (Served served = new Served(folder)) {
      int port = served.port();
      assertEquals(200, status(served, "GET / HTTP/1.1", "Host: localhost:" + port));
      assertEquals(200, status(served, "GET / HTTP/1.1", "Host: 127.0.0.1:" + port));
      assertEquals(200, status(served, "GET / HTTP/1.1", "Host: [::1]:" + port));
      assertEquals(403, status(served, "GET / HTTP/1.1", "Host: evil.example:" + port));
      assertEquals(403, status(served, "GET / HTTP/1.1", "Host: localhost.evil.example"));
      assertEquals(403, status(served, "GET / HTTP/1.0"));
      for (String path : List.of("/", "/api/search?q=x", "/mcp", "/metrics")) {
        assertEquals(403, served.get(path, "Origin", "http://evil.example").statusCode(), path);
        assertEquals(403, served.get(path, "Origin", "null").statusCode(), path);
      }
      assertEquals(
          200, served.get("/api/search?q=x", "Origin", "http://localhost:" + port).statusCode());
    }
  }

  @Test
  void withoutTheTokenNothingIsTold() throws Exception {
    String token = "0123456789abcdef";
    Path report = Files.writeString(folder.resolve("report.html"), "<style>a{}</style>");
    try (Served served = new Served(folder.resolve("index"), token, report)) {
      for (String path :
          List.of(
              "/api/search?q=x",
              "/api/health",
              "//api/health",
              "/api;x/health",
              "/metrics",
              "/mcp",
              "/%6dcp",
              "/./mcp",
              "/x/../mcp",
              "/index.html/../mcp",
              "/nothing",
              "/report",
              "/report?token=wrong")) {
        HttpResponse<String> refused = served.get(path, "Authorization", "Bearer wrong");
        assertEquals(401, refused.statusCode(), path);
        assertFalse(refused.body().contains(token), refused.body());
        assertEquals(401, served.get(path).statusCode(), path);
      }
      assertEquals(401, status(served, "OPTIONS * HTTP/1.1", "Host: localhost"));
      String right = "Bearer " + token;
      assertEquals(200, served.get("/api/search?q=x", "Authorization", right).statusCode());
      assertEquals(200, served.get("/").statusCode());
      HttpResponse<String> shown = served.get("/report?token=" + token);
      assertEquals(200, shown.statusCode());
      String policy = shown.headers().firstValue("Content-Security-Policy").orElse("");
      assertTrue(policy.startsWith("sandbox allow-scripts; default-src 'none'"), policy);
      assertTrue(policy.contains("style-src 'sha256-"), policy);
      assertTrue(policy.contains("script-src 'none'"), policy);
      assertFalse(policy.contains("unsafe"), policy);
    }
  }

  @Test
  void thePageMayLoadNothingFromElsewhere() throws Exception {
    try (Served served = new Served(folder)) {
      HttpResponse<String> page = served.get("/");
      String policy = page.headers().firstValue("Content-Security-Policy").orElse("");
      assertTrue(policy.startsWith("default-src 'none'"), policy);
      assertFalse(policy.contains("unsafe") || policy.contains("http"), policy);
      assertFalse(page.body().contains("http:") || page.body().contains("https:"), page.body());
      assertFalse(page.body().matches("(?s).*(<script>| on\\w+=| style=).*"), page.body());
      for (String file : List.of("app.js", "hits.js", "elements.js", "api.js", "style.css")) {
        String text = served.get("/" + file).body();
        assertFalse(
            text.contains("innerHTML") || text.contains("://") || text.contains("eval("), file);
      }
      String tag = page.headers().firstValue("ETag").orElseThrow();
      assertEquals(304, served.get("/", "If-None-Match", tag).statusCode());
      for (String path : List.of("/page/app.js", "/openapi.json", "/app.js/", "/style")) {
        assertEquals(404, status(served, "GET " + path + " HTTP/1.1", "Host: localhost"), path);
      }
    }
  }

  @Test
  void oddRequestsAreRefusedAndNothingStays() throws Exception {
    try (Served served = new Served(folder)) {
      Random random = new Random(SEED);
      for (int i = 0; i < ODD; i++) {
        byte[] request = odd(random);
        String answer = exchange(served, request);
        String shown =
            "seed "
                + SEED
                + ", "
                + i
                + ": "
                + new String(request, StandardCharsets.ISO_8859_1)
                    .substring(0, Math.min(300, request.length))
                + " -> "
                + answer;
        // The library closes without a word where it cannot tell a request from noise.
        assertTrue(answer.isEmpty() || answer.startsWith("HTTP/1.1 "), shown);
        assertFalse(answer.startsWith("HTTP/1.1 500"), shown);
      }
      assertIdle(served);
      assertEquals(200, served.get("/api/search?q=course").statusCode());
    }
  }

  @Test
  void clientsThatGoAwayFreeWhatTheyHeld() throws Exception {
    try (Served served = new Served(folder)) {
      String host = "Host: localhost\r\n";
      for (int i = 0; i < 300; i++) {
        String sent =
            switch (i % 3) {
              case 0 -> "GET /api/search?q=course HTTP/1.1\r\n" + host + "\r\n";
              case 1 -> "GET /api/sea";
              default ->
                  "POST /api/search HTTP/1.1\r\n"
                      + host
                      + "Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{\"q\":";
            };
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), served.port())) {
          socket.getOutputStream().write(sent.getBytes(StandardCharsets.ISO_8859_1));
          socket.getOutputStream().flush();
        }
      }
      assertIdle(served);
      assertEquals(200, served.get("/api/search?q=course").statusCode());
    }
  }

  private static void assertIdle(Served served) throws Exception {
    long end = System.nanoTime() + 60_000_000_000L;
    // The one that asks counts itself.
    while (!served.get("/metrics").body().contains("semblance_requests_active 1\n")) {
      assertTrue(System.nanoTime() < end, served.get("/metrics").body());
      Thread.sleep(50);
    }
  }

  private static byte[] odd(Random random) {
    List<String> methods =
        List.of(
            "GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "TRACE", "CONNECT", "get",
            "G\u0001");
    List<String> paths =
        List.of(
            "/api/search",
            "/api/search?q=x",
            "/api/search?q=%",
            "/api/search?q=%ff%fe",
            "/api/search?q=%00",
            "/api/search?q=x&top=-1",
            "/api/search?q=x&top=99999999999",
            "/api/search?q=x&semantic_weight=NaN",
            "/api/search?q=x&min_confidence=2",
            "/api/search?q=%28%28%28&syntax=lucene",
            "/api/search?q=%2F.*.*%2F&syntax=lucene",
            "/api/search?q=a*b*c*d&syntax=lucene&mode=bm25",
            "/api/search?q=x&filter=:",
            "/api/search?q=x&facet=nothing",
            "/api/search?q=x&boost=title:-1",
            "/api/search?q=x&boost=title:1e99",
            "/api/search?&&&=&q",
            "/api/search/",
            "/api/documents/",
            "/api/documents/%",
            "/api/documents/%2e%2e%2f%2e%2e",
            "/api/documents/x;y",
            "/api/documents/" + "a/".repeat(500),
            "/api/similar/%F0%9F%98",
            "/api/similar/join?top=1e3",
            "/api/embed",
            "/api/embed?text=",
            "/api/embed?text=x&kind=no",
            "//",
            "/..",
            "*",
            "",
            "http://evil.example/api/search?q=x",
            "/mcp",
            "/mcp/x",
            "/metrics?x",
            "/index.html;a",
            "/api/search?q=" + "x".repeat(20_000),
            "/\u00ff",
            "/a b",
            "?q=x",
            "/%",
            "/api/%2Fsearch");
    List<String> headers =
        List.of(
            "",
            "Content-Length: -1",
            "Content-Length: 5",
            "Content-Length: 999999999999999999999",
            "Transfer-Encoding: chunked",
            "Transfer-Encoding: gzip, nonsense",
            "Expect: 100-continue",
            "Expect: the worst",
            "Content-Type: application/json",
            "Content-Type: ;;;",
            "Accept: */*",
            "Accept: text/event-stream",
            "Cookie: " + "x".repeat(30_000),
            "X: \u0000",
            ": no name",
            "Origin: ::::",
            "Authorization: Bearer",
            "Connection: Upgrade\r\nUpgrade: websocket",
            "Range: bytes=0-1",
            "If-None-Match: *",
            "Content-Encoding: gzip",
            "Host: other");
    List<String> bodies =
        List.of(
            "",
            "{}",
            "{\"q\":1}",
            "{\"q\":\"\"}",
            "{\"q\":\"x\",\"q\":\"y\"}",
            "[[[[[[",
            "null",
            "\"",
            "{\"q\":\"x\",\"top\":1.5}",
            "{\"q\":\"x\",\"filter\":[{}]}",
            "{\"q\":\"\\ud800\"}",
            "{\"text\":[]}",
            "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\"}",
            "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"search\",\"arguments\":{}}}",
            "{\"jsonrpc\":\"2.0\",\"id\":{},\"method\":1}",
            "ffff\r\nx",
            "-1\r\n\r\n",
            "0\r\n\r\n");
    StringBuilder request = new StringBuilder();
    request.append(pick(random, methods)).append(' ').append(pick(random, paths));
    request.append(
        random.nextInt(20) == 0 ? " HTTP/9.9" : random.nextInt(20) == 0 ? "" : " HTTP/1.1");
    request.append("\r\n");
    if (random.nextInt(15) > 0) {
      request.append("Host: localhost\r\n");
    }
    for (int i = random.nextInt(3); i >= 0; i--) {
      String header = pick(random, headers);
      request.append(header).append(header.isEmpty() ? "" : "\r\n");
    }
    String body = pick(random, bodies);
    if (random.nextInt(3) > 0
        && !request.toString().contains("Content-Length")
        && !request.toString().contains("Transfer")) {
      request.append("Content-Length: ").append(body.length()).append("\r\n");
    }
    request.append("\r\n").append(body);
    byte[] bytes = request.toString().getBytes(StandardCharsets.ISO_8859_1);
    if (random.nextInt(5) == 0) {
      for (int i = random.nextInt(4); i >= 0; i--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
    }
    return bytes;
  }

  private static String pick(Random random, List<String> from) {
    return from.get(random.nextInt(from.size()));
  }

  private static int status(Served served, String... lines) throws IOException {
    String request = String.join("\r\n", lines) + "\r\n\r\n";
    String answer = exchange(served, request.getBytes(StandardCharsets.ISO_8859_1));
    return Integer.parseInt(answer.substring(9, 12));
  }

  /** The first line of the answer; empty if the server closes without one. */
  private static String exchange(Served served, byte[] request) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), served.port())) {
      socket.setSoTimeout(60_000);
      try {
        socket.getOutputStream().write(request);
        // Whoever announces more than comes is told when no more can come.
        socket.shutdownOutput();
      } catch (SocketException e) {
        // Refused while it was sent.
      }
      List<Byte> line = new ArrayList<>();
      try {
        for (int b = socket.getInputStream().read();
            b >= 0 && b != '\r';
            b = socket.getInputStream().read()) {
          line.add((byte) b);
        }
      } catch (SocketException e) {
        // Closed with something unread, which resets the connection.
      }
      StringBuilder text = new StringBuilder();
      line.forEach(b -> text.append((char) b.byteValue()));
      return text.toString();
    }
  }
}
