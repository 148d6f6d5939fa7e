package io.github.semblance.bert;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * How wide this process's vectors are: what the JVM prefers on its processor, or the bits that the
 * system property {@code semblance.vector.bits} names. Tests set that one, to compute with widths
 * that their machine does not have, which is slow.
 */
final class VectorWidth {
  private static final int BITS =
      Integer.getInteger("semblance.vector.bits", FloatVector.SPECIES_PREFERRED.vectorBitSize());

  static final VectorSpecies<Float> FLOATS =
      VectorSpecies.of(float.class, VectorShape.forBitSize(BITS));

  /** As many as floats. */
  static final VectorSpecies<Short> SHORTS =
      VectorSpecies.of(short.class, VectorShape.forBitSize(BITS / 2));

  /** As many, or twice as many: there is nothing narrower than 64 bits. */
  static final VectorSpecies<Byte> BYTES =
      BITS == 128
          ? ByteVector.SPECIES_64
          : VectorSpecies.of(byte.class, VectorShape.forBitSize(BITS / 4));

  private VectorWidth() {}
}
