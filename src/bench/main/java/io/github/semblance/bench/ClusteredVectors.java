package io.github.semblance.bench;

import java.util.SplittableRandom;
import org.apache.lucene.util.VectorUtil;

/**
 * Vectors that gather in clusters, as those of texts about a number of subjects do, of a thousand
 * on average: each is a centre, drawn evenly from the sphere, plus noise of the same length in a
 * random direction, brought to length 1. Two vectors of a cluster then have a cosine near .5, two
 * of different clusters near 0. Without the structure that real vectors have within a cluster this
 * is harder to search than text. The same seed gives the same vectors.
 */
final class ClusteredVectors {
  static final int DIMENSION = 384;
  private static final int PASSAGES_PER_CLUSTER = 1_000;

  private final long seed;
  private final float[][] centres;

  ClusteredVectors(long seed, int passages) {
    this.seed = seed;
    this.centres = new float[Math.max(1, passages / PASSAGES_PER_CLUSTER)][];
    for (int i = 0; i < centres.length; i++) {
      centres[i] = direction(new SplittableRandom(seed + i));
    }
  }

  float[] passage(int number) {
    return vector(2L * number);
  }

  /** From the same clusters as the passages, and none of them. */
  float[] query(int number) {
    return vector(2L * number + 1);
  }

  private float[] vector(long number) {
    // Seeds that differ by one give unrelated sequences: SplittableRandom mixes them.
    SplittableRandom random = new SplittableRandom(seed + centres.length + number);
    float[] vector = centres[random.nextInt(centres.length)].clone();
    VectorUtil.add(vector, direction(random));
    return VectorUtil.l2normalize(vector);
  }

  private static float[] direction(SplittableRandom random) {
    float[] direction = new float[DIMENSION];
    for (int i = 0; i < DIMENSION; i++) {
      direction[i] = (float) random.nextGaussian();
    }
    return VectorUtil.l2normalize(direction);
  }
}
