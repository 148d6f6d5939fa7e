package io.github.semblance.bert.checkpoint;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Recognises a BERT in an ONNX graph that PyTorch has exported.
 *
 * <p>Embeddings, LayerNorms and biases keep their PyTorch names. The weight of a linear layer is
 * the second, anonymous input of a {@code MatMul}, [in, out]; the {@code Add} behind it names the
 * layer by its bias.
 */
final class OnnxWeights {
  private static final Pattern QUANTISED = Pattern.compile(".*Quantize.*|.*Integer|QLinear.*");
  private static final String BIAS = ".bias";
  private static final String WEIGHT = ".weight";

  /** An initializer in its role; {@code transposed} if it is [in, out]. */
  private record Weight(OnnxGraph.Constant tensor, boolean transposed) {}

  private final String source;
  private final ByteBuffer file;
  private final OnnxGraph graph;
  private final Map<String, Weight> weights = new LinkedHashMap<>();

  OnnxWeights(String source, ByteBuffer file) throws CheckpointException {
    this.source = source;
    this.file = file;
    this.graph = OnnxGraph.parse(source, file);
    refuseOtherOperations();
    collectLinearWeights();
    collectNamedWeights();
  }

  /** Reads the weights; the shape comes from the graph if {@code config} is null. */
  EncoderWeights read(@Nullable BertConfig config) throws CheckpointException {
    BertConfig shape = config == null ? new OnnxConfig(source, graph, shapes()).config() : config;
    TensorCollector tensors = new TensorCollector(source, shape);
    for (Map.Entry<String, Weight> weight : weights.entrySet()) {
      String name = weight.getKey();
      OnnxGraph.Constant tensor = weight.getValue().tensor;
      boolean transposed = weight.getValue().transposed;
      if (tensor.dataType() != OnnxGraph.FLOAT) {
        throw new CheckpointException(
            String.format(
                Locale.ROOT,
                "%s: the data type of tensor %s (%s) must be 1, 32-bit float, got: %d",
                source,
                tensor.name(),
                name,
                tensor.dataType()));
      }
      tensors.require(name, tensor.shape(), transposed);
      ByteBuffer data = tensor.data();
      ByteBuffer floats = Floats.aligned(source, file, data.position(), data.remaining());
      tensors.add(name, tensor.shape(), transposed, floats);
    }
    return new EncoderWeights(shape, tensors.finish());
  }

  private void refuseOtherOperations() throws CheckpointException {
    for (OnnxGraph.Node node : graph.nodes()) {
      if (QUANTISED.matcher(node.operation()).matches()) {
        throw refused(node, "the graph is quantised");
      }
      if (!node.domain().isEmpty() && !node.domain().equals("ai.onnx")) {
        throw refused(node, "the graph is fused for one runtime (" + node.domain() + ")");
      }
    }
  }

  private CheckpointException refused(OnnxGraph.Node node, String reason) {
    return new CheckpointException(
        String.format(
                Locale.ROOT,
                "%s: %s: node %s is a %s; only plain graphs with 32-bit float weights are supported: take",
                source,
                reason,
                node.name(),
                node.operation())
            + " the model's model.onnx or model.safetensors");
  }

  private void collectLinearWeights() {
    Map<String, String> biases = biasesBySum();
    for (OnnxGraph.Node node : graph.nodes()) {
      if (node.operation().equals("MatMul") && node.inputs().size() == 2) {
        OnnxGraph.Constant tensor = graph.initializers().get(node.inputs().get(1));
        String bias = node.outputs().size() == 1 ? biases.get(node.outputs().get(0)) : null;
        if (tensor != null && bias != null) {
          String layer = bias.substring(0, bias.length() - BIAS.length());
          weights.put(layer + WEIGHT, new Weight(tensor, true));
        }
      }
    }
  }

  /** Canonical names of biases by the name of what they are added to. */
  private Map<String, String> biasesBySum() {
    Map<String, String> biases = new HashMap<>();
    for (OnnxGraph.Node node : graph.nodes()) {
      if (node.operation().equals("Add") && node.inputs().size() == 2) {
        putBias(biases, node.inputs().get(0), node.inputs().get(1));
        putBias(biases, node.inputs().get(1), node.inputs().get(0));
      }
    }
    return biases;
  }

  private void putBias(Map<String, String> biases, String bias, String summand) {
    String canonical = EncoderLayout.canonical(bias);
    if (canonical != null && canonical.endsWith(BIAS) && graph.initializers().containsKey(bias)) {
      biases.put(summand, canonical);
    }
  }

  private void collectNamedWeights() {
    graph
        .initializers()
        .forEach(
            (name, tensor) -> {
              String canonical = EncoderLayout.canonical(name);
              if (canonical != null) {
                weights.putIfAbsent(canonical, new Weight(tensor, false));
              }
            });
  }

  private Map<String, List<Long>> shapes() {
    Map<String, List<Long>> shapes = new HashMap<>();
    weights.forEach((name, weight) -> shapes.put(name, weight.tensor.shape()));
    return shapes;
  }
}
