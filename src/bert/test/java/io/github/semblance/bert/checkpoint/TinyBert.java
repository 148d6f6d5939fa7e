package io.github.semblance.bert.checkpoint;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.function.Executable;

/** An encoder small enough to be written to any format within a test. */
final class TinyBert {
  static final int TOKEN_TYPES = 2;

  static final BertConfig CONFIG =
      new BertConfig(2, 8, 2, 16, 30, 12, BertConfig.Activation.GELU_ERF, 1e-12);

  private TinyBert() {}

  /** Weights drawn from all floats of ordinary size. */
  static Map<String, float[]> weights() {
    Random random = new Random(42);
    Map<String, float[]> weights = new LinkedHashMap<>();
    for (Map.Entry<String, List<Integer>> tensor : shapes().entrySet()) {
      float[] values = new float[elements(tensor.getValue())];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) random.nextGaussian();
      }
      weights.put(tensor.getKey(), values);
    }
    return weights;
  }

  /** Weights that 16-bit formats can hold exactly. */
  static Map<String, float[]> coarseWeights() {
    Map<String, float[]> weights = weights();
    for (float[] values : weights.values()) {
      for (int i = 0; i < values.length; i++) {
        values[i] = Math.round(Math.clamp(values[i], -1f, 1f) * 64) / 64f;
      }
    }
    return weights;
  }

  static Map<String, List<Integer>> shapes() {
    try {
      Map<String, List<Integer>> shapes = EncoderLayout.shapes("TinyBert", CONFIG);
      shapes.put("embeddings.token_type_embeddings.weight", List.of(TOKEN_TYPES, CONFIG.hidden()));
      return shapes;
    } catch (CheckpointException e) {
      throw new AssertionError(e);
    }
  }

  static List<Integer> shape(String name) {
    return requireNonNull(shapes().get(name), name);
  }

  static int elements(List<Integer> shape) {
    return shape.stream().reduce(1, (a, b) -> a * b);
  }

  static boolean isLinearWeight(String name) {
    return name.startsWith("encoder.") && shape(name).size() == 2;
  }

  static float[] transposed(float[] matrix, int rows, int columns) {
    float[] result = new float[matrix.length];
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        result[column * rows + row] = matrix[row * columns + column];
      }
    }
    return result;
  }

  static byte[] bytes(float[] values) {
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return bytes.array();
  }

  static ByteBuffer offHeap(byte[] content) {
    return ByteBuffer.allocateDirect(content.length).put(content).flip();
  }

  /** Bit for bit, with names and shapes, in the order of the computation. */
  static void assertHolds(Map<String, float[]> expected, EncoderWeights actual) {
    assertEquals(CONFIG, actual.config());
    assertEquals(new ArrayList<>(expected.keySet()), new ArrayList<>(actual.tensors().keySet()));
    actual
        .tensors()
        .forEach(
            (name, tensor) -> {
              assertEquals(name, tensor.name());
              assertEquals(shape(name), tensor.shape(), name);
              assertTrue(tensor.data().isDirect(), name);
              assertEquals(ByteOrder.LITTLE_ENDIAN, tensor.data().order(), name);
              assertEquals(0, tensor.data().position(), name);
              assertEquals(0, tensor.data().alignmentOffset(0, Float.BYTES), name);
              byte[] bytes = new byte[tensor.data().remaining()];
              tensor.data().get(0, bytes);
              assertArrayEquals(bytes(requireNonNull(expected.get(name))), bytes, name);
            });
    assertFalse(actual.tensors().isEmpty());
  }

  /** Reading fails as it should, with a message that holds these words. */
  static void assertRefused(String message, Executable reading) {
    String actual = requireNonNull(assertThrows(CheckpointException.class, reading).getMessage());
    assertTrue(actual.contains(message), () -> "wanted: " + message + "\ngot: " + actual);
  }
}
