package io.github.semblance.bert.checkpoint;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Fetches from a hub on this machine that behaves, or does not. */
class HubFetcherTest {
  private static final String MODEL = "hf:org/tiny";

  @TempDir Path home;
  private final byte[] weights = new byte[300_000];
  private final Map<String, String> variables = new HashMap<>();
  private FakeHub hub;

  @BeforeEach
  void startHub() throws IOException {
    new Random(7).nextBytes(weights);
    hub = new FakeHub();
    hub.files.put("README.md", "# Tiny".getBytes(UTF_8));
    hub.files.put("config.json", "{\"model_type\":\"bert\"}".getBytes(UTF_8));
    hub.files.put("model.safetensors", weights);
    hub.files.put("pytorch_model.bin", new byte[10]);
    hub.files.put("onnx/model.onnx", new byte[10]);
    hub.files.put("vocab.txt", "[UNK]\n".getBytes(UTF_8));
    hub.files.put("1_Pooling/config.json", "{}".getBytes(UTF_8));
    hub.files.put("2_Dense/model.safetensors", "{}".getBytes(UTF_8));
    variables.put("HF_ENDPOINT", hub.endpoint() + "/");
  }

  @AfterEach
  void stopHub() {
    hub.close();
  }

  private ModelStore store() {
    return new ModelStore(
        new ModelEnvironment(variables, Map.of(), home, getClass().getClassLoader()));
  }

  private ModelDescription pull() throws CheckpointException {
    return store().pull(MODEL, PullProgress.NONE);
  }

  private String refusal() {
    return Refusal.of(this::pull);
  }

  private Path repository() {
    return home.resolve(".cache/huggingface/hub/models--org--tiny");
  }

  private Path partial() {
    return repository().resolve("blobs").resolve(FakeHub.sha256(weights) + ".incomplete");
  }

  /** After a failure the model is neither here nor half here. */
  private void assertNothingLooksComplete() throws IOException {
    assertFalse(store().describe(MODEL).isHere());
    assertFalse(Files.exists(repository().resolve("snapshots")));
    assertFalse(Files.exists(repository().resolve("blobs").resolve(FakeHub.sha256(weights))));
    String advice = Refusal.of(() -> store().open(MODEL));
    assertTrue(advice.contains("semblance models pull hf:org/tiny"), advice);
  }

  private long requests(String start) {
    return hub.requests.stream().filter(request -> request.startsWith(start)).count();
  }

  @Test
  void fetchesWhatTheModelNeedsIntoTheSharedCache() throws IOException {
    ModelDescription model = pull();

    Path snapshot = repository().resolve("snapshots").resolve(FakeHub.COMMIT);
    assertEquals(snapshot.toString(), model.location().orElseThrow());
    assertArrayEquals(weights, Files.readAllBytes(snapshot.resolve("model.safetensors")));
    assertTrue(Files.isSymbolicLink(snapshot.resolve("1_Pooling/config.json")));
    assertEquals("{}", Files.readString(snapshot.resolve("1_Pooling/config.json")));
    assertEquals(FakeHub.COMMIT, Files.readString(repository().resolve("refs/main")));
    try (Stream<Path> files = Files.walk(snapshot)) {
      assertEquals(
          List.of(
              "1_Pooling/config.json",
              "2_Dense/model.safetensors",
              "config.json",
              "model.safetensors",
              "vocab.txt"),
          files
              .filter(Files::isRegularFile)
              .map(file -> snapshot.relativize(file).toString())
              .sorted()
              .toList());
    }
    try (Stream<Path> blobs = Files.list(repository().resolve("blobs"))) {
      assertEquals(5, blobs.count(), "nothing but blobs is left behind");
    }
  }

  @Test
  void whatMakesASnapshotLookCompleteComesLast() throws IOException {
    List<String> files = new ArrayList<>();
    store().pull(MODEL, (file, done, total) -> files.add(file));
    assertEquals("config.json", files.getLast());
    assertTrue(files.contains("1_Pooling/config.json"), files.toString());
  }

