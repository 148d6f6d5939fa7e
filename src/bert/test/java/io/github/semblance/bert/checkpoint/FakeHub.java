package io.github.semblance.bert.checkpoint;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;

/**
 * A Hugging Face hub on this machine with one model, {@code org/tiny}: weights are "linked", that
 * is, redirected to a content server with their SHA-256 in the redirect; the rest is served as is,
 * with its Git hash as the ETag.
 */
final class FakeHub implements AutoCloseable {
  static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

  final Map<String, byte[]> files = new LinkedHashMap<>();
  final List<String> requests = Collections.synchronizedList(new ArrayList<>());

  /** Bytes after which the next answers for a file are cut off, first to last. */
  final Map<String, List<Integer>> cuts = new ConcurrentHashMap<>();

  /** Bytes after which the next answers for a file go on without any, first to last. */
  final Map<String, List<Integer>> stalls = new ConcurrentHashMap<>();

  /** Paths as requested that are never answered at all. */
  final Set<String> silences = ConcurrentHashMap.newKeySet();

  /** Statuses that take the place of an answer, by path as requested. */
  final Map<String, Integer> refusals = new ConcurrentHashMap<>();

  /** Hashes that the hub states in place of the right ones. */
  final Map<String, String> statedHashes = new ConcurrentHashMap<>();

  boolean ranges = true;

  private final CountDownLatch closing = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpServer server;

  /** Counts as another origin than {@link #server}, as content servers are. */
  private final HttpServer content;

  FakeHub() throws IOException {
    server = start("hub ", this::hub);
    content = start("content ", this::content);
  }

  private interface Handler {
    void handle(HttpExchange exchange) throws IOException;
  }

  private HttpServer start(String name, Handler handler) throws IOException {
    HttpServer started =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    started.setExecutor(threads); // one that stalls keeps nobody else waiting
    started.createContext(
        "/",
        exchange -> {
          String line = exchange.getRequestMethod() + " " + exchange.getRequestURI().getRawPath();
          String token = exchange.getRequestHeaders().getFirst("Authorization");
          String range = exchange.getRequestHeaders().getFirst("Range");
          requests.add(
              name
                  + line
                  + (range == null ? "" : " " + range)
                  + (token == null ? "" : " " + token));
          try (exchange) {
            if (silences.contains(exchange.getRequestURI().getRawPath())) {
              stall();
            }
            handler.handle(exchange);
          }
        });
    started.start();
    return started;
  }

  String endpoint() {
    return address(server);
  }

  private static String address(HttpServer server) {
    return "http://localhost:" + server.getAddress().getPort();
  }

  private void hub(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getRawPath();
    Integer refusal = refusals.get(path);
    if (refusal != null) {
      exchange.sendResponseHeaders(refusal, -1);
      return;
    }
    if (path.startsWith("/api/models/org/tiny/revision/") && stalls.containsKey("listing")) {
      exchange.sendResponseHeaders(200, 1000);
      exchange.getResponseBody().write('{');
      exchange.getResponseBody().flush();
      stall();
    }
    if (path.startsWith("/api/models/org/tiny/revision/")) {
      String siblings =
          files.keySet().stream()
              .map(name -> "{\"rfilename\":\"" + name + "\"}")
              .collect(Collectors.joining(","));
      answer(exchange, "{\"sha\":\"" + COMMIT + "\",\"siblings\":[" + siblings + "]}");
      return;
    }
    // What the hub does with the old names of models.
    if (path.startsWith("/org/tiny/resolve/")) {
      exchange.getResponseHeaders().set("Location", "/new" + path);
      exchange.sendResponseHeaders(307, -1);
      return;
    }
    String name = path.replaceFirst("^/new/org/tiny/resolve/" + COMMIT + "/", "");
    byte[] bytes = files.get(name);
    if (bytes == null) {
      exchange.sendResponseHeaders(404, -1);
      return;
    }
    boolean linked = name.matches(".*\\.(safetensors|onnx)");
    String hash = statedHashes.getOrDefault(name, linked ? sha256(bytes) : gitHash(bytes));
    if (linked) {
      exchange.getResponseHeaders().set("X-Linked-Etag", '"' + hash + '"');
      exchange.getResponseHeaders().set("X-Linked-Size", Integer.toString(bytes.length));
      exchange.getResponseHeaders().set("Location", address(content) + "/" + name + "?signed");
      exchange.sendResponseHeaders(302, -1);
    } else {
      exchange.getResponseHeaders().set("ETag", "W/\"" + hash + '"');
      send(exchange, name, bytes);
    }
  }

  private void content(HttpExchange exchange) throws IOException {
    String name = exchange.getRequestURI().getRawPath().substring(1);
    byte[] bytes = files.get(name);
    if (bytes == null) {
      throw new IllegalStateException("no such file: " + name);
    }
    send(exchange, name, bytes);
  }

  private void send(HttpExchange exchange, String name, byte[] bytes) throws IOException {
    if (exchange.getRequestMethod().equals("HEAD")) {
      exchange.getResponseHeaders().set("Content-Length", Integer.toString(bytes.length));
      exchange.sendResponseHeaders(200, -1);
      return;
    }
    String range = exchange.getRequestHeaders().getFirst("Range");
    int start = 0;
    if (range != null && ranges) {
      start = Integer.parseInt(range.replaceAll("\\D", ""));
    }
    byte[] rest = Arrays.copyOfRange(bytes, start, bytes.length);
    exchange.sendResponseHeaders(start > 0 ? 206 : 200, rest.length);
    int length = Math.min(next(cuts, name, rest.length), next(stalls, name, rest.length));
    boolean stalls = this.stalls.containsKey(name) && length < rest.length;
    exchange.getResponseBody().write(rest, 0, length);
    exchange.getResponseBody().flush();
    if (stalls) {
      stall();
    }
  }

  private static int next(Map<String, List<Integer>> lengths, String name, int otherwise) {
    List<Integer> left = lengths.getOrDefault(name, List.of());
    if (left.isEmpty()) {
      return otherwise;
    }
    lengths.put(name, left.subList(1, left.size()));
    return left.getFirst();
  }

  /** Says nothing for as long as this hub lives. */
  private void stall() {
    try {
      closing.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void answer(HttpExchange exchange, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(200, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  static String sha256(byte[] bytes) {
    return HexFormat.of().formatHex(Fingerprint.sha256().digest(bytes));
  }

  static String gitHash(byte[] bytes) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-1");
      digest.update(("blob " + bytes.length + "\0").getBytes(StandardCharsets.US_ASCII));
      return HexFormat.of().formatHex(digest.digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    closing.countDown();
    server.stop(0);
    content.stop(0);
    threads.shutdownNow();
  }
}
