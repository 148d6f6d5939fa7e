package io.github.semblance.bert;

/** Rows of a matrix, or some of its columns. */
final class Rows {
  final float[] values;
  private final int first;
  final int stride;

  /**
   * Some columns.
   *
   * @param first where the first row begins
   * @param stride from a row to the next
   */
  Rows(float[] values, int first, int stride) {
    this.values = values;
    this.first = first;
    this.stride = stride;
  }

  int at(int row) {
    return first + row * stride;
  }
}
