package io.github.semblance.bert;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;

/**
 * The weights of a linear layer: by vectors of outputs, in each of them by inputs, which is the
 * order in which they are read. A text of few words waits for little else than that, so they are as
 * short as they can be: 16 bits for a model of full precision, 8 for one of int8.
 *
 * <p>Safe for use by many threads once its weights are set.
 */
final class Weights {
  private static final int LANES = VectorWidth.FLOATS.length();

  private static final float[] NO_FLOATS = {};
  private static final short[] NO_SHORTS = {};
  private static final byte[] NO_BYTES = {};

  final int inputs;

  /** The weights of one of the kinds; the other two arrays are empty. */
  final float[] floats;

  final short[] shorts;
  final byte[] bytes;

  /** By output, what a sum of products is multiplied by; empty for 1. */
  final float[] scales;

  /** By output, what is then added; empty where the scales are. */
  final float[] bias;

  /** How a weight is kept. */
  enum Kind {
    FLOATS,
    SHORTS,
    BYTES
  }

  /** Weights of 0, without scales and bias. */
  static Weights zero(Kind kind, int outputs, int inputs) {
    return new Weights(kind, outputs, inputs, NO_FLOATS, NO_FLOATS);
  }

  private Weights(Kind kind, int outputs, int inputs, float[] scales, float[] bias) {
    int size = outputs * inputs;
    this.inputs = inputs;
    this.floats = kind == Kind.FLOATS ? new float[size] : NO_FLOATS;
    this.shorts = kind == Kind.SHORTS ? new short[size] : NO_SHORTS;
    // At 128 bits the last vector reaches beyond what is used of it.
    this.bytes = kind == Kind.BYTES ? new byte[size + LANES] : NO_BYTES;
    this.scales = scales;
    this.bias = bias;
  }

  /**
   * Rounds weights to 16 bits, with one scale per output.
   *
   * @param weights by outputs, then by inputs
   */
  static Weights rounded(float[] weights, float[] bias) {
    int inputs = weights.length / bias.length;
    Weights rounded = new Weights(Kind.SHORTS, bias.length, inputs, new float[bias.length], bias);
    for (int output = 0; output < bias.length; output++) {
      int from = output * inputs;
      float most = Float.MIN_NORMAL;
      for (int i = from; i < from + inputs; i++) {
        most = Math.max(most, Math.abs(weights[i]));
      }
      rounded.scales[output] = most / Short.MAX_VALUE;
      double inverse = (double) Short.MAX_VALUE / most;
      for (int input = 0; input < inputs; input++) {
        rounded.shorts[rounded.at(output, input)] =
            (short) Math.rint(weights[from + input] * inverse);
      }
    }
    return rounded;
  }

  /**
   * Takes codes of 8 bits as they are.
   *
   * @param codes by outputs, then by inputs
   */
  static Weights ofCodes(float[] codes, float[] scales, float[] bias) {
    int inputs = codes.length / bias.length;
    Weights taken = new Weights(Kind.BYTES, bias.length, inputs, scales, bias);
    for (int output = 0; output < bias.length; output++) {
      for (int input = 0; input < inputs; input++) {
        taken.bytes[taken.at(output, input)] = (byte) codes[output * inputs + input];
      }
    }
    return taken;
  }

  /** Sets the weights of all inputs for one output. */
  void setOutput(int output, float[] from, int at) {
    int to = at(output, 0);
    for (int input = 0; input < inputs; input++) {
      floats[to + input * LANES] = from[at + input];
    }
  }

  /** Sets the weights of one input for the first outputs. */
  void setInput(int input, float[] from, int at, int outputs) {
    for (int done = 0; done < outputs; done += LANES) {
      System.arraycopy(from, at + done, floats, at(done, input), Math.min(LANES, outputs - done));
    }
  }

  /** Where a vector of outputs begins. */
  int at(int vector) {
    return vector * inputs * LANES;
  }

  private int at(int output, int input) {
    return at(output / LANES) + input * LANES + output % LANES;
  }

  /**
   * The weights of one input for a vector of outputs. Which kind they are is the same in a whole
   * loop, and the JIT compiler makes a loop of each.
   */
  static FloatVector load(float[] floats, short[] shorts, byte[] bytes, int at) {
    if (floats.length > 0) {
      return FloatVector.fromArray(VectorWidth.FLOATS, floats, at);
    }
    return (FloatVector)
        (shorts.length > 0
            ? ShortVector.fromArray(VectorWidth.SHORTS, shorts, at)
                .convertShape(VectorOperators.S2F, VectorWidth.FLOATS, 0)
            : ByteVector.fromArray(VectorWidth.BYTES, bytes, at)
                .convertShape(VectorOperators.B2F, VectorWidth.FLOATS, 0));
  }
}
