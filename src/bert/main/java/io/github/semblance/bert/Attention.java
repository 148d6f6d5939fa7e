package io.github.semblance.bert;

import java.nio.FloatBuffer;
import java.util.function.BooleanSupplier;

/** Attention of a batch by other means than libtorch's. Safe for use by many threads. */
interface Attention {
  /** Tells it from others of the same model, and people what it is. */
  String name();

  /** Whether it computes in vectors of 512 bits. */
  boolean isWide();

  /**
   * Lets the JIT compiler see its products, for some seconds at most.
   *
   * @param stopped whether nobody needs it any more
   * @return whether the JVM makes vector instructions of them
   */
  boolean warmUp(BooleanSupplier stopped);

  /**
   * Computes softmax(Q Kᵀ / √depth) V of each head of each text.
   *
   * @param queryKeyValue [rows, 3 hidden] in native byte order
   * @param runs as {@link TokenBatch#runs} gives them, the longest texts last
   * @param context [rows, hidden], to write; rows behind the texts' become 0
   */
  void attend(FloatBuffer queryKeyValue, long[] runs, FloatBuffer context);
}
