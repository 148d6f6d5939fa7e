package io.github.semblance.bert;

import io.github.semblance.bert.EncoderTensors.Kind;
import io.github.semblance.bert.checkpoint.BertConfig;
import io.github.semblance.bert.checkpoint.Pooling;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * A model as {@link VectorEncoder}s with several tiles share it: linear layers and norms are
 * copies, the tables of embeddings stay where they are.
 *
 * <p>Safe for use by many threads, as long as the tensors it was made from are valid.
 */
final class VectorModel {
  static final class Norm {
    final float[] weight;
    final float[] bias;

    Norm(EncoderTensors tensors, int place) {
      this.weight = tensors.copy(Kind.NORM, 2 * place);
      this.bias = tensors.copy(Kind.NORM, 2 * place + 1);
    }
  }

  final BertConfig config;
  final Pooling pooling;
  final boolean normalized;
  final FloatBuffer words;
  final FloatBuffer positions;
  final Weights.Kind kind;
  final List<Norm> norms = new ArrayList<>();
  final List<Weights> linears = new ArrayList<>();

  /** What the states are multiplied by before each linear layer, or empty. */
  final List<float[]> smoothing = new ArrayList<>();

  VectorModel(EncoderTensors tensors) {
    this.config = tensors.config();
    this.pooling = tensors.pooling();
    this.normalized = tensors.normalized();
    this.words = tensors.words();
    this.positions = tensors.positions();
    this.kind =
        switch (tensors.precision()) {
          case FP32 -> Weights.Kind.SHORTS;
          case INT8 -> Weights.Kind.BYTES;
        };
    for (int i = 0; i <= 2 * config.layers(); i++) {
      norms.add(new Norm(tensors, i));
    }
    for (int i = 0; i < 4 * config.layers(); i++) {
      linears.add(linear(tensors, i));
    }
  }

  private Weights linear(EncoderTensors tensors, int i) {
    float[] weights = tensors.copy(Kind.LINEAR, i);
    float[] bias = tensors.copy(Kind.BIAS, i);
    if (kind == Weights.Kind.SHORTS) {
      return Weights.rounded(weights, bias);
    }
    float[] scales = tensors.copy(Kind.SCALE, i);
    smoothing.add(tensors.copy(Kind.SMOOTHING, i));
    if (i % 4 == 0) { // attention's result is a mean of values: they bring its smoothing along
      float[] ofContext = tensors.copy(Kind.SMOOTHING, i + 1);
      int values = 2 * config.hidden();
      for (int j = 0; j < ofContext.length; j++) {
        scales[values + j] *= ofContext[j];
        bias[values + j] *= ofContext[j];
      }
    }
    return Weights.ofCodes(weights, scales, bias);
  }
}
