package io.github.semblance.bert;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Shapes in which a product is computed: so many rows by so many vectors of outputs at once.
 *
 * <p>The first fits the 15 registers that are left of 16, the others those of AVX-512 and NEON.
 * Larger shapes read weights less often, and compute rows for nothing where a text has few. Each
 * output is added up in the order of its inputs, whatever the shape, so that all give the same
 * bits.
 */
enum Tile {
  T3X3(3, 3),
  T4X4(4, 4),
  T8X3(8, 3),
  T12X2(12, 2);

  private static final VectorSpecies<Float> SPECIES = VectorWidth.FLOATS;
  private static final int LANES = SPECIES.length();

  /** Rows that are computed together: a matrix has at least as many. */
  final int rows;

  /** Outputs that are computed together. */
  final int outputs;

  Tile(int rows, int vectors) {
    this.rows = rows;
    this.outputs = vectors * VectorWidth.FLOATS.length();
  }

  /** The shape, and the vectors that it is made of. */
  String describe() {
    return name().substring(1) + " in " + SPECIES.vectorBitSize() + " bits";
  }

  /**
   * Computes some outputs, counted in those that are computed together.
   *
   * @param height rows of both matrices, at least {@link #rows}
   */
  void multiply(Weights weights, Rows in, int height, int from, int to, Rows out) {
    for (int group = from; group < to; group++) {
      int vector = group * outputs / LANES;
      for (int next = 0; next < height; next += rows) {
        int row = Math.min(next, height - rows); // the last tile may do rows again
        switch (this) {
          case T3X3 -> TileKernels.multiply3x3(in, row, weights, vector, out);
          case T4X4 -> TileKernels.multiply4x4(in, row, weights, vector, out);
          case T8X3 -> TileKernels.multiply8x3(in, row, weights, vector, out);
          case T12X2 -> TileKernels.multiply12x2(in, row, weights, vector, out);
        }
        if (weights.scales.length > 0) {
          scale(weights, vector, out, row);
        }
      }
    }
  }

  /** Turns sums of products into outputs. */
  private void scale(Weights w, int vector, Rows out, int row) {
    for (int output = vector * LANES; output < vector * LANES + outputs; output += LANES) {
      FloatVector scale = FloatVector.fromArray(SPECIES, w.scales, output);
      FloatVector bias = FloatVector.fromArray(SPECIES, w.bias, output);
      for (int i = row; i < row + rows; i++) {
        int at = out.at(i) + output;
        FloatVector.fromArray(SPECIES, out.values, at).fma(scale, bias).intoArray(out.values, at);
      }
    }
  }
}
