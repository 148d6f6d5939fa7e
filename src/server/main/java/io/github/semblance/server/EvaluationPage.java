package io.github.semblance.server;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * The report that {@code evaluate --report} wrote, for a frame of the page.
 *
 * <p>It carries its scripts and styles in itself. So its policy names their hashes as they were
 * when the server started, puts it into a sandbox without our origin, and lets it load nothing.
 */
final class EvaluationPage extends Handler.Abstract {
  static final String PATH = "/report";
  private static final long LARGEST = 64 << 20;
  private static final Pattern SCRIPTS =
      Pattern.compile("<script(?: type=\"[\\w/]*\")?[^>]*>(.*?)</script>", Pattern.DOTALL);
  private static final Pattern STYLES = Pattern.compile("<style>(.*?)</style>", Pattern.DOTALL);

  private final byte[] page;
  private final String policy;

  /**
   * Reads a report.
   *
   * @throws IOException if it cannot be read, or is larger than 64 MB
   */
  EvaluationPage(Path file) throws IOException {
    if (Files.size(file) > LARGEST) {
      throw new IOException(
          file + ": a report must be at most 64 MB, got: " + Files.size(file) + " bytes");
    }
    this.page = Files.readAllBytes(file);
    String html = new String(page, StandardCharsets.UTF_8);
    this.policy =
        "sandbox allow-scripts; default-src 'none'; base-uri 'none'; form-action 'none';"
            + " frame-ancestors 'self'; script-src"
            + hashes(SCRIPTS, html)
            + "; style-src"
            + hashes(STYLES, html);
  }

  private static String hashes(Pattern elements, String html) {
    StringBuilder hashes = new StringBuilder();
    Matcher matcher = elements.matcher(html);
    while (matcher.find()) {
      hashes.append(" 'sha256-").append(hash(matcher.group(1))).append('\'');
    }
    return hashes.isEmpty() ? " 'none'" : hashes.toString();
  }

  private static String hash(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return Base64.getEncoder().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every JVM has it
    }
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    if (!request.getMethod().equals("GET") || !PATH.equals(request.getHttpURI().getPath())) {
      return false;
    }
    request.setAttribute(Metrics.ENDPOINT, PATH);
    response.getHeaders().put("Content-Security-Policy", policy);
    JsonAnswer.send(response, callback, 200, page, "text/html; charset=utf-8");
    return true;
  }
}
