package io.github.semblance.bert;

import io.github.semblance.bert.checkpoint.Dense;
import io.github.semblance.bert.checkpoint.Tensor;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/** A linear layer on the heap, for one vector at a time. Safe for use by many threads. */
final class DenseLayer {
  private final int in;
  private final int out;

  /** [in, out]: sums of many outputs grow side by side, which the JIT compiler makes SIMD of. */
  private final float[] weight;

  private final float[] bias;
  private final Dense.Activation activation;

  DenseLayer(Dense dense) {
    this.in = dense.in();
    this.out = dense.out();
    this.activation = dense.activation();
    this.weight = new float[in * out];
    FloatBuffer rows = floats(dense.weight());
    for (int o = 0; o < out; o++) {
      for (int i = 0; i < in; i++) {
        weight[i * out + o] = rows.get(o * in + i);
      }
    }
    this.bias = new float[out];
    dense.bias().ifPresent(values -> floats(values).get(bias));
  }

  float[] apply(float[] vector) {
    float[] sums = bias.clone();
    for (int i = 0; i < in; i++) {
      add(vector[i], i * out, sums);
    }
    for (int o = 0; o < out; o++) {
      sums[o] = activate(sums[o]);
    }
    return sums;
  }

  private void add(float factor, int row, float[] sums) {
    for (int o = 0; o < sums.length; o++) {
      sums[o] += factor * weight[row + o];
    }
  }

  private float activate(float sum) {
    return switch (activation) {
      case IDENTITY -> sum;
      case TANH -> (float) Math.tanh(sum);
      case RELU -> Math.max(sum, 0);
    };
  }

  private static FloatBuffer floats(Tensor tensor) {
    return tensor.data().duplicate().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
  }
}
