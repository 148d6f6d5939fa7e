package io.github.semblance.bert.checkpoint;

import static io.github.semblance.bert.checkpoint.TinyBert.assertRefused;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OnnxWeightsTest {
  private static final String BIAS = "embeddings.LayerNorm.bias";
  private static final String TYPES = "embeddings.token_type_embeddings.weight";
  private static final String QUERY = "encoder.layer.0.attention.self.query.weight";

  private final Map<String, float[]> weights = TinyBert.weights();

  @Test
  void readsWhatWasWritten() throws CheckpointException {
    TinyBert.assertHolds(weights, read(OnnxFile.of(weights)));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void leavesAFileThatMustNotBeWrittenAsItIs(int shift) throws CheckpointException {
    byte[] file = OnnxFile.of(weights).toBytes();
    ByteBuffer content = ByteBuffer.allocateDirect(shift + file.length).put(shift, file);
    ByteBuffer shifted = content.slice(shift, file.length);
    TinyBert.assertHolds(
        weights, EncoderWeights.readOnnx("tiny.onnx", shifted.asReadOnlyBuffer(), null));
    assertEquals(ByteBuffer.wrap(file), shifted);
    TinyBert.assertHolds(weights, EncoderWeights.readOnnx("tiny.onnx", shifted, null));
  }

  @Test
  void doesNotMindTheOrder() throws CheckpointException {
    OnnxFile file = new OnnxFile();
    file.addInitializers(weights);
    file.addGraph("Erf");
    TinyBert.assertHolds(weights, read(file));
  }

  @Test
  void takesTheActivationFromTheGraph() throws CheckpointException {
    OnnxFile file = new OnnxFile();
    file.addGraph("Tanh");
    file.addInitializers(weights);
    assertEquals(BertConfig.Activation.GELU_TANH, read(file).config().activation());
  }

  @Test
  void saysWhatTheGraphDoesNotTell() throws CheckpointException {
    OnnxFile file = new OnnxFile();
    file.addGraph("Relu");
    file.addInitializers(weights);
    assertRefused("does not tell the activation", () -> read(file));
    TinyBert.assertHolds(
        weights,
        EncoderWeights.readOnnx("tiny.onnx", TinyBert.offHeap(file.toBytes()), TinyBert.CONFIG));

    OnnxFile headless = new OnnxFile();
    headless.addInitializers(weights);
    assertRefused(
        "the number of attention heads; put the model's config.json", () -> read(headless));

    assertRefused(
        "there is no tensor embeddings.word_embeddings.weight", () -> read(new OnnxFile()));
  }

  @Test
  void takesOtherFamiliesWithTheirConfiguration() throws CheckpointException {
    Map<String, float[]> noType = new LinkedHashMap<>(weights);
    noType.remove(TYPES);
    BertConfig c = TinyBert.CONFIG;
    BertConfig distilBert =
        new BertConfig(
            c.layers(),
            c.hidden(),
            c.heads(),
            c.intermediate(),
            c.vocabulary(),
            c.positions(),
            c.activation(),
            c.layerNormEpsilon(),
            new Architecture.DistilBert());
    EncoderWeights read =
        EncoderWeights.readOnnx(
            "tiny.onnx", TinyBert.offHeap(OnnxFile.of(noType).toBytes()), distilBert);
    assertEquals(noType.keySet(), read.tensors().keySet());
  }

  /** Only a configuration tells where RoBERTa's positions begin. */
  @Test
  void takesNoOtherFamilyForABert() {
    Map<String, float[]> oneType = new LinkedHashMap<>(weights);
    oneType.remove(TYPES);
    OnnxFile file = OnnxFile.of(oneType);
    assertRefused("does not tell the family", () -> read(file));
    file.graph.message(5, OnnxFile.tensor(TYPES, 1, List.of(1, 8), new byte[32]));
    assertRefused("does not tell the family", () -> read(file));
  }

  @Test
  void refusesQuantisedAndFusedGraphsByName() {
    for (String operation : List.of("DynamicQuantizeLinear", "MatMulInteger", "QLinearMatMul")) {
      OnnxFile file = OnnxFile.of(weights);
      file.node(operation, List.of("x"), "encoder/scale");
      assertRefused(
          "the graph is quantised: node /encoder/scale is a " + operation, () -> read(file));
    }
    OnnxFile fused = OnnxFile.of(weights);
    fused.graph.message(
        1,
        new ProtobufWriter()
            .string(3, "Attention_0")
            .string(4, "Attention")
            .string(7, "com.microsoft"));
    assertRefused("fused for one runtime (com.microsoft): node Attention_0", () -> read(fused));
  }

  @Test
  void refusesOtherDataByName() {
    OnnxFile half = new OnnxFile();
    weights.remove(BIAS);
    half.addGraph("Erf");
    half.addInitializers(weights);
    half.graph.message(5, OnnxFile.tensor(BIAS, 10, List.of(8), new byte[16]));
    assertRefused(
        "the data type of tensor " + BIAS + " (" + BIAS + ") must be 1, 32-bit float, got: 10",
        () -> read(half));

    for (ProtobufWriter mark :
        List.of(
            new ProtobufWriter().string(8, "w").varint(14, 1),
            new ProtobufWriter().string(8, "w").string(13, "location"))) {
      OnnxFile external = OnnxFile.of(weights);
      external.graph.message(5, mark);
      assertRefused("tensor w is stored in another file", () -> read(external));
    }
  }

  @Test
  void refusesShapesThatDoNotFit() {
    float[] query = OnnxFile.values(weights, QUERY);
    weights.remove(QUERY);
    OnnxFile file = OnnxFile.of(weights);
    file.graph.message(
        5, OnnxFile.tensor(OnnxFile.anonymous(QUERY), 1, List.of(4, 16), TinyBert.bytes(query)));
    assertRefused(QUERY + " must have shape [8, 8]", () -> read(file));

    OnnxFile missing = OnnxFile.of(weights);
    assertRefused("1 of 37 tensors of a BERT encoder are missing: " + QUERY, () -> read(missing));

    OnnxFile lengthy = OnnxFile.of(weights);
    lengthy.graph.message(
        5, OnnxFile.tensor(OnnxFile.anonymous(QUERY), 1, List.of(8, 8), new byte[260]));
    assertRefused("must have 256 bytes, got: 260", () -> read(lengthy));

    OnnxFile huge = OnnxFile.of(weights);
    ProtobufWriter tensor = new ProtobufWriter().varint(1, Long.MAX_VALUE).varint(1, 2);
    huge.graph.message(
        5, tensor.varint(2, 1).string(8, OnnxFile.anonymous(QUERY)).bytes(9, new byte[256]));
    assertRefused("got: [2, 9223372036854775807]", () -> read(huge));

    OnnxFile deep = OnnxFile.of(weights);
    ProtobufWriter axes = new ProtobufWriter();
    for (int i = 0; i < 1000; i++) {
      axes.varint(1, 1);
    }
    deep.graph.message(5, axes);
    assertRefused("more than 8 dimensions", () -> read(deep));
  }

  @Test
  void refusesNaNByName() {
    OnnxFile.values(weights, QUERY)[5] = Float.NaN;
    assertRefused(QUERY + " holds NaN or infinity", () -> read(OnnxFile.of(weights)));
  }

  @Test
  void refusesBrokenProtobuf() {
    assertRefused("more than 10 bytes", () -> read(bytes(0xff, 20)));
    assertRefused("cut short within a varint", () -> read(bytes(0xff, 5)));
    assertRefused("field tag 0 is out of range", () -> read(new byte[1]));
    assertRefused("wire type 3 is not supported", () -> read(tag(1, 3).toBytes()));
    assertRefused("field 7 must have wire type 2, got: 0", () -> read(tag(7, 0).raw(1).toBytes()));
    assertRefused(
        "2147483648 bytes are announced, 0 are left",
        () -> read(tag(7, 2).raw(1L << 31).toBytes()));
    assertRefused(
        "18446744073709551615 bytes are announced", () -> read(tag(7, 2).raw(-1).toBytes()));
  }

  @Test
  void boundsWhatManyEmptyMessagesMayTake() {
    ProtobufWriter graph = new ProtobufWriter();
    for (int i = 0; i < 1_000_000; i++) {
      graph.bytes(1, new byte[0]);
    }
    byte[] file = new ProtobufWriter().message(7, graph).toBytes();
    assertRefused("nodes and names of more than", () -> read(file));
  }

  private static ProtobufWriter tag(int field, int wireType) {
    return new ProtobufWriter().tag(field, wireType);
  }

  private static byte[] bytes(int value, int count) {
    byte[] bytes = new byte[count];
    Arrays.fill(bytes, (byte) value);
    return bytes;
  }

  private static EncoderWeights read(OnnxFile file) throws CheckpointException {
    return read(file.toBytes());
  }

  private static EncoderWeights read(byte[] file) throws CheckpointException {
    return EncoderWeights.readOnnx("tiny.onnx", TinyBert.offHeap(file), null);
  }
}
