package io.github.semblance.bert.checkpoint;

import static java.util.Objects.requireNonNull;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes ONNX files as PyTorch does: what a reader of weights looks at, and nothing else. */
final class OnnxFile {
  final ProtobufWriter graph = new ProtobufWriter();

  static OnnxFile of(Map<String, float[]> weights) {
    OnnxFile file = new OnnxFile();
    file.addGraph("Erf");
    file.addInitializers(weights);
    return file;
  }

  void addGraph(String activation) {
    constant("eps", 1, TinyBert.bytes(new float[] {(float) TinyBert.CONFIG.layerNormEpsilon()}));
    node("Add", List.of("variance", "eps"), "shifted");
    node("Sqrt", List.of("shifted"), "deviation");
    for (String weight : TinyBert.shapes().keySet()) {
      if (TinyBert.isLinearWeight(weight)) {
        String layer = weight.substring(0, weight.length() - ".weight".length());
        node("MatMul", List.of("input", anonymous(weight)), layer + "/MatMul");
        node("Add", List.of(layer + ".bias", layer + "/MatMul"), layer + "/Add");
      }
    }
    constant("heads", 7, longs(TinyBert.CONFIG.heads()));
    constant("width", 7, longs(TinyBert.CONFIG.hidden() / TinyBert.CONFIG.heads()));
    node("Concat", List.of("batch", "length", "heads", "width"), "shape");
    node("Reshape", List.of("encoder.layer.0.attention.self.query/Add", "shape"), "queries");
    node(activation, List.of("x"), "y");
  }

  void addInitializers(Map<String, float[]> weights) {
    weights.forEach((name, values) -> graph.message(5, tensor(name, values)));
  }

  static String anonymous(String weight) {
    return "onnx::MatMul_" + new ArrayList<>(TinyBert.shapes().keySet()).indexOf(weight);
  }

  /** A weight as an initializer: linear weights lose their name and are transposed. */
  static ProtobufWriter tensor(String canonical, float[] values) {
    List<Integer> shape = TinyBert.shape(canonical);
    if (TinyBert.isLinearWeight(canonical)) {
      int rows = shape.get(0);
      int columns = shape.get(1);
      return tensor(
          anonymous(canonical),
          1,
          List.of(columns, rows),
          TinyBert.bytes(TinyBert.transposed(values, rows, columns)));
    }
    return tensor(canonical, 1, shape, TinyBert.bytes(values));
  }

  static ProtobufWriter tensor(
      @Nullable String name, int dataType, List<Integer> shape, byte[] data) {
    ProtobufWriter tensor = new ProtobufWriter();
    shape.forEach(size -> tensor.varint(1, size));
    tensor.varint(2, dataType);
    if (name != null) {
      tensor.string(8, name);
    }
    return tensor.bytes(9, data);
  }

  private void constant(String output, int dataType, byte[] data) {
    ProtobufWriter value =
        new ProtobufWriter().string(1, "value").message(5, tensor(null, dataType, List.of(), data));
    graph.message(
        1, new ProtobufWriter().string(2, output).string(4, "Constant").message(5, value));
  }

  void node(String operation, List<String> inputs, String output) {
    ProtobufWriter node = new ProtobufWriter();
    inputs.forEach(input -> node.string(1, input));
    graph.message(1, node.string(2, output).string(3, "/" + output).string(4, operation));
  }

  private static byte[] longs(long value) {
    return ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array();
  }

  byte[] toBytes() {
    return new ProtobufWriter().varint(1, 8).string(2, "test").message(7, graph).toBytes();
  }

  static float[] values(Map<String, float[]> weights, String name) {
    return requireNonNull(weights.get(name), name);
  }
}
