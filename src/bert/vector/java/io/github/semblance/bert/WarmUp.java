package io.github.semblance.bert;

import java.util.function.BooleanSupplier;

/** Lets the JIT compiler see a tile at work. */
final class WarmUp {
  private static final int INPUTS = 64;

  /** Of a product and a sum; a scalar loop takes as long. */
  private static final double SLOWEST_PRODUCT_NS = .25;

  /** The JIT compiler takes a fifth of a second when it has nothing else to do. */
  private static final long PATIENCE_NS = 5_000_000_000L;

  /** After so many it has seen enough, however fast they were. */
  private static final int ENOUGH_RUNS = 1000;

  private WarmUp() {}

  /**
   * Whether the JIT compiler makes vector instructions of a tile. Some JVMs interpret it, and
   * without fused multiply-add every product goes through {@link java.math.BigDecimal}.
   *
   * @param kind of the weights in linear layers; those of attention are floats
   * @param stopped whether nobody needs it any more
   */
  static boolean makesFast(Tile tile, Weights.Kind kind, BooleanSupplier stopped) {
    Rows in = new Rows(new float[tile.rows * INPUTS], 0, INPUTS);
    Rows out = new Rows(new float[tile.rows * tile.outputs], 0, tile.outputs);
    Weights layer = Weights.zero(kind, tile.outputs, INPUTS);
    Weights attention = Weights.zero(Weights.Kind.FLOATS, tile.outputs, INPUTS);
    double slowest = SLOWEST_PRODUCT_NS * INPUTS * tile.rows * tile.outputs;
    long deadline = System.nanoTime() + PATIENCE_NS;
    long best = Long.MAX_VALUE;
    for (int run = 0; best > slowest || run < ENOUGH_RUNS; run++) {
      long start = System.nanoTime();
      if (start - deadline > 0 || stopped.getAsBoolean()) {
        return false;
      }
      tile.multiply(layer, in, tile.rows, 0, 1, out);
      best = Math.min(best, System.nanoTime() - start);
      tile.multiply(attention, in, tile.rows, 0, 1, out);
    }
    return true;
  }
}