  @Test
  void aSecondPullDownloadsNothing() throws IOException {
    pull();
    hub.requests.clear();
    pull();
    assertEquals(0, requests("content"), hub.requests.toString());
  }

  @Test
  void findsAModelThatAnotherClientFetched() throws IOException {
    Path hubCache = home.resolve("elsewhere");
    variables.put("HF_HUB_CACHE", hubCache.toString());
    Path snapshot = hubCache.resolve("models--org--tiny/snapshots").resolve(FakeHub.COMMIT);
    Files.createDirectories(snapshot);
    Files.writeString(snapshot.resolve("config.json"), "{}");
    Path tag = hubCache.resolve("models--org--tiny/refs/refs/pr/1");
    Files.createDirectories(tag.resolveSibling(""));
    Files.writeString(tag, FakeHub.COMMIT);

    assertTrue(store().describe("hf:org/tiny@refs/pr/1").isHere());
    assertTrue(store().describe("hf:org/tiny@" + FakeHub.COMMIT).isHere());
    assertFalse(store().describe("hf:org/tiny").isHere(), "main was never fetched");
    assertEquals(0, hub.requests.size(), "looking is not fetching");
  }

  @Test
  void theTokenGoesToTheHubAndNotToTheContentServer() throws IOException {
    variables.put("HF_HOME", home.resolve("hf").toString());
    Files.createDirectories(home.resolve("hf"));
    Files.writeString(home.resolve("hf/token"), "hf_file\n");
    pull();
    assertTrue(requests("hub GET /api/models/org/tiny/revision/main Bearer hf_file") == 1);
    assertEquals(1, requests("content GET /model.safetensors"));
    assertEquals(
        0,
        hub.requests.stream()
            .filter(r -> r.startsWith("content") && r.contains("hf_file"))
            .count());

    variables.put("HF_TOKEN", "hf_variable");
    pull();
    assertEquals(1, requests("hub GET /api/models/org/tiny/revision/main Bearer hf_variable"));
  }

  @Test
  void continuesACutDownload() throws IOException {
    hub.cuts.put("model.safetensors", List.of(100_000, 50_000));
    List<Long> progress = new ArrayList<>();
    store()
        .pull(
            MODEL,
            (file, done, total) -> {
              if (file.equals("model.safetensors")) {
                assertEquals(weights.length, total);
                progress.add(done);
              }
            });
    assertEquals(3, requests("content GET /model.safetensors"));
    // The client may lose the last bytes before a cut, so where it goes on is not to be foretold.
    assertEquals(2, requests("content GET /model.safetensors bytes="));
    assertEquals(0, requests("content GET /model.safetensors bytes=0-"));
    assertEquals(progress.stream().sorted().toList(), progress, "progress never goes back");
    assertEquals(weights.length, progress.getLast());
  }

  /** Longer than a sound answer takes here, once the client's code is loaded. */
  private void waitOnlyShortly() throws CheckpointException {
    Path elsewhere = home.resolve("elsewhere");
    new ModelStore(
            new ModelEnvironment(variables, Map.of(), elsewhere, getClass().getClassLoader()))
        .pull(MODEL, PullProgress.NONE);
    hub.requests.clear();
    variables.put("HF_HUB_DOWNLOAD_TIMEOUT", "1.5");
  }

  @Test
  void aDownloadThatStallsIsContinued() throws IOException {
    waitOnlyShortly();
    hub.stalls.put("model.safetensors", List.of(100_000, 50_000));
    pull();
    assertEquals(3, requests("content GET /model.safetensors"));
    assertEquals(2, requests("content GET /model.safetensors bytes="));
    assertTrue(store().describe(MODEL).isHere());
  }

  @Test
  void headersAndThenNothingIsNotWaitedForForever() throws IOException {
    waitOnlyShortly();
    hub.stalls.put("model.safetensors", List.of(0));
    String message = refusal();
    assertTrue(message.contains("must have 300,000 bytes, got: 0"), message);
    assertTrue(
        message.contains(
            "model.safetensors sent no further byte for 1.5 s, the limit that"
                + " HF_HUB_DOWNLOAD_TIMEOUT sets"),
        message);
    assertTrue(message.contains("goes on where it stopped"), message);
    assertNothingLooksComplete();
  }

