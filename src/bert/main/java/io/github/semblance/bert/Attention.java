package io.github.semblance.bert;

import java.nio.FloatBuffer;

/** Attention of a batch by other means than libtorch's. Safe for use by many threads. */
interface Attention {
  /** Tells it from others of the same model, and people what it is. */
  String name();

  /**
   * Lets the JIT compiler see its products, for some seconds at most.
   *
   * @return whether this processor has vectors of 512 bits, and the JVM makes use of them
   */
  boolean warmUp();

  /**
   * Computes softmax(Q Kᵀ / √depth) V of each head of each text.
   *
   * @param queryKeyValue [rows, 3 hidden] in native byte order
   * @param runs as {@link TokenBatch#runs} gives them, the longest texts last
   * @param context [rows, hidden], to write; rows behind the texts' become 0
   */
  void attend(FloatBuffer queryKeyValue, long[] runs, FloatBuffer context);
}
