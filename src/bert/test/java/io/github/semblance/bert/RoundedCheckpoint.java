package io.github.semblance.bert;

import io.github.semblance.bert.checkpoint.BertConfig;
import io.github.semblance.bert.checkpoint.Checkpoint;
import io.github.semblance.bert.checkpoint.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A checkpoint with the weights that its encoders for queries compute with. */
final class RoundedCheckpoint {
  private RoundedCheckpoint() {}

  /** To 16 bits, with a scale per output. */
  static Checkpoint of(Checkpoint exact) {
    Map<String, Tensor> weights = new HashMap<>(exact.weights());
    for (Tensor tensor : exact.weights().values()) {
      if (tensor.name().startsWith("encoder.layer.") && tensor.shape().size() == 2) {
        FloatBuffer from = tensor.data().duplicate().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
        float[] values = new float[from.remaining()];
        from.get(values);
        int inputs = tensor.shape().get(1);
        for (int row = 0; row < values.length; row += inputs) {
          double most = 0;
          for (int i = row; i < row + inputs; i++) {
            most = Math.max(most, Math.abs(values[i]));
          }
          for (int i = row; i < row + inputs; i++) {
            values[i] = (float) (Math.rint(values[i] / most * 32767) * most / 32767);
          }
        }
        weights.put(tensor.name(), tensor(tensor.name(), tensor.shape(), values, 0));
      }
    }
    return with(exact, weights);
  }

  /** To the codes of an int8 module. */
  static Checkpoint of(Checkpoint exact, EncoderTensors int8) {
    Map<String, Tensor> weights = new HashMap<>(exact.weights());
    BertConfig config = exact.config();
    for (int layer = 0; layer < config.layers(); layer++) {
      String prefix = "encoder.layer." + layer + ".";
      float[] stacked = weights(int8, 4 * layer);
      for (int part = 0; part < 3; part++) {
        String name =
            prefix + "attention.self." + List.of("query", "key", "value").get(part) + ".weight";
        List<Integer> square = List.of(config.hidden(), config.hidden());
        weights.put(name, tensor(name, square, stacked, part * config.hidden() * config.hidden()));
      }
      for (int part = 1; part < 4; part++) {
        String name =
            prefix
                + List.of("attention.output", "intermediate", "output").get(part - 1)
                + ".dense.weight";
        List<Integer> shape = exact.weight(name).shape();
        weights.put(name, tensor(name, shape, weights(int8, 4 * layer + part), 0));
      }
    }
    return with(exact, weights);
  }

  private static float[] weights(EncoderTensors int8, int place) {
    float[] codes = int8.copy(EncoderTensors.Kind.LINEAR, place);
    float[] scales = int8.copy(EncoderTensors.Kind.SCALE, place);
    float[] smoothing = int8.copy(EncoderTensors.Kind.SMOOTHING, place);
    for (int i = 0; i < codes.length; i++) {
      codes[i] *= scales[i / smoothing.length] * smoothing[i % smoothing.length];
    }
    return codes;
  }

  private static Tensor tensor(String name, List<Integer> shape, float[] values, int from) {
    int size = shape.stream().reduce(1, (a, b) -> a * b);
    ByteBuffer data = ByteBuffer.allocateDirect(4 * size).order(ByteOrder.LITTLE_ENDIAN);
    data.asFloatBuffer().put(values, from, size);
    return new Tensor(name, shape, data);
  }

  private static Checkpoint with(Checkpoint exact, Map<String, Tensor> weights) {
    return new Checkpoint(
        exact.name(),
        exact.config(),
        weights,
        exact.tokenizerJson(),
        exact.facts(),
        exact.fingerprint());
  }
}
