package io.github.semblance.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** Nodes and commands that never end. */
@Timeout(60) // where a limit does not hold
final class WaitsTest {
  private static <T extends IOException> String message(Class<T> type, Executable executable) {
    return String.valueOf(assertThrows(type, executable).getMessage());
  }

  @Test
  void anAnswerThatStopsAfterItsHeaders() throws IOException {
    CountDownLatch closing = new CountDownLatch(1);
    HttpServer node =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    node.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(200, 1000);
          exchange.getResponseBody().write('{');
          exchange.getResponseBody().flush();
          try {
            closing.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    node.start();
    URI url = URI.create("http://127.0.0.1:" + node.getAddress().getPort());
    try (ClusterClient client = new ClusterClient(url, Duration.ofMillis(300))) {
      String message =
          message(HttpTimeoutException.class, () -> client.require("GET", "/_health", null));
      assertEquals(
          "GET "
              + url
              + "/_health: no whole answer within 0.3 s, which is the limit; see the node's log for"
              + " what it is busy with",
          message);
    } finally {
      closing.countDown();
      node.stop(0);
    }
  }

  @Test
  void aNodeThatDoesNotListenIsNamed() {
    try (ClusterClient client = new ClusterClient(URI.create("http://127.0.0.1:1"))) {
      String message = message(IOException.class, () -> client.send("GET", "/", null));
      assertTrue(message.startsWith("http://127.0.0.1:1/: java.net.ConnectException"), message);
    }
  }

  @Test
  void aCommandThatGoesOn(@TempDir Path folder) throws IOException {
    assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "needs a shell");
    // What the shell starts keeps its output open.
    List<String> command = List.of("/bin/sh", "-c", "echo started; sleep 600 & wait");
    String message =
        message(IOException.class, () -> Command.run(command, folder, Duration.ofMillis(500)));
    assertTrue(message.contains("did not end within 0.5 s, which is the limit:\nstarted"), message);
    try (Stream<Path> left = Files.list(folder)) {
      assertEquals(0, left.count());
    }
  }

  @Test
  void aCommandThatFails(@TempDir Path folder) throws IOException {
    assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "needs a shell");
    List<String> command = List.of("/bin/sh", "-c", "echo no such plugin >&2; exit 3");
    String message =
        message(IOException.class, () -> Command.run(command, folder, Duration.ofSeconds(50)));
    assertTrue(message.endsWith(" exited with 3:\nno such plugin\n"), message);
    Command.run(List.of("/bin/sh", "-c", "exit 0"), folder, Duration.ofSeconds(50));
  }
}
