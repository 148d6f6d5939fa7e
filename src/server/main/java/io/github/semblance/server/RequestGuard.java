package io.github.semblance.server;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Semaphore;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Stands before everything: says which pages and programs may ask, and how many at once. Safe for
 * use by many threads.
 *
 * <p>A page of a stranger, open in the browser of somebody on this machine, is kept out twice: its
 * requests carry its {@code Origin}, and if it gives its own name our address, its {@code Host}.
 */
final class RequestGuard extends Handler.Wrapper {
  /** No exceptions: no inline script or style, and nothing from anywhere else. */
  static final String CONTENT_SECURITY_POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
          + " frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private static final Pattern NUMERIC =
      Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}|\\[[0-9a-f:.]+\\]");
  private static final Pattern PORT = Pattern.compile(":\\d{1,5}$");
  private static final String BEARER = "Bearer ";

  private final Set<String> hosts = new TreeSet<>();
  private final byte @Nullable [] token;
  private final Semaphore places;
  private final Metrics metrics;

  /**
   * Guards a handler.
   *
   * @param atOnce how many requests may be answered at the same time
   */
  RequestGuard(Handler guarded, ServerSettings settings, int atOnce, Metrics metrics) {
    super(guarded);
    hosts.add("localhost");
    settings.hosts().forEach(host -> hosts.add(host.toLowerCase(Locale.ROOT)));
    String secret = settings.token();
    this.token = secret == null ? null : secret.getBytes(StandardCharsets.US_ASCII);
    this.places = new Semaphore(atOnce);
    this.metrics = metrics;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    long start = System.nanoTime();
    response
        .getHeaders()
        .put("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        .put("X-Content-Type-Options", "nosniff")
        .put("Referrer-Policy", "no-referrer")
        .put("Cross-Origin-Opener-Policy", "same-origin")
        .put("Cross-Origin-Resource-Policy", "same-origin");
    if (!places.tryAcquire()) {
      JsonAnswer.refuse(
          response,
          callback,
          new RequestRefused(429, "too many requests at once; try again later"));
      metrics.answered(Metrics.REFUSED, response.getStatus(), start);
      return true;
    }
    metrics.begin();
    Request.addCompletionListener(
        request,
        failure -> {
          places.release();
          metrics.end();
          Object name = request.getAttribute(Metrics.ENDPOINT);
          metrics.answered(
              name instanceof String endpoint ? endpoint : "other", response.getStatus(), start);
        });
    try {
      check(request);
    } catch (RequestRefused e) {
      JsonAnswer.refuse(response, callback, e);
      return true;
    }
    return super.handle(request, response, callback);
  }

  private void check(Request request) {
    HttpFields headers = request.getHeaders();
    String host = headers.get(HttpHeader.HOST);
    if (host == null || !isOurs(host.toLowerCase(Locale.ROOT))) {
      throw new RequestRefused(
          403,
          "this server is not called \""
              + host
              + "\"; it answers to numeric addresses and "
              + String.join(", ", hosts)
              + " (serve --allow-host adds names)");
    }
    String origin = headers.get(HttpHeader.ORIGIN);
    if (origin != null && !isSame(origin, host)) {
      throw new RequestRefused(403, "pages of " + origin + " may not use this server");
    }
    if (token != null && needsToken(request) && !hasToken(request, token)) {
      throw new RequestRefused(401, "this server needs the header Authorization: Bearer TOKEN");
    }
    AddressText.check(request.getHttpURI());
  }

  private boolean isOurs(String host) {
    String name = PORT.matcher(host).replaceFirst("");
    return hosts.contains(name) || NUMERIC.matcher(name).matches();
  }

  private static boolean isSame(String origin, String host) {
    try {
      String authority = new URI(origin).getRawAuthority();
      return authority != null && authority.equalsIgnoreCase(host);
    } catch (URISyntaxException e) {
      return false;
    }
  }

  /**
   * Everything but the page's own files, which say nothing; other handlers read paths less
   * strictly.
   */
  private static boolean needsToken(Request request) {
    return !PageFiles.isPage(request);
  }

  private static boolean hasToken(Request request, byte[] token) {
    String header = request.getHeaders().get(HttpHeader.AUTHORIZATION);
    String given =
        header != null && header.startsWith(BEARER) ? header.substring(BEARER.length()) : null;
    // A frame cannot send a header.
    if (given == null && EvaluationPage.PATH.equals(request.getHttpURI().getPath())) {
      given = Request.extractQueryParameters(request).getValue("token");
    }
    return given != null && MessageDigest.isEqual(given.getBytes(StandardCharsets.UTF_8), token);
  }
}
