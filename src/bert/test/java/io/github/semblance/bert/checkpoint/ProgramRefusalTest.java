package io.github.semblance.bert.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A program that comes with a model, by each way that a model comes. */
class ProgramRefusalTest {
  @TempDir Path home;
  private ModelStore store;

  @BeforeEach
  void openStore() {
    store = TinyFolder.store(home);
  }

  /** What DJL's users have, with the configuration that its converter copies. */
  private static Path program(Path folder) throws IOException {
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("traced.pt"), "module");
    Files.writeString(folder.resolve("tokenizer.json"), "{\"model\":{}}");
    Files.writeString(folder.resolve("config.json"), TinyFolder.CONFIG);
    return folder;
  }

  private static void assertTold(String message, Path program, String... parts) {
    assertTrue(message.startsWith(program + " is a TorchScript module, a program"), message);
    for (String part : parts) {
      assertTrue(message.contains(part), message);
    }
  }

  @Test
  void aFolderIsRefusedUntilTheUserSaysSo() throws IOException {
    Path folder = program(home.resolve("mine"));
    String message = Refusal.of(() -> store.open(folder.toString()));
    assertTold(
        message,
        folder.resolve("traced.pt"),
        "only when you say so",
        "model.safetensors or model.onnx",
        "--allow-torchscript",
        "withTrust(ModelTrust.TORCHSCRIPT)");
    assertFalse(Files.exists(home.resolve(".cache")), "not even its bytes were read");
    assertInstanceOf(TorchScriptModel.class, store.open(folder.toString(), ModelTrust.TORCHSCRIPT));
  }

  @ParameterizedTest
  @EnumSource
  void theHubsCacheIsRefusedWhateverIsSaid(ModelTrust trust) throws IOException {
    String commit = "0123456789abcdef0123456789abcdef01234567";
    Path repository = home.resolve(".cache/huggingface/hub/models--org--tiny");
    Path snapshot = program(repository.resolve("snapshots").resolve(commit));
    Files.createDirectories(repository.resolve("refs"));
    Files.writeString(repository.resolve("refs/main"), commit);
    assertTold(
        Refusal.of(() -> store.open("hf:org/tiny", trust)),
        snapshot.resolve("traced.pt"),
        "came from the Hugging Face hub is never run",
        "copy the files to a folder of your own");
  }

  @ParameterizedTest
  @EnumSource
  void aJarIsRefusedWhateverIsSaid(ModelTrust trust) throws IOException {
    Path jar = home.resolve(".m2/repository/com/example/tiny/1/tiny-1.jar");
    jar(
        jar,
        Map.of("traced.pt", "module", "tokenizer.json", "{\"model\":{}}", "config.json", "{}"));
    String message = Refusal.of(() -> store.open("mvn:com.example:tiny:1", trust));
    assertTrue(message.contains("traced.pt is a TorchScript module, a program"), message);
    assertTrue(message.contains("came from a Maven repository is never run"), message);
  }

  private static void jar(Path file, Map<String, String> entries) throws IOException {
    Files.createDirectories(file.resolveSibling(""));
    try (OutputStream out = Files.newOutputStream(file);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      for (Map.Entry<String, String> entry : entries.entrySet()) {
        zip.putNextEntry(new ZipEntry(entry.getKey()));
        zip.write(entry.getValue().getBytes(StandardCharsets.UTF_8));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aNameOfTheCatalogueReadsWeightsOnly(ModelTrust trust) throws IOException {
    CatalogueEntry entry = ModelCatalogue.byName("bge-small-en-v1.5").orElseThrow();
    String[] maven = entry.maven().split(":", -1);
    Path folder =
        home.resolve(".m2/repository")
            .resolve(maven[0].replace('.', '/'))
            .resolve(maven[1])
            .resolve(maven[2]);
    jar(
        folder.resolve(maven[1] + "-" + maven[2] + ".jar"),
        Map.of("traced.pt", "module", "tokenizer.json", "{}", "config.json", "{}"));
    String message = Refusal.of(() -> store.open(entry.name(), trust));
    assertTrue(message.contains(entry.weights()), message);
  }

  @Test
  void aNameFromAnIndexOpensNoFolder() throws IOException {
    Path folder = new TinyFolder(home.resolve("tiny")).path;
    assertInstanceOf(Checkpoint.class, store.open(folder.toString()));
    String message = Refusal.of(() -> store.open(folder.toString(), ModelTrust.INSTALLED));
    assertTrue(message.startsWith("\"" + folder + "\" is neither in the catalogue nor"), message);
    assertTrue(message.contains("opened only if you name it yourself"), message);
    assertEquals(
        message.replace(folder.toString(), "/no/such/folder"),
        Refusal.of(() -> store.open("/no/such/folder", ModelTrust.INSTALLED)),
        "nothing tells whether the folder exists");
  }

  @Test
  void aNameFromAnIndexOpensWhatIsInstalled() throws IOException {
    String commit = "0123456789abcdef0123456789abcdef01234567";
    Path repository = home.resolve(".cache/huggingface/hub/models--org--tiny");
    TinyFolder unused =
        new TinyFolder(Files.createDirectories(repository.resolve("snapshots/" + commit)));
    Files.createDirectories(repository.resolve("refs"));
    Files.writeString(repository.resolve("refs/main"), commit);
    assertInstanceOf(Checkpoint.class, store.open("hf:org/tiny", ModelTrust.INSTALLED));
    ModelStore system =
        new ModelStore(new ModelEnvironment(Map.of(), Map.of(), home, getClass().getClassLoader()));
    assertInstanceOf(
        Checkpoint.class, system.open(ModelCatalogue.DEFAULT_MODEL, ModelTrust.INSTALLED));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "model.safetensors",
        "model.safetensors.index.json",
        "model.onnx",
        "onnx/model.onnx",
        "0_Transformer/model.safetensors"
      })
  void weightsWinOverAProgramBesideThem(String weights) throws IOException {
    TinyFolder folder = new TinyFolder(home.resolve("both")).delete("model.safetensors");
    byte[] safetensors = SafetensorsFile.of(TinyBert.weights()).toBytes();
    if (weights.endsWith(".onnx")) {
      folder.write(weights, OnnxFile.of(TinyBert.weights()).toBytes());
    } else if (weights.endsWith(".json")) {
      folder.write(weights, "{\"weight_map\": {\"x\": \"shard.safetensors\"}}");
      folder.write("shard.safetensors", safetensors);
    } else {
      folder.write(weights, safetensors);
    }
    if (weights.startsWith("0_")) {
      folder
          .write("0_Transformer/config.json", TinyFolder.CONFIG)
          .write("0_Transformer/vocab.txt", TinyFolder.VOCABULARY)
          .modules(Map.of("0_Transformer", "sentence_transformers.models.Transformer"));
    }
    folder.write("both.pt", "module").write("tokenizer.json", "{\"model\": {}}");
    for (ModelTrust trust : new ModelTrust[] {ModelTrust.WEIGHTS, ModelTrust.TORCHSCRIPT}) {
      assertInstanceOf(Checkpoint.class, store.open(folder.path.toString(), trust));
    }
  }

  @Test
  void weightsThatCannotBeReadDoNotGiveWayToAProgram() throws IOException {
    TinyFolder folder = new TinyFolder(home.resolve("both")).write("both.pt", "module");
    folder.write("model.safetensors", "damaged");
    String message = Refusal.of(() -> store.open(folder.path.toString(), ModelTrust.TORCHSCRIPT));
    assertTrue(message.contains("model.safetensors: "), message);
  }
}
