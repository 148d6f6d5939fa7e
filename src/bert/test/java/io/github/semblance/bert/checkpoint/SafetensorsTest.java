package io.github.semblance.bert.checkpoint;

import static io.github.semblance.bert.checkpoint.TinyBert.assertRefused;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SafetensorsTest {
  private static final String BIAS = "embeddings.LayerNorm.bias";

  private final Map<String, float[]> weights = TinyBert.weights();

  @TempDir Path folder;

  @Test
  void readsWhatWasWritten() throws IOException {
    Path file = Files.write(folder.resolve("model.safetensors"), valid().toBytes());
    TinyBert.assertHolds(weights, EncoderWeights.readSafetensors(file, TinyBert.CONFIG));
  }

  @Test
  void mapsAlignedFloatsInsteadOfCopyingThem() throws IOException {
    Path file = Files.write(folder.resolve("model.safetensors"), valid().toBytes());
    EncoderWeights read = EncoderWeights.readSafetensors(file, TinyBert.CONFIG);
    read.tensors().values().forEach(t -> assertTrue(t.data().isReadOnly(), t.name()));
    assertTrue(
        requireNonNull(read.tensors().get(BIAS)).data() instanceof MappedByteBuffer, "mapped");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void alignsFloatsBehindAnOddHeader(int blanks) throws IOException {
    Path file = Files.write(folder.resolve("model.safetensors"), valid().toBytes(blanks));
    TinyBert.assertHolds(weights, EncoderWeights.readSafetensors(file, TinyBert.CONFIG));
  }

  @ParameterizedTest
  @ValueSource(strings = {"F16", "BF16"})
  void widensHalves(String dtype) throws CheckpointException {
    Map<String, float[]> coarse = TinyBert.coarseWeights();
    SafetensorsFile file = new SafetensorsFile();
    coarse.forEach((name, values) -> file.add(name, dtype, name, values));
    TinyBert.assertHolds(coarse, SafetensorsFile.read(file.toBytes()));
  }

  @Test
  void knowsOldNamesAndIgnoresHeads() throws CheckpointException {
    SafetensorsFile file = new SafetensorsFile();
    weights.forEach(
        (name, values) ->
            file.add(
                "bert."
                    + name.replace("LayerNorm.weight", "LayerNorm.gamma")
                        .replace("LayerNorm.bias", "LayerNorm.beta"),
                "F32",
                name,
                values));
    int end = file.dataSize();
    for (String ignored :
        List.of(
            "bert.embeddings.position_ids",
            "bert.pooler.dense.bias",
            "cls.predictions.bias",
            "classifier.weight")) {
      file.entry(ignored, "I64", List.of(), end, end);
    }
    file.json("\"__metadata__\":{\"format\":\"pt\"}");
    TinyBert.assertHolds(weights, SafetensorsFile.read(file.toBytes()));
  }

  @Test
  void readsShards() throws IOException {
    SafetensorsFile first = new SafetensorsFile();
    SafetensorsFile second = new SafetensorsFile();
    weights.forEach(
        (name, values) ->
            (name.contains("layer.1") ? second : first).add(name, "F32", name, values));
    Files.write(folder.resolve("model-1.safetensors"), first.toBytes());
    Files.write(folder.resolve("model-2.safetensors"), second.toBytes());
    Path index =
        writeIndex(
            weights.keySet().stream()
                .collect(
                    Collectors.toMap(
                        name -> name, name -> name.contains("layer.1") ? "model-2" : "model-1")));
    TinyBert.assertHolds(weights, EncoderWeights.readSafetensors(index, TinyBert.CONFIG));

    Files.delete(folder.resolve("model-2.safetensors"));
    assertRefused(
        "model-2.safetensors", () -> EncoderWeights.readSafetensors(index, TinyBert.CONFIG));
  }

  @Test
  void refusesShardsInOtherFolders() throws IOException {
    for (String name : List.of("../model", "/etc/model", "..", "a\\\\b", "a/b", "a\\u0000b")) {
      Path index = writeIndex(Map.of("embeddings.word_embeddings.weight", name));
      assertRefused(
          "weight_map must name files in the same folder",
          () -> EncoderWeights.readSafetensors(index, TinyBert.CONFIG));
    }
    Path index = writeIndex(Map.of());
    assertRefused(
        "weight_map must name the files",
        () -> EncoderWeights.readSafetensors(index, TinyBert.CONFIG));
  }

  private Path writeIndex(Map<String, String> shards) throws IOException {
    String map =
        shards.entrySet().stream()
            .map(
                e ->
                    String.format(
                        Locale.ROOT, "\"%s\":\"%s.safetensors\"", e.getKey(), e.getValue()))
            .collect(Collectors.joining(","));
    return Files.writeString(
        folder.resolve("model.safetensors.index.json"), "{\"weight_map\":{" + map + "}}");
  }

  @Test
  void refusesHeadersThatCannotBe() {
    byte[] json = "{}".getBytes(StandardCharsets.UTF_8);
    assertFileRefused("at least 8 bytes, got: 3", new byte[3]);
    assertFileRefused("must be at most 2, got: 3;", SafetensorsFile.file(3, json, new byte[0]));
    assertFileRefused(
        "must be at most 2, got: 2147483648;", SafetensorsFile.file(1L << 31, json, new byte[0]));
    assertFileRefused("got: 18446744073709551615;", SafetensorsFile.file(-1, json, new byte[0]));
    assertFileRefused(
        "must be at most 4194304, got: 5000000;",
        SafetensorsFile.file(5_000_000, json, new byte[5_000_000]));
    assertFileRefused("not valid JSON", SafetensorsFile.file("{\"a\":", new byte[0]));
    assertFileRefused("a JSON object is expected", SafetensorsFile.file("[]", new byte[0]));
    assertFileRefused("not valid JSON", SafetensorsFile.file("[".repeat(1_000_000), new byte[0]));
    assertFileRefused("Nesting", SafetensorsFile.file("{\"a\":".repeat(40), new byte[0]));
  }

  @Test
  void refusesTensorsThatCannotBe() {
    assertFileRefused(
        "tensor x must lie within", valid().entry("x", "F32", List.of(1), 0, "99999999"));
    assertFileRefused(
        "tensor x must lie within",
        valid().entry("x", "F32", List.of(1), Long.MAX_VALUE - 3, Long.MAX_VALUE));
    assertFileRefused("tensor x must lie within", valid().entry("x", "F32", List.of(1), 8, 4));
    assertFileRefused(
        "data_offsets must be an array", valid().entry("x", "F32", List.of(1), -4, 0));
    assertFileRefused(
        "data_offsets must be an array", valid().entry("x", "F32", List.of(1), 0.5, 4));
    assertFileRefused(
        "data_offsets must be an array",
        valid().entry("x", "F32", List.of(1), 0, "9223372036854775808"));
    assertFileRefused("data_offsets must be an array", valid().json("\"x\":{\"dtype\":\"F32\"}"));
    assertFileRefused("data_offsets must be an array", valid().json("\"x\":7"));
    assertFileRefused("overlap", valid().entry("x", "F32", List.of(2), 4, 12));
    assertFileRefused("not valid JSON", valid().entry(BIAS, "F32", List.of(8), 0, 0));
    assertFileRefused("is there twice", valid().add("bert." + BIAS, "F32", BIAS, new float[8]));
  }

  @Test
  void refusesWhatTheConfigurationDoesNotState() {
    assertFileRefused(
        BIAS + " must have shape [8] as the configuration states, got: [9]",
        without(BIAS).entry(BIAS, "F32", List.of(9), 0, 0));
    assertFileRefused(
        "got: [4294967296, 4294967296]",
        without(BIAS).entry(BIAS, "F32", List.of(1L << 32, 1L << 32), 0, 0));
    assertFileRefused(
        "shape must be an array of sizes", without(BIAS).entry(BIAS, "F32", List.of(-8), 0, 0));
    assertFileRefused(
        BIAS + " of shape [8] must have 32 bytes, got: 0",
        without(BIAS).entry(BIAS, "F32", List.of(8), 0, 0));
    assertFileRefused(
        "dtype \"I8\"; supported are F32, F16 and BF16",
        without(BIAS).entry(BIAS, "I8", List.of(8), 0, 0));
    assertFileRefused("1 of 37 tensors of a BERT encoder are missing: " + BIAS, without(BIAS));
    assertFileRefused(
        "37 of 37 tensors of a BERT encoder are missing: embeddings.word_embeddings.weight, "
            + "embeddings.position_embeddings.weight, embeddings.token_type_embeddings.weight, …",
        new SafetensorsFile());
    String deeper = "encoder.layer.2.output.dense.bias";
    assertFileRefused(
        deeper + " belongs to no BERT encoder of 2 layers",
        valid().add(deeper, "F32", BIAS, new float[8]));
    String relative = "encoder.layer.0.attention.self.distance_embedding.weight";
    assertFileRefused(
        relative + " belongs to no BERT encoder", valid().add(relative, "F32", BIAS, new float[8]));
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
  void refusesNumbersThatAreNone(float value) {
    for (String dtype : List.of("F32", "F16", "BF16")) {
      float[] values = new float[8];
      values[7] = value;
      assertFileRefused(
          BIAS + " holds NaN or infinity", without(BIAS).add(BIAS, dtype, BIAS, values));
    }
  }

  private SafetensorsFile valid() {
    return SafetensorsFile.of(weights);
  }

  private SafetensorsFile without(String name) {
    weights.remove(name);
    return valid();
  }

  private static void assertFileRefused(String message, SafetensorsFile file) {
    assertFileRefused(message, file.toBytes());
  }

  private static void assertFileRefused(String message, byte[] file) {
    assertRefused(message, () -> SafetensorsFile.read(file));
  }
}
