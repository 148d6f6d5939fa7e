package io.github.semblance.index;

/**
 * How the vectors that a search compares are kept. The full-precision vectors stay on disk in every
 * case, and what a query returns is scored with them.
 */
public enum Quantization {
  /** 32-bit floats. */
  NONE,
  /** One byte per dimension. */
  INT8,
  /** Half a byte per dimension. */
  INT4,
  /** One bit per dimension, compared with a query of four. */
  BINARY
}
