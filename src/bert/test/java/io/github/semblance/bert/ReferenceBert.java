package io.github.semblance.bert;

import io.github.semblance.bert.checkpoint.Architecture;
import io.github.semblance.bert.checkpoint.BertConfig;
import io.github.semblance.bert.checkpoint.Checkpoint;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/**
 * The forward pass of BERT and its family written out in double precision, one text at a time,
 * after the formulae of Devlin et al. (2019): slow, simple, and independent of everything that
 * makes the real one fast.
 */
final class ReferenceBert {
  private final Checkpoint checkpoint;
  private final BertConfig config;

  ReferenceBert(Checkpoint checkpoint) {
    this.checkpoint = checkpoint;
    this.config = checkpoint.config();
  }

  /** The last hidden state: [tokens][hidden]. */
  double[][] hiddenStates(long[] ids) {
    double[][] x = new double[ids.length][config.hidden()];
    FloatBuffer words = weight("embeddings.word_embeddings.weight");
    FloatBuffer positions = weight("embeddings.position_embeddings.weight");
    Architecture architecture = config.architecture();
    long[] rows = architecture.positions(ids);
    for (int t = 0; t < ids.length; t++) {
      for (int h = 0; h < config.hidden(); h++) {
        int column = config.hidden();
        x[t][h] =
            (double) words.get((int) ids[t] * column + h)
                + positions.get((int) rows[t] * column + h)
                + (architecture.tokenTypes()
                    ? weight("embeddings.token_type_embeddings.weight").get(h)
                    : 0);
      }
    }
    norm(x, "embeddings.LayerNorm");
    for (int layer = 0; layer < config.layers(); layer++) {
      String prefix = "encoder.layer." + layer + ".";
      add(x, linear(attention(x, prefix + "attention.self."), prefix + "attention.output.dense"));
      norm(x, prefix + "attention.output.LayerNorm");
      double[][] wide = linear(x, prefix + "intermediate.dense");
      for (double[] row : wide) {
        for (int i = 0; i < row.length; i++) {
          row[i] = activate(row[i]);
        }
      }
      add(x, linear(wide, prefix + "output.dense"));
      norm(x, prefix + "output.LayerNorm");
    }
    return x;
  }

  /** The vector, by the checkpoint's pooling and normalisation. */
  double[] vector(long[] ids) {
    double[][] states = hiddenStates(ids);
    double[] vector = new double[config.hidden()];
    for (int h = 0; h < vector.length; h++) {
      double sum = 0;
      double max = Double.NEGATIVE_INFINITY;
      for (double[] state : states) {
        sum += state[h];
        max = Math.max(max, state[h]);
      }
      vector[h] =
          switch (checkpoint.facts().pooling()) {
            case MEAN -> sum / states.length;
            case CLS -> states[0][h];
            case MAX -> max;
          };
    }
    if (checkpoint.facts().normalized()) {
      double length = 0;
      for (double value : vector) {
        length += value * value;
      }
      for (int h = 0; h < vector.length; h++) {
        vector[h] /= Math.sqrt(length);
      }
    }
    return vector;
  }

  private double[][] attention(double[][] x, String prefix) {
    double[][] q = linear(x, prefix + "query");
    double[][] k = linear(x, prefix + "key");
    double[][] v = linear(x, prefix + "value");
    double[][] context = new double[x.length][config.hidden()];
    int depth = config.hidden() / config.heads();
    for (int head = 0; head < config.heads(); head++) {
      for (int t = 0; t < x.length; t++) {
        double[] scores = new double[x.length];
        double sum = 0;
        for (int s = 0; s < x.length; s++) {
          double dot = 0;
          for (int d = head * depth; d < (head + 1) * depth; d++) {
            dot += q[t][d] * k[s][d];
          }
          scores[s] = Math.exp(dot / Math.sqrt(depth) + bias(s - t, head));
          sum += scores[s];
        }
        for (int s = 0; s < x.length; s++) {
          for (int d = head * depth; d < (head + 1) * depth; d++) {
            context[t][d] += scores[s] / sum * v[s][d];
          }
        }
      }
    }
    return context;
  }

  /** T5's buckets: half a direction, of these half for single distances, then logarithmic. */
  private double bias(int distance, int head) {
    if (!(config.architecture() instanceof Architecture.MpNet relative)) {
      return 0;
    }
    int directed = relative.buckets() / 2;
    int exact = directed / 2;
    int length = Math.abs(distance);
    int bucket = length;
    if (length >= exact) {
      double share = Math.log((double) length / exact) / Math.log(128.0 / exact);
      bucket = Math.min(directed - 1, exact + (int) (share * (directed - exact) + 1e-9));
    }
    if (distance > 0) {
      bucket += directed;
    }
    return weight("encoder.relative_attention_bias.weight").get(bucket * config.heads() + head);
  }

  private double activate(double x) {
    return switch (config.activation()) {
      case GELU_TANH ->
          0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
      case GELU_ERF -> 0.5 * x * (1 + erf(x / Math.sqrt(2)));
      case RELU -> Math.max(0, x);
    };
  }

  /** The Maclaurin series of erf, which converges everywhere; beyond 5 it is 1 to 1e-11. */
  private static double erf(double x) {
    if (Math.abs(x) > 5) {
      return Math.signum(x);
    }
    double term = x;
    double sum = x;
    for (int n = 1; n < 200; n++) {
      term *= -x * x / n;
      sum += term / (2 * n + 1);
    }
    return 2 / Math.sqrt(Math.PI) * sum;
  }

  private double[][] linear(double[][] x, String name) {
    FloatBuffer weight = weight(name + ".weight");
    FloatBuffer bias = weight(name + ".bias");
    int out = bias.limit();
    double[][] y = new double[x.length][out];
    for (int t = 0; t < x.length; t++) {
      for (int o = 0; o < out; o++) {
        double sum = bias.get(o);
        for (int i = 0; i < x[t].length; i++) {
          sum += x[t][i] * weight.get(o * x[t].length + i);
        }
        y[t][o] = sum;
      }
    }
    return y;
  }

  private void norm(double[][] x, String name) {
    FloatBuffer weight = weight(name + ".weight");
    FloatBuffer bias = weight(name + ".bias");
    for (double[] row : x) {
      double mean = 0;
      for (double value : row) {
        mean += value / row.length;
      }
      double variance = 0;
      for (double value : row) {
        variance += (value - mean) * (value - mean) / row.length;
      }
      for (int h = 0; h < row.length; h++) {
        row[h] =
            (row[h] - mean) / Math.sqrt(variance + config.layerNormEpsilon()) * weight.get(h)
                + bias.get(h);
      }
    }
  }

  private static void add(double[][] x, double[][] y) {
    for (int t = 0; t < x.length; t++) {
      for (int h = 0; h < x[t].length; h++) {
        x[t][h] += y[t][h];
      }
    }
  }

  private FloatBuffer weight(String name) {
    return checkpoint
        .weight(name)
        .data()
        .duplicate()
        .order(ByteOrder.LITTLE_ENDIAN)
        .asFloatBuffer();
  }
}
