package io.github.semblance.bert.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FingerprintTest {
  private static final Checkpoint.Facts FACTS =
      new Checkpoint.Facts(12, Pooling.MEAN, true, "q", "p", 0.5f);
  private static final String TOKENIZER = "{\"model\":{\"vocab\":{\"a\":0}}}";

  @TempDir Path home;

  private static EncoderWeights weights() throws CheckpointException {
    return SafetensorsFile.read(SafetensorsFile.of(TinyBert.weights()).toBytes());
  }

  private static String fingerprint(Checkpoint.Facts facts) throws CheckpointException {
    return Fingerprint.of(weights(), TOKENIZER, facts);
  }

  @Test
  void isTheSameForTheSameWeightsInEveryFormat() throws CheckpointException {
    EncoderWeights onnx =
        EncoderWeights.readOnnx(
            "tiny", TinyBert.offHeap(OnnxFile.of(TinyBert.weights()).toBytes()), TinyBert.CONFIG);
    assertEquals(fingerprint(FACTS), Fingerprint.of(onnx, TOKENIZER, FACTS));
    assertTrue(fingerprint(FACTS).matches("[0-9a-f]{64}"));
  }

  @Test
  void leavesOutWhatChangesNoVector() throws CheckpointException {
    assertEquals(
        fingerprint(FACTS), fingerprint(new Checkpoint.Facts(12, Pooling.MEAN, true, "q", "p", 0)));
    assertEquals(
        fingerprint(FACTS),
        Fingerprint.of(
            weights(),
            "{\"truncation\":{\"max_length\":1}, \"padding\":null, \"model\":{\"vocab\":{\"a\":0}}}",
            FACTS));
  }

  @Test
  void changesWithEverythingThatChangesAVector() throws CheckpointException {
    Set<String> all = new HashSet<>();
    all.add(fingerprint(FACTS));
    all.add(fingerprint(new Checkpoint.Facts(11, Pooling.MEAN, true, "q", "p", 0)));
    all.add(fingerprint(new Checkpoint.Facts(12, Pooling.CLS, true, "q", "p", 0)));
    all.add(fingerprint(new Checkpoint.Facts(12, Pooling.MEAN, false, "q", "p", 0)));
    all.add(fingerprint(new Checkpoint.Facts(12, Pooling.MEAN, true, "", "p", 0)));
    all.add(fingerprint(new Checkpoint.Facts(12, Pooling.MEAN, true, "q", "", 0)));
    all.add(fingerprint(new Checkpoint.Facts(12, Pooling.MEAN, true, "qp", "", 0)));
    all.add(Fingerprint.of(weights(), "{\"model\":{\"vocab\":{\"b\":0}}}", FACTS));
    BertConfig c = TinyBert.CONFIG;
    for (BertConfig other :
        List.of(
            new BertConfig(2, 8, 4, 16, 30, 12, c.activation(), 1e-12),
            new BertConfig(2, 8, 2, 16, 30, 12, c.activation(), 1e-5),
            new BertConfig(2, 8, 2, 16, 30, 12, BertConfig.Activation.GELU_TANH, 1e-12),
            with(new Architecture.Roberta("roberta", 0)),
            with(new Architecture.Roberta("roberta", 1)),
            with(new Architecture.Roberta("xlm-roberta", 1)))) {
      all.add(Fingerprint.of(new EncoderWeights(other, weights().tensors()), TOKENIZER, FACTS));
    }
    Map<String, float[]> weights = TinyBert.weights();
    OnnxFile.values(weights, "encoder.layer.1.output.dense.bias")[3] += 1;
    all.add(
        Fingerprint.of(
            SafetensorsFile.read(SafetensorsFile.of(weights).toBytes()), TOKENIZER, FACTS));
    Tensor layer = weights().tensors().values().iterator().next();
    for (Dense.Activation activation : Dense.Activation.values()) {
      Dense dense = new Dense(layer, Optional.empty(), activation);
      all.add(Fingerprint.of(weights(), List.of(dense), TOKENIZER, FACTS));
      all.add(Fingerprint.of(weights(), List.of(dense, dense), TOKENIZER, FACTS));
    }
    all.add(
        Fingerprint.of(
            weights(),
            List.of(new Dense(layer, Optional.of(layer), Dense.Activation.TANH)),
            TOKENIZER,
            FACTS));
    assertEquals(22, all.size());
  }

  private static BertConfig with(Architecture architecture) {
    return new BertConfig(2, 8, 2, 16, 30, 12, TinyBert.CONFIG.activation(), 1e-12, architecture);
  }

  /** Indexes name the fingerprint of their model: that of a BERT is the same for good. */
  @Test
  void staysWhatItHasBeen() throws CheckpointException {
    assertEquals(
        "f488f5aa4dc651c948f5da3d4406a118537ab9d625f51b1407ff0a70297f4b56", fingerprint(FACTS));
  }

  @Test
  void extendsByOneMoreFact() {
    String base = "ab".repeat(32);
    String extended = Fingerprint.extend(base, "precision", "INT8");
    assertTrue(extended.matches("[0-9a-f]{64}"));
    assertEquals(extended, Fingerprint.extend(base, "precision", "INT8"));
    assertNotEquals(extended, Fingerprint.extend(base, "precision", "FP32"));
    assertNotEquals(extended, Fingerprint.extend(base, "precisionI", "NT8"));
  }

  private Path remembered() throws IOException {
    try (Stream<Path> files = Files.list(home.resolve(".cache/semblance/fingerprints"))) {
      List<Path> all = files.toList();
      assertEquals(1, all.size(), all.toString());
      return all.getFirst();
    }
  }

  @Test
  void isRememberedAsLongAsTheFilesStay() throws IOException {
    TinyFolder folder = new TinyFolder(home.resolve("model"));
    ModelStore store = TinyFolder.store(home);
    String model = folder.path.toString();
    assertEquals(Optional.empty(), store.describe(model).fingerprint());
    String fingerprint = store.open(model).fingerprint();
    assertEquals(Optional.of(fingerprint), store.describe(model).fingerprint());

    // What is remembered is believed, so that nothing was computed.
    String other = "cd".repeat(32);
    Files.writeString(remembered(), other);
    assertEquals(other, store.open(model).fingerprint());

    Path weights = folder.path.resolve("model.safetensors");
    Files.setLastModifiedTime(weights, FileTime.fromMillis(1));
    assertEquals(Optional.empty(), store.describe(model).fingerprint());
    assertEquals(fingerprint, store.open(model).fingerprint());
  }

  @Test
  void brokenMemoryIsComputedAgain() throws IOException {
    TinyFolder folder = new TinyFolder(home.resolve("model"));
    String fingerprint = folder.open(home).fingerprint();
    Files.writeString(remembered(), "half a fing");
    assertEquals(fingerprint, folder.open(home).fingerprint());
    assertEquals(fingerprint, Files.readString(remembered()).strip());
  }

  @Test
  void isComputedWhereNothingCanBeRemembered() throws IOException {
    TinyFolder folder = new TinyFolder(home.resolve("model"));
    String fingerprint = folder.open(home).fingerprint();
    Path file = Files.writeString(home.resolve("file"), "");
    ModelStore store =
        new ModelStore(
            new ModelEnvironment(
                Map.of("XDG_CACHE_HOME", file.toString()),
                Map.of(),
                home,
                ClassLoader.getPlatformClassLoader()));
    assertEquals(fingerprint, store.open(folder.path.toString()).fingerprint());
  }
}
