package io.github.semblance.bert.checkpoint;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The part of an ONNX file that tells what its weights are: the nodes and the initializers. Tensors
 * are views of the file's bytes.
 *
 * @param nodes in the order of the computation
 * @param initializers by name
 * @see <a href="https://github.com/onnx/onnx/blob/main/onnx/onnx.proto">the messages</a>
 */
record OnnxGraph(List<Node> nodes, Map<String, Constant> initializers) {
  static final int FLOAT = 1;
  static final int INT64 = 7;

  private static final int EXTERNAL = 1;
  private static final int MAX_RANK = 8;

  /** Bytes of heap for the names and nodes of a graph: those of BERT large take less than 4 MB. */
  private static final int STRUCTURE_BUDGET = 64 << 20;

  /** What an object costs at least, in bytes, when many are made from an empty message each. */
  private static final int OBJECT_COST = 128;

  /**
   * An operation.
   *
   * @param value of a {@code Constant}
   * @param epsilon of a {@code LayerNormalization}
   */
  record Node(
      String name,
      String operation,
      String domain,
      List<String> inputs,
      List<String> outputs,
      @Nullable Constant value,
      float epsilon) {}

  /**
   * A tensor.
   *
   * @param data little-endian numbers of the given type, from position to limit, not aligned
   */
  record Constant(String name, int dataType, List<Long> shape, ByteBuffer data) {}

  static OnnxGraph parse(String source, ByteBuffer file) throws CheckpointException {
    return new Parser(source).model(new Protobuf(source, file));
  }

  private static final class Parser {
    private final String source;
    private final List<Node> nodes = new ArrayList<>();
    private final Map<String, Constant> initializers = new LinkedHashMap<>();
    private int spent;

    Parser(String source) {
      this.source = source;
    }

    OnnxGraph model(Protobuf model) throws CheckpointException {
      while (model.next()) {
        if (model.field() == 7) {
          graph(model.message());
        } else {
          model.skip();
        }
      }
      return new OnnxGraph(nodes, initializers);
    }

    private void graph(Protobuf graph) throws CheckpointException {
      while (graph.next()) {
        switch (graph.field()) {
          case 1 -> nodes.add(node(graph.message()));
          case 5 -> {
            Constant tensor = tensor(graph.message());
            if (initializers.put(tensor.name, tensor) != null) {
              throw new CheckpointException(
                  source + ": initializer " + tensor.name + " is there twice");
            }
          }
          default -> graph.skip();
        }
      }
    }

    private Node node(Protobuf node) throws CheckpointException {
      spend(OBJECT_COST);
      String name = "";
      String operation = "";
      String domain = "";
      List<String> inputs = new ArrayList<>(2);
      List<String> outputs = new ArrayList<>(1);
      Constant value = null;
      float epsilon = 1e-5f; // what the standard says when the attribute is missing
      while (node.next()) {
        switch (node.field()) {
          case 1 -> inputs.add(string(node));
          case 2 -> outputs.add(string(node));
          case 3 -> name = string(node);
          case 4 -> operation = string(node);
          case 5 -> {
            Protobuf attribute = node.message();
            String key = "";
            while (attribute.next()) {
              switch (attribute.field()) {
                case 1 -> key = string(attribute);
                case 2 -> {
                  float number = Float.intBitsToFloat(attribute.fixed32());
                  epsilon = key.equals("epsilon") ? number : epsilon;
                }
                case 5 -> value = tensor(attribute.message());
                default -> attribute.skip();
              }
            }
          }
          case 7 -> domain = string(node);
          default -> node.skip();
        }
      }
      return new Node(name, operation, domain, inputs, outputs, value, epsilon);
    }

    private Constant tensor(Protobuf tensor) throws CheckpointException {
      spend(OBJECT_COST);
      String name = "";
      int dataType = 0;
      List<Long> shape = new ArrayList<>();
      ByteBuffer data = ByteBuffer.allocate(0);
      boolean external = false;
      while (tensor.next()) {
        switch (tensor.field()) {
          case 1 -> addSizes(shape, tensor);
          case 2 -> dataType = (int) tensor.varint();
          case 4, 9 -> data = tensor.bytes(); // packed floats are stored as raw data is
          case 8 -> name = string(tensor);
          case 13 -> {
            external = true;
            tensor.skip();
          }
          case 14 -> external |= tensor.varint() == EXTERNAL;
          default -> tensor.skip();
        }
      }
      if (external) {
        throw new CheckpointException(
            String.format(
                    Locale.ROOT,
                    "%s: tensor %s is stored in another file; only ONNX files that hold their weights are",
                    source,
                    name)
                + " supported: save the model in one file");
      }
      return new Constant(name, dataType, shape, data);
    }

    private void addSizes(List<Long> shape, Protobuf tensor) throws CheckpointException {
      if (tensor.isLengthDelimited()) {
        ByteBuffer packed = tensor.bytes();
        while (packed.hasRemaining() && shape.size() <= MAX_RANK) {
          shape.add(Protobuf.varint(source, packed));
        }
      } else {
        shape.add(tensor.varint());
      }
      if (shape.size() > MAX_RANK) {
        throw new CheckpointException(
            source + ": a tensor has more than " + MAX_RANK + " dimensions");
      }
    }

    private String string(Protobuf message) throws CheckpointException {
      ByteBuffer bytes = message.bytes();
      spend(OBJECT_COST + bytes.remaining());
      return StandardCharsets.UTF_8.decode(bytes).toString();
    }

    /** Checked before memory is taken, so that no file can ask for more than its share. */
    private void spend(int bytes) throws CheckpointException {
      if (bytes > STRUCTURE_BUDGET - spent) {
        throw new CheckpointException(
            String.format(
                Locale.ROOT,
                "%s: nodes and names of more than %d bytes: no BERT has that many",
                source,
                STRUCTURE_BUDGET));
      }
      spent += bytes;
    }
  }
}
