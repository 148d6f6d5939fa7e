package io.github.semblance.bert;

/** The arithmetic of a model's linear layers. Vectors of different precisions do not mix. */
public enum Precision {
  /** 32-bit floating point. */
  FP32,
  /** 8-bit integer weights and activations with 32-bit accumulation. */
  INT8
}
