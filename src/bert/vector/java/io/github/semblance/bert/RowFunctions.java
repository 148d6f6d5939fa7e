package io.github.semblance.bert;

import io.github.semblance.bert.checkpoint.BertConfig.Activation;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** What an encoder does with a row between products. Rows are whole numbers of vectors long. */
final class RowFunctions {
  private static final VectorSpecies<Float> SPECIES = VectorWidth.FLOATS;
  private static final int LANES = SPECIES.length();

  /** Powers of this and of its negative are normal floats. */
  private static final float LARGEST_EXPONENT = 126;

  private static final float LOG2_E = 1.442695f;

  /** 1.5 times 2^23: a float this large has no fraction, and its last bits are what was added. */
  private static final float SHIFT = 12582912f;

  private static final int MANTISSA_BITS = 23;

  private RowFunctions() {}

  /** x = LayerNorm(x + y) for a row. */
  static void addAndNorm(
      float[] x, float[] y, int at, float[] weight, float[] bias, double epsilon) {
    int width = weight.length;
    FloatVector sum = FloatVector.zero(SPECIES);
    for (int i = 0; i < width; i += LANES) {
      FloatVector v =
          FloatVector.fromArray(SPECIES, x, at + i).add(FloatVector.fromArray(SPECIES, y, at + i));
      v.intoArray(x, at + i);
      sum = sum.add(v);
    }
    float mean = add(sum) / width;
    FloatVector squares = FloatVector.zero(SPECIES);
    for (int i = 0; i < width; i += LANES) {
      FloatVector v = FloatVector.fromArray(SPECIES, x, at + i).sub(mean);
      squares = v.fma(v, squares);
    }
    float scale = (float) (1 / Math.sqrt(add(squares) / width + epsilon));
    for (int i = 0; i < width; i += LANES) {
      FloatVector.fromArray(SPECIES, x, at + i)
          .sub(mean)
          .mul(scale)
          .fma(FloatVector.fromArray(SPECIES, weight, i), FloatVector.fromArray(SPECIES, bias, i))
          .intoArray(x, at + i);
    }
  }

  /** x = y * scale for a row. */
  static void scale(float[] x, float[] y, int at, float[] scale) {
    for (int i = 0; i < scale.length; i += LANES) {
      FloatVector.fromArray(SPECIES, y, at + i)
          .mul(FloatVector.fromArray(SPECIES, scale, i))
          .intoArray(x, at + i);
    }
  }

  /**
   * Raises 2 to the power of a row's differences from the largest, times a scale: the softmax but
   * for the sum. What the row's last vector has behind them becomes next to 0.
   *
   * @return the sum
   */
  static float exponentials(float[] values, int from, int length, float scale) {
    int to = from + Math.ceilDiv(length, LANES) * LANES;
    // One loop for all, because C2 makes objects of vectors that a seldom taken branch changes.
    Arrays.fill(values, from + length, to, Float.NEGATIVE_INFINITY);
    FloatVector most = all(Float.NEGATIVE_INFINITY);
    for (int i = from; i < to; i += LANES) {
      most = larger(most, FloatVector.fromArray(SPECIES, values, i));
    }
    FloatVector factor = all(scale);
    FloatVector shift = all(-scale * most.reduceLanes(VectorOperators.MAX));
    FloatVector sum = FloatVector.zero(SPECIES);
    for (int i = from; i < to; i += LANES) {
      FloatVector power = powerOf2(FloatVector.fromArray(SPECIES, values, i).fma(factor, shift));
      power.intoArray(values, i);
      sum = sum.add(power);
    }
    return add(sum);
  }

  /** Unlike {@code max}, two instructions on x86: it need not order zeros. */
  private static FloatVector larger(FloatVector one, FloatVector other) {
    return one.blend(other, other.compare(VectorOperators.GT, one));
  }

  static void activate(float[] values, int from, int to, Activation activation) {
    for (int i = from; i < to; i += LANES) {
      FloatVector x = FloatVector.fromArray(SPECIES, values, i);
      FloatVector y =
          switch (activation) {
            case GELU_ERF -> geluErf(x);
            case GELU_TANH -> geluTanh(x);
            case RELU -> x.max(0);
          };
      y.intoArray(values, i);
    }
  }

  /**
   * x (1 + erf(x / sqrt 2)) / 2. The error function is a quotient of polynomials, fitted with
   * Lawson's algorithm to be within 2.2e-8 up to 4, and in floats within 3.1e-7.
   */
  private static FloatVector geluErf(FloatVector x) {
    FloatVector z = x.mul((float) Math.sqrt(.5)).max(-4).min(4);
    FloatVector u = z.mul(z);
    FloatVector numerator =
        all(1.9748295e-6f)
            .fma(u, all(2.8804262e-4f))
            .fma(u, all(4.0036794e-3f))
            .fma(u, all(5.346758e-2f))
            .fma(u, all(1.962497e-1f))
            .fma(u, all(1.128379f));
    FloatVector denominator =
        all(3.748092e-5f)
            .fma(u, all(1.216369e-3f))
            .fma(u, all(1.5444486e-2f))
            .fma(u, all(1.1647673e-1f))
            .fma(u, all(5.0725293e-1f))
            .fma(u, all(1));
    FloatVector half = x.mul(.5f);
    return z.mul(numerator).div(denominator).fma(half, half);
  }

  /** x / (1 + exp(-2u)), which is x (1 + tanh u) / 2. */
  private static FloatVector geluTanh(FloatVector x) {
    FloatVector u = x.mul(x).mul(.044715f).add(1).mul(x).mul((float) Math.sqrt(2 / Math.PI));
    return x.div(powerOf2(u.mul(-2 * LOG2_E).min(LARGEST_EXPONENT)).add(1));
  }

  /**
   * 2 to the power of x, at most {@link #LARGEST_EXPONENT}; what is less than its negative counts
   * as that, and no number stays none. 2^n times the Taylor polynomial of a rest of at most 1/2,
   * within 2e-7 of the value. {@link VectorOperators#EXP} changes its last bits when it is
   * compiled, and is slow on some processors.
   */
  private static FloatVector powerOf2(FloatVector x) {
    FloatVector bounded =
        x.blend(-LARGEST_EXPONENT, x.compare(VectorOperators.LT, -LARGEST_EXPONENT));
    FloatVector shifted = bounded.add(SHIFT);
    FloatVector rest = bounded.sub(shifted.sub(SHIFT));
    FloatVector power =
        all(1.5403530e-4f)
            .fma(rest, all(1.3333558e-3f))
            .fma(rest, all(9.6181291e-3f))
            .fma(rest, all(5.5504109e-2f))
            .fma(rest, all(.24022651f))
            .fma(rest, all(.69314718f))
            .fma(rest, all(1));
    return shifted
        .reinterpretAsInts()
        .lanewise(VectorOperators.LSHL, MANTISSA_BITS)
        .add(power.reinterpretAsInts())
        .reinterpretAsFloats();
  }

  private static FloatVector all(float value) {
    return FloatVector.broadcast(SPECIES, value);
  }

  /** In one order, as {@code reduceLanes} does not promise: the same text has the same vector. */
  private static float add(FloatVector values) {
    float sum = 0;
    for (float value : values.toArray()) {
      sum += value;
    }
    return sum;
  }
}
