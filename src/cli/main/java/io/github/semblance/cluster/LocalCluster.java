package io.github.semblance.cluster;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.URI;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * Processes of OpenSearch on the loopback interface, from its own distribution, with the plugin
 * installed by its own installer. All files are in one temporary folder, which goes with them. For
 * one thread, but that any may close it, as the end of the process does.
 */
public final class LocalCluster implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LocalCluster.class);

  /** A machine that does much else needs more. */
  private static final Duration START_TIMEOUT =
      Duration.ofMinutes(Integer.getInteger("semblance.cluster.startMinutes", 3));

  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(30);

  /** The plugin's installer unpacks some 200 MB. */
  private static final Duration COMMAND_TIMEOUT = Duration.ofMinutes(5);

  /** How long a node that is asked for its health may take: it is asked again. */
  private static final Duration HEALTH_TIMEOUT = Duration.ofSeconds(10);

  private static final Duration POLL = Duration.ofMillis(250);
  private static final int TRANSPORT_OFFSET = 100;

  /** Who the nodes run as if this process is root's, which OpenSearch refuses to run as. */
  private static final String UNPRIVILEGED = "nobody";

  private final Path folder;
  private final Path home;
  private final int size;
  private final int firstPort;
  private final String heap;
  private final List<@Nullable Process> processes = new ArrayList<>();
  private @Nullable Path models;
  private final Thread atExit = new Thread(this::stopAtExit, "semblance-cluster-exit");
  private boolean closed;

  private LocalCluster(Path folder, int size, int firstPort, String heap) {
    this.folder = folder;
    this.home = folder.resolve("opensearch");
    this.size = size;
    this.firstPort = firstPort;
    this.heap = heap;
  }

  /**
   * Unpacks OpenSearch and installs the plugin; starts nothing.
   *
   * @param distribution OpenSearch's zip
   * @param plugin this project's zip; null for nodes without it
   * @param size how many nodes elect the first cluster manager
   * @param firstPort HTTP port of the first node; the others follow
   * @param heap of each node, as in {@code -Xmx}
   */
  public static LocalCluster install(
      Path distribution, @Nullable Path plugin, int size, int firstPort, String heap)
      throws IOException {
    Path folder = Files.createTempDirectory("semblance-cluster-");
    LocalCluster cluster = new LocalCluster(folder, size, firstPort, heap);
    Runtime.getRuntime().addShutdownHook(cluster.atExit);
    try {
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
      unzip(distribution, folder);
      try (var unpacked = Files.newDirectoryStream(folder, "opensearch-*")) {
        Files.move(unpacked.iterator().next(), cluster.home);
      }
      try (var commands = Files.newDirectoryStream(cluster.home.resolve("bin"))) {
        for (Path command : commands) {
          Files.setPosixFilePermissions(command, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
      }
      if (plugin != null) {
        Command.run(
            List.of(
                cluster.home.resolve("bin/opensearch-plugin").toString(),
                "install",
                "--batch",
                plugin.toUri().toString()),
            folder,
            COMMAND_TIMEOUT);
      }
      return cluster;
    } catch (IOException | RuntimeException e) {
      cluster.close();
      throw e;
    }
  }

  private static void unzip(Path zip, Path folder) throws IOException {
    try (ZipFile file = new ZipFile(zip.toFile())) {
      Enumeration<? extends ZipEntry> entries = file.entries();
      while (entries.hasMoreElements()) {
        ZipEntry entry = entries.nextElement();
        Path target = folder.resolve(entry.getName()).normalize();
        if (!target.startsWith(folder)) {
          throw new IOException(zip + ": entry " + entry.getName() + " leaves the folder");
        }
        if (entry.isDirectory()) {
          Files.createDirectories(target);
        } else {
          Files.createDirectories(target.getParent());
          try (InputStream content = file.getInputStream(entry)) {
            Files.copy(content, target);
          }
        }
      }
    }
  }

  /** Lets nodes that are started for the first time read models below a folder, and no others. */
  public void allowModels(Path below) {
    models = below;
  }

  /** Where a node answers. Nodes are numbered from 0. */
  public URI url(int node) {
    return URI.create("http://127.0.0.1:" + (firstPort + node));
  }

  /** What a node is called. */
  public static String name(int node) {
    return "node-" + (node + 1);
  }

  /** What a node logged. */
  private Path log(int node) {
    return folder.resolve(name(node)).resolve("out.log");
  }

  /**
   * What searches of a node were slow, as it logged them; there is no such file before the first.
   */
  public Path slowLog(int node) {
    return folder.resolve(name(node)).resolve("logs/semblance_index_search_slowlog.log");
  }

  /** The process id of a running node. */
  public long pid(int node) {
    Process process = process(node);
    if (process == null) {
      throw new IllegalStateException(name(node) + " is not running");
    }
    return process.pid();
  }

  /**
   * Starts a node, with the data that it had if it ran before, and returns at once.
   *
   * @param settings more lines of its opensearch.yml
   */
  public synchronized void start(int node, String... settings) throws IOException {
    if (closed) {
      throw new IOException(name(node) + " cannot start: the cluster was stopped");
    }
    Path own = folder.resolve(name(node));
    Path config = own.resolve("config");
    if (!Files.exists(config)) {
      Files.createDirectories(own.resolve("data"));
      Files.createDirectories(own.resolve("tmp"));
      copy(home.resolve("config"), config);
      // These name files in OpenSearch's own folder, which is the same for all nodes.
      Path options = config.resolve("jvm.options");
      Files.write(
          options,
          Files.readAllLines(options).stream()
              .filter(line -> !line.contains("=logs/") && !line.contains("=data"))
              .toList());
      Files.writeString(
          config.resolve("jvm.options.d").resolve("semblance.options"),
          "-Xms"
              + heap
              + "\n-Xmx"
              + heap
              + "\n"
              + (models == null ? "" : "-Dsemblance.models.path=" + models + "\n"));
    }
    Files.writeString(config.resolve("opensearch.yml"), configuration(node, own, settings));
    List<String> command = new ArrayList<>();
    if (isRoot()) {
      Command.run(List.of("chown", "-R", UNPRIVILEGED, own.toString()), folder, COMMAND_TIMEOUT);
      command.addAll(List.of("setpriv", "--reuid=" + UNPRIVILEGED, "--clear-groups"));
    }
    command.add(home.resolve("bin/opensearch").toString());
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(own.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log(node).toFile()));
    Map<String, String> environment = builder.environment();
    environment.put("OPENSEARCH_JAVA_HOME", System.getProperty("java.home"));
    environment.put("OPENSEARCH_PATH_CONF", config.toString());
    environment.put("OPENSEARCH_TMPDIR", own.resolve("tmp").toString());
    environment.putIfAbsent("GOMP_SPINCOUNT", "10000"); // see docs/lucene.md
    while (processes.size() <= node) {
      processes.add(null);
    }
    processes.set(node, builder.start());
  }

  private String configuration(int node, Path own, String... settings) {
    String seeds =
        IntStream.range(0, size)
            .mapToObj(i -> "\"127.0.0.1:" + (firstPort + TRANSPORT_OFFSET + i) + "\"")
            .collect(Collectors.joining(", "));
    String electors =
        IntStream.range(0, size).mapToObj(LocalCluster::name).collect(Collectors.joining(", "));
    return String.join(
        "\n",
        "cluster.name: semblance",
        "node.name: " + name(node),
        "path.data: " + own.resolve("data"),
        "path.logs: " + own.resolve("logs"),
        "http.port: " + (firstPort + node),
        "transport.port: " + (firstPort + TRANSPORT_OFFSET + node),
        "discovery.seed_hosts: [" + seeds + "]",
        "cluster.initial_cluster_manager_nodes: [" + electors + "]",
        "# This is one machine: its disk is not the cluster's to balance.",
        "cluster.routing.allocation.disk.threshold_enabled: false",
        String.join("\n", settings),
        "");
  }

  /**
   * Waits until a node answers and sees so many nodes.
   *
   * @throws IOException if it does not in time, or its process ended
   */
  public void await(int node, int nodes) throws IOException {
    long deadline = System.nanoTime() + START_TIMEOUT.toNanos();
    try (ClusterClient client = new ClusterClient(url(node), HEALTH_TIMEOUT)) {
      while (!sees(client, nodes)) {
        Process process = process(node);
        if (process == null || !process.isAlive()) {
          throw new IOException(
              name(node) + " ended; the end of " + log(node) + ":\n" + tail(node));
        }
        if (System.nanoTime() > deadline) {
          throw new IOException(
              name(node)
                  + " did not see "
                  + nodes
                  + " nodes within "
                  + START_TIMEOUT.toMinutes()
                  + " minutes; the end of "
                  + log(node)
                  + ":\n"
                  + tail(node));
        }
        pause();
      }
    }
  }

  private static boolean sees(ClusterClient client, int nodes) {
    try {
      ClusterClient.Reply health = client.send("GET", "/_cluster/health", null);
      JsonNode seen = health.body().path("number_of_nodes");
      return health.isOk() && seen.asInt(0) == nodes;
    } catch (IOException e) {
      return false; // it does not listen yet
    }
  }

  private String tail(int node) throws IOException {
    List<String> lines = Files.readAllLines(log(node));
    return String.join("\n", lines.subList(Math.max(0, lines.size() - 20), lines.size()));
  }

  public static void pause() throws IOException {
    try {
      TimeUnit.NANOSECONDS.sleep(POLL.toNanos());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      InterruptedIOException interrupted = new InterruptedIOException("interrupted while waiting");
      interrupted.initCause(e);
      throw interrupted;
    }
  }

  private synchronized @Nullable Process process(int node) {
    return processes.get(node);
  }

  /** Ends a node in order, with SIGTERM; kills it where that takes more than half a minute. */
  public synchronized void stop(int node) {
    Process process = processes.get(node);
    if (process != null) {
      process.destroy();
      Process unused =
          process
              .onExit()
              .completeOnTimeout(process, STOP_TIMEOUT.toSeconds(), TimeUnit.SECONDS)
              .join();
      kill(node);
    }
  }

  /** Ends a node as a crash would, with SIGKILL. */
  public synchronized void kill(int node) {
    Process process = processes.set(node, null);
    if (process == null) {
      return;
    }
    long seconds = STOP_TIMEOUT.toSeconds();
    process.destroyForcibly().onExit().completeOnTimeout(process, seconds, TimeUnit.SECONDS).join();
    if (process.isAlive()) {
      LOG.warn(
          "{} (process {}) was killed and did not end within {} s; its files may stay in {}",
          name(node),
          process.pid(),
          seconds,
          folder);
    }
  }

  /**
   * Ends all nodes in order, and deletes their files. Any thread may do so, also while others do.
   */
  @Override
  public synchronized void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    for (Process process : processes) {
      if (process != null) {
        process.destroy();
      }
    }
    for (int node = 0; node < processes.size(); node++) {
      Process process = processes.get(node);
      try {
        if (process != null && !process.waitFor(STOP_TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
          kill(node);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        kill(node);
      }
    }
    delete(folder);
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException e) {
      LOG.debug("the process is exiting, which is why the cluster is stopped", e);
    }
  }

  private void stopAtExit() {
    try {
      close();
    } catch (IOException e) {
      LOG.warn("not all files of the cluster in {} could be deleted", folder, e);
    }
  }

  private static boolean isRoot() {
    return "root".equals(System.getProperty("user.name"));
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.walkFileTree(
        from,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path sub, BasicFileAttributes attributes)
              throws IOException {
            Files.createDirectories(to.resolve(from.relativize(sub)));
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.copy(file, to.resolve(from.relativize(file)));
            return FileVisitResult.CONTINUE;
          }
        });
  }

  private static void delete(Path folder) throws IOException {
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path sub, @Nullable IOException failure)
              throws IOException {
            Files.deleteIfExists(sub);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
