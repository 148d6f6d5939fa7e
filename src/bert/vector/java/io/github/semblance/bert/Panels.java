package io.github.semblance.bert;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * A linear layer: weights by panels of {@link #WIDTH} outputs, in a panel by inputs, which is the
 * order in which they are read.
 *
 * <p>Safe for use by many threads once its weights are set.
 */
final class Panels {
  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  private static final int LANES = SPECIES.length();

  /**
   * Outputs that are computed together. Three vectors by three rows need 9 registers for sums and 6
   * for what goes in; the JIT compiler keeps 15 in registers where there are 16, and no more.
   */
  static final int WIDTH = 3 * LANES;

  /** Rows that are computed together. */
  static final int TILE_ROWS = 3;

  /** Of a product and a sum; a scalar loop takes as long. */
  private static final double SLOWEST_PRODUCT_NS = .25;

  /** The JIT compiler takes a fifth of a second when it has nothing else to do. */
  private static final long PATIENCE_NS = 5_000_000_000L;

  private final float[] weights;
  private final float[] bias;
  private final int inputs;

  /** Rows of a matrix, or some of its columns. */
  static final class Rows {
    private final float[] values;
    private final int first;
    private final int stride;

    Rows(float[] values, int first, int stride) {
      this.values = values;
      this.first = first;
      this.stride = stride;
    }
  }

  /** A layer whose weights are 0. */
  Panels(float[] bias, int inputs) {
    this.weights = new float[bias.length * inputs];
    this.bias = bias;
    this.inputs = inputs;
  }

  /** A layer with weights by outputs, then by inputs. */
  static Panels of(float[] weights, float[] bias) {
    int inputs = weights.length / bias.length;
    Panels panels = new Panels(bias, inputs);
    for (int output = 0; output < bias.length; output++) {
      panels.setOutput(output, weights, output * inputs);
    }
    return panels;
  }

  /**
   * Whether the JIT compiler makes vector instructions of this. Some JVMs interpret it, and without
   * fused multiply-add every product goes through {@link java.math.BigDecimal}.
   */
  static boolean areFast() {
    int inputs = 64;
    Panels layer = new Panels(new float[WIDTH], inputs);
    Rows in = new Rows(new float[TILE_ROWS * inputs], 0, inputs);
    Rows out = new Rows(new float[TILE_ROWS * WIDTH], 0, WIDTH);
    long deadline = System.nanoTime() + PATIENCE_NS;
    long best = Long.MAX_VALUE;
    while (best > SLOWEST_PRODUCT_NS * inputs * TILE_ROWS * WIDTH) {
      long start = System.nanoTime();
      if (start - deadline > 0) {
        return false;
      }
      layer.multiply(in, TILE_ROWS, 0, 1, out);
      best = Math.min(best, System.nanoTime() - start);
    }
    return true;
  }

  /** Sets the weights of all inputs for one output. */
  void setOutput(int output, float[] from, int at) {
    int to = output / WIDTH * WIDTH * inputs + output % WIDTH;
    for (int input = 0; input < inputs; input++) {
      weights[to + input * WIDTH] = from[at + input];
    }
  }

  /** Sets the weights of one input for the first outputs. */
  void setInput(int input, float[] from, int at, int outputs) {
    for (int done = 0; done < outputs; done += WIDTH) {
      int to = done * inputs + input * WIDTH;
      System.arraycopy(from, at + done, weights, to, Math.min(WIDTH, outputs - done));
    }
  }

  int count() {
    return bias.length / WIDTH;
  }

  /**
   * Computes some panels of out.
   *
   * @param rows at least {@link #TILE_ROWS}; both matrices have as many
   */
  void multiply(Rows in, int rows, int fromPanel, int toPanel, Rows out) {
    for (int panel = fromPanel; panel < toPanel; panel++) {
      for (int tile = 0; tile < rows; tile += TILE_ROWS) {
        multiply(in, Math.min(tile, rows - TILE_ROWS), panel, out); // may do rows again
      }
    }
  }

  private void multiply(Rows in, int row, int panel, Rows out) {
    final float[] x = in.values;
    final int x0 = in.first + row * in.stride;
    final int x1 = x0 + in.stride;
    final int x2 = x1 + in.stride;
    final float[] weights = this.weights;
    final int at = panel * WIDTH * inputs;
    FloatVector y00 = FloatVector.fromArray(SPECIES, bias, panel * WIDTH);
    FloatVector y01 = FloatVector.fromArray(SPECIES, bias, panel * WIDTH + LANES);
    FloatVector y02 = FloatVector.fromArray(SPECIES, bias, panel * WIDTH + 2 * LANES);
    FloatVector y10 = y00;
    FloatVector y11 = y01;
    FloatVector y12 = y02;
    FloatVector y20 = y00;
    FloatVector y21 = y01;
    FloatVector y22 = y02;
    for (int i = 0; i < inputs; i++) {
      FloatVector w0 = FloatVector.fromArray(SPECIES, weights, at + i * WIDTH);
      FloatVector w1 = FloatVector.fromArray(SPECIES, weights, at + i * WIDTH + LANES);
      FloatVector w2 = FloatVector.fromArray(SPECIES, weights, at + i * WIDTH + 2 * LANES);
      FloatVector input = FloatVector.broadcast(SPECIES, x[x0 + i]);
      y00 = w0.fma(input, y00);
      y01 = w1.fma(input, y01);
      y02 = w2.fma(input, y02);
      input = FloatVector.broadcast(SPECIES, x[x1 + i]);
      y10 = w0.fma(input, y10);
      y11 = w1.fma(input, y11);
      y12 = w2.fma(input, y12);
      input = FloatVector.broadcast(SPECIES, x[x2 + i]);
      y20 = w0.fma(input, y20);
      y21 = w1.fma(input, y21);
      y22 = w2.fma(input, y22);
    }
    int to = out.first + row * out.stride + panel * WIDTH;
    store(out.values, to, y00, y01, y02);
    store(out.values, to + out.stride, y10, y11, y12);
    store(out.values, to + 2 * out.stride, y20, y21, y22);
  }

  private static void store(float[] c, int at, FloatVector v0, FloatVector v1, FloatVector v2) {
    v0.intoArray(c, at);
    v1.intoArray(c, at + LANES);
    v2.intoArray(c, at + 2 * LANES);
  }
}
