package io.github.semblance.bert.checkpoint;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Derives the shape of an encoder from the graph that computes it, for ONNX files that come without
 * a {@code config.json}.
 *
 * <p>Sizes are those of the weights. The number of heads is in the shape to which the queries of
 * the first layer are brought, the LayerNorm's epsilon is what is added below the square root, and
 * the activation is told by {@code Erf} or {@code Tanh}.
 */
final class OnnxConfig {
  private static final String QUERY_BIAS = "encoder.layer.0.attention.self.query.bias";

  /** Queries are [batch, length, heads, width of a head]. */
  private static final int HEADS_AXIS = 2;

  private final String source;
  private final OnnxGraph graph;
  private final Map<String, List<Long>> shapes;
  private final Map<String, OnnxGraph.Node> producers = new HashMap<>();

  /**
   * Takes what is known of the model.
   *
   * @param shapes of the weights, by canonical name
   */
  OnnxConfig(String source, OnnxGraph graph, Map<String, List<Long>> shapes) {
    this.source = source;
    this.graph = graph;
    this.shapes = shapes;
    for (OnnxGraph.Node node : graph.nodes()) {
      node.outputs().forEach(output -> producers.put(output, node));
    }
  }

  BertConfig config() throws CheckpointException {
    requireBert();
    int layers = 0;
    while (shapes.containsKey("encoder.layer." + layers + ".output.LayerNorm.bias")) {
      layers++;
    }
    try {
      return new BertConfig(
          layers,
          size("embeddings.word_embeddings.weight", 1),
          heads(),
          size("encoder.layer.0.intermediate.dense.bias", 0),
          size("embeddings.word_embeddings.weight", 0),
          size("embeddings.position_embeddings.weight", 0),
          activation(),
          layerNormEpsilon());
    } catch (IllegalArgumentException e) {
      throw new CheckpointException(source + ": the graph is no BERT: " + e.getMessage(), e);
    }
  }

  /** RoBERTa has one token type, DistilBERT and MPNet have none; only BERT's graph tells enough. */
  private void requireBert() throws CheckpointException {
    List<Long> types = shapes.get(EncoderLayout.TOKEN_TYPES);
    if (shapes.containsKey("embeddings.word_embeddings.weight")
        && (types == null || types.getFirst() < 2)) {
      throw unknown("family of an encoder without two token types, which is no BERT");
    }
  }

  private int size(String name, int axis) throws CheckpointException {
    List<Long> shape = shapes.get(name);
    if (shape == null || shape.size() <= axis || shape.get(axis) > Integer.MAX_VALUE) {
      throw new CheckpointException(
          source + ": no BERT encoder: there is no tensor " + name + " with axis " + axis);
    }
    return shape.get(axis).intValue();
  }

  private int heads() throws CheckpointException {
    for (OnnxGraph.Node reshape : graph.nodes()) {
      if (reshape.operation().equals("Reshape") && reshape.inputs().size() == 2) {
        OnnxGraph.Node sum = producers.get(reshape.inputs().get(0));
        if (sum != null && sum.inputs().stream().anyMatch(OnnxConfig::isQueryBias)) {
          Long heads = headsOf(reshape.inputs().get(1));
          if (heads != null && heads == heads.intValue()) {
            return heads.intValue();
          }
        }
      }
    }
    throw unknown("number of attention heads");
  }

  private static boolean isQueryBias(String name) {
    return QUERY_BIAS.equals(EncoderLayout.canonical(name));
  }

  /** A shape is one constant, or joined from parts because batch and length vary. */
  private @Nullable Long headsOf(String shape) {
    OnnxGraph.Node concat = producers.get(shape);
    if (concat == null || !concat.operation().equals("Concat")) {
      return integer(shape, HEADS_AXIS);
    }
    List<String> parts = concat.inputs();
    return parts.size() > HEADS_AXIS ? integer(parts.get(HEADS_AXIS), 0) : null;
  }

  private @Nullable Long integer(String name, int index) {
    OnnxGraph.Constant value = constant(name);
    if (value == null || value.dataType() != OnnxGraph.INT64) {
      return null;
    }
    ByteBuffer data = value.data();
    int offset = index * Long.BYTES;
    return data.remaining() >= offset + Long.BYTES ? data.getLong(data.position() + offset) : null;
  }

  private OnnxGraph.@Nullable Constant constant(String name) {
    OnnxGraph.Constant initializer = graph.initializers().get(name);
    OnnxGraph.Node producer = producers.get(name);
    return initializer == null && producer != null ? producer.value() : initializer;
  }

  private BertConfig.Activation activation() throws CheckpointException {
    Set<String> operations =
        graph.nodes().stream().map(OnnxGraph.Node::operation).collect(Collectors.toSet());
    if (operations.contains("Erf")) {
      return BertConfig.Activation.GELU_ERF;
    }
    if (operations.contains("Tanh")) {
      return BertConfig.Activation.GELU_TANH;
    }
    throw unknown("activation, which must be a GELU made of Erf or Tanh");
  }

  private double layerNormEpsilon() throws CheckpointException {
    TreeSet<Float> found = new TreeSet<>();
    for (OnnxGraph.Node node : graph.nodes()) {
      switch (node.operation()) {
        case "LayerNormalization" -> found.add(node.epsilon());
        case "Sqrt" -> addSummand(node, found);
        default -> {}
      }
    }
    if (found.size() != 1) {
      throw unknown("epsilon of the LayerNorms, for which it has " + found);
    }
    // By way of its digits: 1e-12f is 1e-12 in config.json, not 9.99999996e-13.
    return Double.parseDouble(found.first().toString());
  }

  private void addSummand(OnnxGraph.Node sqrt, Set<Float> found) {
    OnnxGraph.Node sum = sqrt.inputs().isEmpty() ? null : producers.get(sqrt.inputs().get(0));
    if (sum != null && sum.operation().equals("Add")) {
      for (String input : sum.inputs()) {
        OnnxGraph.Constant value = constant(input);
        if (value != null
            && value.dataType() == OnnxGraph.FLOAT
            && value.data().remaining() == Float.BYTES) {
          found.add(value.data().getFloat(value.data().position()));
        }
      }
    }
  }

  private CheckpointException unknown(String what) {
    return new CheckpointException(
        String.format(
            Locale.ROOT,
            "%s: the graph does not tell the %s; put the model's config.json beside it",
            source,
            what));
  }
}
