package io.github.semblance.bert;

/**
 * Attention within one head of a text, a few rows at a time: their scores stay in the first cache
 * until they have weighted the values.
 *
 * <p>Not safe for use by several threads at once.
 */
final class HeadAttention {
  private static final double LOG2_E = 1.4426950408889634;

  private final Tile tile;
  private final int rows;
  private final int width;
  private final int depth;

  /** Columns of scores, and of values: whole numbers of what a tile computes. */
  private final int keyColumns;

  private final int valueColumns;

  private final Weights keys;
  private final Weights values;
  private final float[] scores;
  private final float[] sums;
  private final float[] result;

  /**
   * For heads of texts of one length.
   *
   * @param rows of a text
   * @param width of all heads together
   * @param depth of one
   */
  HeadAttention(Tile tile, int rows, int width, int depth) {
    this.tile = tile;
    this.rows = rows;
    this.width = width;
    this.depth = depth;
    this.keyColumns = Math.ceilDiv(rows, tile.outputs) * tile.outputs;
    this.valueColumns = Math.ceilDiv(depth, tile.outputs) * tile.outputs;
    this.keys = Weights.zero(Weights.Kind.FLOATS, keyColumns, depth);
    this.values = Weights.zero(Weights.Kind.FLOATS, valueColumns, rows);
    this.scores = new float[tile.rows * keyColumns];
    this.sums = new float[tile.rows];
    this.result = new float[tile.rows * valueColumns];
  }

  /**
   * Computes the context of one head.
   *
   * @param queryKeyValue [at least {@link Tile#rows}, 3 width]; what lies behind the text's rows is
   *     read, and has no effect
   * @param context [rows, width], of which the head's columns are written
   */
  void attend(int head, float[] queryKeyValue, float[] context) {
    int first = head * depth;
    for (int row = 0; row < rows; row++) {
      int key = (3 * row + 1) * width + first;
      keys.setOutput(row, queryKeyValue, key);
      values.setInput(row, queryKeyValue, key + width, depth);
    }
    float scale = (float) (LOG2_E / Math.sqrt(depth));
    Rows scored = new Rows(scores, 0, keyColumns);
    Rows weighted = new Rows(result, 0, valueColumns);
    for (int next = 0; next < rows; next += tile.rows) {
      int row = Math.max(0, Math.min(next, rows - tile.rows)); // the last may do rows again
      Rows queries = new Rows(queryKeyValue, 3 * row * width + first, 3 * width);
      tile.multiply(keys, queries, tile.rows, 0, keyColumns / tile.outputs, scored);
      for (int i = 0; i < tile.rows; i++) {
        sums[i] = RowFunctions.exponentials(scores, i * keyColumns, rows, scale);
      }
      tile.multiply(values, scored, tile.rows, 0, valueColumns / tile.outputs, weighted);
      for (int i = 0; i < Math.min(rows, tile.rows); i++) {
        int to = (row + i) * width + first;
        float inverse = 1 / sums[i];
        for (int j = 0; j < depth; j++) {
          context[to + j] = result[i * valueColumns + j] * inverse;
        }
      }
    }
  }
}
