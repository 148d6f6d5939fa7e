package io.github.semblance.bert.checkpoint;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The HTTP interface of the Hugging Face hub, as far as fetching a model needs it.
 *
 * <p>Proxies are those of the JVM ({@code https.proxyHost}, {@code java.net.useSystemProxies}). No
 * answer, and no further byte of one, is waited for longer than {@code HF_HUB_DOWNLOAD_TIMEOUT}
 * seconds, by default 60.
 */
final class HubClient {
  private static final int MAX_REDIRECTS = 10;
  private static final int MAX_LISTING_BYTES = 16 << 20;

  private static final String LIMIT = "HF_HUB_DOWNLOAD_TIMEOUT";
  private static final double DEFAULT_LIMIT_S = 60;
  private static final double MOST_LIMIT_S = 3600;
  private static final Duration MOST_TO_CONNECT = Duration.ofSeconds(20);

  private final HttpClient http;
  private final Duration limit;
  private final URI endpoint;
  private final Optional<String> token;

  HubClient(ModelEnvironment environment) throws CheckpointException {
    String stated = environment.variable("HF_ENDPOINT").orElse("https://huggingface.co");
    try {
      endpoint = URI.create(stated.replaceFirst("/+$", ""));
    } catch (IllegalArgumentException e) {
      throw new CheckpointException("HF_ENDPOINT must be a URL, got: " + stated, e);
    }
    if (endpoint.getHost() == null || endpoint.getScheme() == null) {
      throw new CheckpointException("HF_ENDPOINT must be a URL, got: " + stated);
    }
    token = token(environment);
    limit = limit(environment);
    http =
        HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NEVER) // see send
            .connectTimeout(limit.compareTo(MOST_TO_CONNECT) < 0 ? limit : MOST_TO_CONNECT)
            .build();
  }

  private static Duration limit(ModelEnvironment environment) throws CheckpointException {
    String stated = environment.variable(LIMIT).map(String::strip).orElse("" + DEFAULT_LIMIT_S);
    double seconds = stated.matches("\\d{1,9}(\\.\\d{1,9})?") ? Double.parseDouble(stated) : 0;
    if (!(seconds > 0 && seconds <= MOST_LIMIT_S)) {
      throw new CheckpointException(
          LIMIT + " must be a number of seconds above 0 and up to 3600, got: " + stated);
    }
    return Duration.ofNanos((long) (seconds * 1e9));
  }

  /** In a message: the limit, and where it comes from. */
  private String statedLimit() {
    return String.format(Locale.ROOT, "%s s, the limit that %s sets", limit.toNanos() / 1e9, LIMIT);
  }

  private static Optional<String> token(ModelEnvironment environment) throws CheckpointException {
    Optional<String> stated = environment.variable("HF_TOKEN");
    if (stated.isPresent()) {
      return stated.map(String::strip);
    }
    Path file =
        environment
            .variable("HF_TOKEN_PATH")
            .map(Path::of)
            .orElseGet(() -> HubCache.home(environment).resolve("token"));
    return Files.isRegularFile(file)
        ? Optional.of(JsonFile.text(file).strip()).filter(text -> !text.isEmpty())
        : Optional.empty();
  }

  /**
   * What a revision holds.
   *
   * @param commit the commit it stands at
   * @param files paths of its files
   */
  record Listing(String commit, List<String> files) {}

  /**
   * A file of a commit.
   *
   * @param address where it is downloaded from
   * @param size in bytes
   * @param hash SHA-256 of its bytes (64 digits), or the SHA-1 that Git gives it (40 digits)
   */
  record RemoteFile(String path, URI address, long size, String hash) {}

  Listing list(ModelReference.HubRepository model) throws CheckpointException {
    URI address =
        endpoint.resolve(
            endpoint.getPath()
                + "/api/models/"
                + model.name()
                + "/revision/"
                + URLEncoder.encode(model.revision(), StandardCharsets.UTF_8));
    String body;
    HttpResponse<InputStream> response = send(address, "GET", 0);
    try (InputStream in = response.body()) {
      require(response, 200, model, address);
      body = new String(in.readNBytes(MAX_LISTING_BYTES), StandardCharsets.UTF_8);
    } catch (CheckpointException e) {
      throw e;
    } catch (HttpTimeoutException e) {
      throw new CheckpointException(e.getMessage() + "; try again, or raise it", e);
    } catch (IOException e) {
      throw unreachable(address, e);
    }
    try {
      JsonNode json = JsonMapper.shared().readTree(body);
      String commit = json.path("sha").asString("");
      if (!commit.matches("[0-9a-f]{40}")) {
        throw new CheckpointException(address + " must name a commit as \"sha\", got: " + commit);
      }
      List<String> files = new ArrayList<>();
      json.path("siblings").forEach(file -> files.add(file.path("rfilename").asString("")));
      return new Listing(commit, files);
    } catch (JacksonException e) {
      throw new CheckpointException(address + " must answer in JSON, got: " + body, e);
    }
  }

  RemoteFile describe(ModelReference.HubRepository model, String commit, String path)
      throws CheckpointException {
    URI address =
        endpoint.resolve(
            endpoint.getPath() + "/" + model.name() + "/resolve/" + commit + "/" + path);
    HttpResponse<InputStream> response = send(address, "HEAD", 0);
    discard(response);
    boolean linked = response.headers().firstValue("X-Linked-Etag").isPresent();
    if (!linked) {
      require(response, 200, model, address);
    }
    String hash =
        header(response, linked ? "X-Linked-Etag" : "ETag")
            .replaceFirst("^W/", "")
            .replace("\"", "");
    if (!hash.matches("[0-9a-f]{40}|[0-9a-f]{64}")) {
      throw new CheckpointException(
          address + " must state a hash as its ETag, so that it can be verified, got: " + hash);
    }
    String size = header(response, linked ? "X-Linked-Size" : "Content-Length");
    if (!size.matches("\\d{1,18}")) {
      throw new CheckpointException(address + " must state its size, got: " + size);
    }
    return new RemoteFile(path, address, Long.parseLong(size), hash);
  }

  /** Opens the content from an offset on; the answer has status 200 (from 0 on) or 206. */
  HttpResponse<InputStream> open(ModelReference.HubRepository model, RemoteFile file, long offset)
      throws CheckpointException {
    HttpResponse<InputStream> response = send(file.address(), "GET", offset);
    if (offset > 0 && response.statusCode() == 206) {
      return response;
    }
    try {
      require(response, 200, model, file.address());
    } catch (CheckpointException e) {
      discard(response);
      throw e;
    }
    return response;
  }

  /**
   * Sends a request and follows redirects, up to the answer that states the hash of a linked file.
   * The token stays with the hub: content servers must not see it.
   */
  private HttpResponse<InputStream> send(URI address, String method, long offset)
      throws CheckpointException {
    URI at = address;
    for (int redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
      HttpResponse<InputStream> response = sendOnce(at, method, offset);
      @Nullable String location = response.headers().firstValue("Location").orElse(null);
      boolean answersHead =
          method.equals("HEAD") && response.headers().firstValue("X-Linked-Etag").isPresent();
      if (response.statusCode() / 100 != 3 || location == null || answersHead) {
        return response;
      }
      discard(response);
      URI next;
      try {
        next = at.resolve(location);
      } catch (IllegalArgumentException e) {
        throw new CheckpointException(at + " must redirect to a URL, got: " + location, e);
      }
      if (at.getScheme().equals("https") && !"https".equals(next.getScheme())) {
        throw new CheckpointException(at + " must not redirect away from https, got: " + next);
      }
      at = next;
    }
    throw new CheckpointException(
        address + " must redirect at most " + MAX_REDIRECTS + " times, got one more");
  }

  private HttpResponse<InputStream> sendOnce(URI address, String method, long offset)
      throws CheckpointException {
    HttpRequest.Builder request;
    try {
      request = HttpRequest.newBuilder(address);
    } catch (IllegalArgumentException e) {
      throw new CheckpointException("the hub must be reached over http or https: " + address, e);
    }
    request.method(method, HttpRequest.BodyPublishers.noBody()).timeout(limit);
    request.setHeader("User-Agent", "semblance");
    request.setHeader("Accept-Encoding", "identity"); // sizes are those of the files
    if (token.isPresent() && endpoint.getAuthority().equals(address.getAuthority())) {
      request.setHeader("Authorization", "Bearer " + token.get());
    }
    if (offset > 0) {
      request.setHeader("Range", "bytes=" + offset + "-");
    }
    try {
      return http.send(
          request.build(),
          headers ->
              new TimedBody(
                  limit, unsigned(address) + " sent no further byte for " + statedLimit()));
    } catch (HttpConnectTimeoutException e) {
      throw unreachable(address, e);
    } catch (HttpTimeoutException e) {
      throw new CheckpointException(
          unsigned(address)
              + " did not answer within "
              + statedLimit()
              + "; try again, or raise it",
          e);
    } catch (IOException e) {
      throw unreachable(address, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CheckpointException("interrupted while waiting for " + address, e);
    }
  }

  private void require(
      HttpResponse<?> response, int status, ModelReference.HubRepository model, URI address)
      throws CheckpointException {
    int got = response.statusCode();
    if (got == status) {
      return;
    }
    String name = "hf:" + model.name() + "@" + model.revision();
    String page = endpoint + "/" + model.name();
    throw new CheckpointException(
        switch (got) {
          case 401 ->
              name
                  + " is private or does not exist: check the name"
                  + (token.isPresent()
                      ? ", and that HF_TOKEN is valid"
                      : ", or set HF_TOKEN to a token that may read it")
                  + " (401 from "
                  + address
                  + ")";
          case 403 ->
              name
                  + " may not be read: accept its terms at "
                  + page
                  + " and set HF_TOKEN to a token that may read it (403 from "
                  + address
                  + ")";
          case 404 ->
              name
                  + " does not exist: check name and revision at "
                  + page
                  + " (404 from "
                  + address
                  + ")";
          default ->
              "the hub must answer with status "
                  + status
                  + ", got "
                  + got
                  + " from "
                  + address
                  + ": try again later, a download goes on where it stopped";
        });
  }

  private static String header(HttpResponse<?> response, String name) {
    return response.headers().firstValue(name).orElse("");
  }

  /** Without the query, in which content servers have a signature that is as good as a token. */
  private static String unsigned(URI address) {
    return address.toString().replaceFirst("\\?.*", "");
  }

  private static CheckpointException unreachable(URI address, IOException cause) {
    return new CheckpointException(
        unsigned(address)
            + " could not be reached: "
            + cause
            + "; check the network, or HF_ENDPOINT",
        cause);
  }

  private static void discard(HttpResponse<InputStream> response) throws CheckpointException {
    try {
      response.body().close();
    } catch (IOException e) {
      throw unreachable(response.uri(), e);
    }
  }
}
