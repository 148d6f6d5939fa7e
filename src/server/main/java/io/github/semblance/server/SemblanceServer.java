package io.github.semblance.server;

import io.github.semblance.embed.ModuleVersion;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.servlet.ServletHolder;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.MinimumDataRateHandler;
import org.eclipse.jetty.server.handler.SizeLimitHandler;
import org.eclipse.jetty.util.thread.VirtualThreadPool;

/**
 * Serves indexes over HTTP: {@code /} is a page for people, {@code /api/} for programs, {@code
 * /mcp} for agents, {@code /metrics} for Prometheus. Safe for use by many threads.
 *
 * <pre>{@code
 * try (ServedIndex index = ServedIndex.open("faq", folder, embedder);
 *     SemblanceServer server = SemblanceServer.start(List.of(index), ServerSettings.local(8080))) {
 *   server.join();
 * }
 * }</pre>
 *
 * <p>Bounds: {@value #CONNECTIONS} connections, {@value #REQUESTS} requests at once, {@value
 * #WAITING} searches that wait for one thread per core, bodies of {@value #BODY} bytes that come at
 * {@value #SLOWEST_BODY} bytes a second or faster, headers of {@value #HEADERS} bytes, {@value
 * #IDLE_SECONDS} seconds in which a client sends and takes nothing, and the settings' limit of time
 * for a search. Beyond them a request is refused with its reason.
 */
public final class SemblanceServer implements AutoCloseable {
  static final int CONNECTIONS = 1_000;
  static final int REQUESTS = 256;
  static final int WAITING = 64;
  static final int BODY = 1 << 20;
  static final int HEADERS = 16 << 10;
  static final int IDLE_SECONDS = 30;
  static final int SLOWEST_BODY = 1_000;
  private static final long REFRESH_MILLIS = 500;

  private final Server server;
  private final ServerConnector connector;
  private final SearchWorkers workers;
  private final McpEndpoint mcp;
  private final ScheduledExecutorService refreshing;

  private SemblanceServer(List<ServedIndex> served, ServerSettings settings) throws IOException {
    ServedIndexes indexes = new ServedIndexes(served);
    this.workers =
        new SearchWorkers(
            Math.max(2, Runtime.getRuntime().availableProcessors()), WAITING, settings.timeLimit());
    Metrics metrics = new Metrics();
    Api api = new Api(indexes, workers, settings.report() != null);
    this.mcp = new McpEndpoint(api);
    this.server = new Server(new VirtualThreadPool());
    this.connector = connector(settings);
    server.addConnector(connector);
    server.addBean(new NetworkConnectionLimit(CONNECTIONS, server));
    List<Handler> handlers = new ArrayList<>();
    handlers.add(new ApiHandler(api, workers, metrics));
    handlers.add(new PageFiles());
    if (settings.report() != null) {
      handlers.add(new EvaluationPage(settings.report()));
    }
    ServletContextHandler servlets = new ServletContextHandler("/");
    ServletHolder holder = new ServletHolder("mcp", mcp.servlet());
    holder.setAsyncSupported(true);
    servlets.addServlet(holder, McpEndpoint.PATH);
    handlers.add(servlets);
    SizeLimitHandler limited = new SizeLimitHandler(BODY, -1);
    limited.setHandler(new Handler.Sequence(handlers));
    server.setHandler(
        new RequestGuard(
            new MinimumDataRateHandler(limited, SLOWEST_BODY, 0), settings, REQUESTS, metrics));
    server.setErrorHandler(new ErrorAnswer());
    this.refreshing =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("semblance-refresh").daemon().factory());
    var unused =
        refreshing.scheduleWithFixedDelay(
            () -> served.forEach(ServedIndex::refresh),
            REFRESH_MILLIS,
            REFRESH_MILLIS,
            TimeUnit.MILLISECONDS);
  }

  private ServerConnector connector(ServerSettings settings) {
    HttpConfiguration http = new HttpConfiguration();
    http.setSendServerVersion(false);
    http.setRequestHeaderSize(HEADERS);
    // Ids of documents may have any character; no path leads to a file.
    http.setUriCompliance(UriCompliance.UNSAFE);
    ServerConnector listening = new ServerConnector(server, new HttpConnectionFactory(http));
    listening.setHost(settings.address().getHostAddress());
    listening.setPort(settings.port());
    listening.setIdleTimeout(TimeUnit.SECONDS.toMillis(IDLE_SECONDS));
    return listening;
  }

  /**
   * Starts to listen.
   *
   * @param indexes what to serve, at least one; remain the caller's to close, after this
   * @throws IOException if the port is taken or the report cannot be read
   * @throws IllegalArgumentException if two indexes have one name, or there are none
   */
  public static SemblanceServer start(List<ServedIndex> indexes, ServerSettings settings)
      throws IOException {
    ModuleVersion.requireThatOfCore(SemblanceServer.class);
    SemblanceServer starting = new SemblanceServer(indexes, settings);
    try {
      starting.server.start();
      return starting;
    } catch (Exception e) {
      starting.close();
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new IOException(
          "cannot listen on "
              + settings.address().getHostAddress()
              + ", port "
              + settings.port()
              + ": "
              + cause.getMessage(),
          e);
    }
  }

  /** Where the page is. */
  public URI address() {
    String host = connector.getHost();
    boolean loopback = InetAddress.getLoopbackAddress().getHostAddress().equals(host);
    return URI.create(
        "http://"
            + (loopback ? "localhost" : host.contains(":") ? "[" + host + "]" : host)
            + ":"
            + connector.getLocalPort()
            + "/");
  }

  /** Waits until the server is closed. */
  public void join() throws InterruptedException {
    server.join();
  }

  /** Ends what is being answered, and then the server. */
  @Override
  public void close() {
    refreshing.shutdownNow();
    workers.close();
    mcp.close();
    try {
      server.stop();
      boolean unused = refreshing.awaitTermination(1, TimeUnit.MINUTES);
    } catch (Exception e) {
      throw new IllegalStateException("the server did not end well", e);
    }
  }
}