  @Test
  void aDownloadThatIsCutAgainAndAgainEnds() throws IOException {
    hub.cuts.put("model.safetensors", Collections.nCopies(1000, 1000));
    String message = refusal();
    assertTrue(message.contains("must have 300,000 bytes, got: "), message);
    assertTrue(requests("content GET /model.safetensors") <= 11);
    assertTrue(Files.size(partial()) > 0, "what has come is kept");
    hub.cuts.clear();
    pull();
    assertTrue(store().describe(MODEL).isHere());
  }

  @Test
  void aListingThatStallsIsNotWaitedForForever() throws IOException {
    waitOnlyShortly();
    hub.stalls.put("listing", List.of());
    String message = refusal();
    assertTrue(message.contains("/api/models/org/tiny/revision/main sent no further"), message);
    assertTrue(message.contains("1.5 s, the limit that HF_HUB_DOWNLOAD_TIMEOUT sets"), message);
    assertNothingLooksComplete();
  }

  @Test
  void aHubThatIsSilentIsNotWaitedForForever() throws IOException {
    waitOnlyShortly();
    hub.silences.add("/model.safetensors");
    String message = refusal();
    assertTrue(message.contains("/model.safetensors did not answer within 1.5 s"), message);
    assertTrue(message.contains("HF_HUB_DOWNLOAD_TIMEOUT"), message);
    assertNothingLooksComplete();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "soon", "3601", "1e3", "0.0000000001"})
  void refusesALimitThatIsNone(String limit) {
    variables.put("HF_HUB_DOWNLOAD_TIMEOUT", limit);
    assertEquals(
        "HF_HUB_DOWNLOAD_TIMEOUT must be a number of seconds above 0 and up to 3600, got: " + limit,
        refusal());
  }

  @Test
  void startsOverWhereTheServerCannotContinue() throws IOException {
    Files.createDirectories(partial().resolveSibling(""));
    Files.write(partial(), new byte[1000]); // not even the right bytes
    hub.ranges = false;
    pull();
    assertEquals(1, requests("content GET /model.safetensors bytes=1000-"));
    assertTrue(store().describe(MODEL).isHere());
  }

  @Test
  void aTruncatedBodyIsKeptForTheNextAttempt() throws IOException {
    hub.cuts.put("model.safetensors", List.of(100_000, 0));
    String message = refusal();
    long kept = Files.size(partial());
    assertTrue(kept > 0 && kept <= 100_000, kept + " bytes");
    assertTrue(
        message.contains(String.format(Locale.ROOT, "must have 300,000 bytes, got: %,d", kept)),
        message);
    assertNothingLooksComplete();

    pull();
    assertEquals(2, requests("content GET /model.safetensors bytes=" + kept + "-"));
    assertTrue(store().describe(MODEL).isHere());
  }

  @Test
  void aKilledDownloadLeavesNothingThatLooksComplete() throws IOException {
    PullProgress kill =
        (file, done, total) -> {
          if (file.equals("model.safetensors") && done > 0) {
            throw new UncheckedIOException(new IOException("killed"));
          }
        };
    assertThrows(UncheckedIOException.class, () -> store().pull(MODEL, kill));
    assertNothingLooksComplete();
    assertTrue(Files.size(partial()) > 0, "what has come is kept");

    pull();
    assertTrue(store().describe(MODEL).isHere());
  }

  @Test
  void refusesContentWithAnotherHash() throws IOException {
    hub.statedHashes.put("model.safetensors", "ab".repeat(32));
    String message = refusal();
    assertTrue(message.contains("must have the hash abab"), message);
    assertTrue(message.contains("got: " + FakeHub.sha256(weights)), message);
    assertNothingLooksComplete();
    Path broken = repository().resolve("blobs").resolve("ab".repeat(32) + ".incomplete");
    assertEquals(0, Files.size(broken), "wrong bytes must not be continued");
  }

  @Test
  void refusesASmallFileWithAnotherGitHash() throws IOException {
    hub.statedHashes.put("vocab.txt", "cd".repeat(20));
    assertTrue(refusal().contains("must have the hash cdcd"));
    assertFalse(store().describe(MODEL).isHere());
    assertFalse(Files.exists(repository().resolve("blobs").resolve("cd".repeat(20))));
  }

  @Test
  void refusesContentThatCannotBeVerified() throws IOException {
    hub.statedHashes.put("vocab.txt", "../../evil");
    String message = refusal();
    assertTrue(message.contains("must state a hash as its ETag"), message);
    assertNothingLooksComplete();
  }

  @Test
  void aRangeTooLongIsThrownAway() throws IOException {
    Files.createDirectories(partial().resolveSibling(""));
    Files.write(partial(), new byte[weights.length + 1]);
    pull();
    assertTrue(store().describe(MODEL).isHere());
  }

  @Test
  void advisesATokenOn401() throws IOException {
    hub.refusals.put("/api/models/org/tiny/revision/main", 401);
    String message = refusal();
    assertTrue(message.contains("hf:org/tiny@main is private or does not exist"), message);
    assertTrue(message.contains("set HF_TOKEN"), message);
    assertNothingLooksComplete();

    variables.put("HF_TOKEN", "old");
    assertTrue(refusal().contains("that HF_TOKEN is valid"));
  }

  @Test
  void advisesToAcceptTermsOn403() {
    hub.refusals.put("/org/tiny/resolve/" + FakeHub.COMMIT + "/model.safetensors", 403);
    String message = refusal();
    assertTrue(message.contains("accept its terms at " + hub.endpoint() + "/org/tiny"), message);
  }

  @Test
  void namesTheModelOn404() {
    hub.refusals.put("/api/models/org/tiny/revision/main", 404);
    assertTrue(refusal().startsWith("hf:org/tiny@main does not exist"));
  }

  @Test
  void saysThatTheHubFailed() {
    hub.refusals.put("/api/models/org/tiny/revision/main", 503);
    String message = refusal();
    assertTrue(message.contains("must answer with status 200, got 503"), message);
  }

  @Test
  void saysThatTheHubCannotBeReached() {
    hub.close();
    String message = refusal();
    assertTrue(message.contains("could not be reached"), message);
    assertTrue(message.contains("HF_ENDPOINT"), message);
  }

  @Test
  void refusesAModelOfPicklesOnly() {
    hub.files.remove("model.safetensors");
    hub.files.remove("onnx/model.onnx");
    String message = refusal();
    assertTrue(message.contains("must hold model.safetensors"), message);
    assertTrue(message.contains("pytorch_model.bin"), message);
  }

  @Test
  void fetchesAllShards() throws IOException {
    hub.files.remove("model.safetensors");
    hub.files.put("model.safetensors.index.json", "{}".getBytes(UTF_8));
    hub.files.put("model-00001-of-00002.safetensors", new byte[] {1});
    hub.files.put("model-00002-of-00002.safetensors", new byte[] {2});
    Path snapshot = Path.of(pull().location().orElseThrow());
    assertTrue(Files.exists(snapshot.resolve("model.safetensors.index.json")));
    assertTrue(Files.exists(snapshot.resolve("model-00002-of-00002.safetensors")));
  }

  @Test
  void ignoresFilesThatAreNoneOfTheLayout() throws IOException {
    hub.files.put("../../../escaped/config.json", "{}".getBytes(UTF_8));
    pull();
    assertEquals(0, hub.requests.stream().filter(r -> r.contains("escaped")).count());
  }

  @Test
  void fetchesNothingOffline() {
    variables.put("HF_HUB_OFFLINE", "1");
    assertTrue(refusal().contains("HF_HUB_OFFLINE"));
    assertEquals(0, hub.requests.size());
  }
}
