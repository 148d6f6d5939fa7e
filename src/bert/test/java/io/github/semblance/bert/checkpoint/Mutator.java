package io.github.semblance.bert.checkpoint;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.SplittableRandom;

/** Damages files as decay and attackers do: bits, lengths, cuts, gaps and repetitions. */
final class Mutator {
  private static final int MOST_DAMAGES = 4;
  private static final int LONGEST_PIECE = 64;

  /** Where checks of sizes are off by one, or overflow. */
  private static final long[] EDGES = {
    0,
    1,
    -1,
    Byte.MAX_VALUE,
    1 << 7,
    (1 << 14) - 1,
    Short.MAX_VALUE,
    1 << 24,
    Integer.MAX_VALUE,
    Integer.MIN_VALUE,
    (1L << 32) - 1,
    1L << 40,
    Long.MAX_VALUE,
    Long.MAX_VALUE - 7,
    Long.MIN_VALUE
  };

  private final SplittableRandom random;

  Mutator(long seed) {
    this.random = new SplittableRandom(seed); // mixes: neighbouring seeds are unrelated
  }

  boolean oneIn(int times) {
    return random.nextInt(times) == 0;
  }

  byte[] damage(byte[] file) {
    byte[] damaged = file.clone();
    for (int i = random.nextInt(MOST_DAMAGES); i >= 0; i--) {
      if (damaged.length > 0) {
        damaged = damageOnce(damaged);
      }
    }
    return damaged;
  }

  private byte[] damageOnce(byte[] file) {
    int at = random.nextInt(file.length);
    int length = 1 + random.nextInt(Math.min(LONGEST_PIECE, file.length - at));
    switch (random.nextInt(8)) {
      case 0 -> file[at] ^= (byte) (1 << random.nextInt(Byte.SIZE));
      case 1 -> file[at] = (byte) random.nextInt();
      case 2 -> file[at] = (byte) edge();
      case 3 -> overwrite(file, at, numberOf(Integer.BYTES, edge()));
      case 4 -> overwrite(file, at, numberOf(Long.BYTES, edge()));
      case 5 -> overwrite(file, at, new ProtobufWriter().raw(edge()).toBytes());
      case 6 -> {
        return random.nextBoolean()
            ? Arrays.copyOf(file, at)
            : join(Arrays.copyOf(file, at), Arrays.copyOfRange(file, at + length, file.length));
      }
      default -> {
        byte[] repeated = Arrays.copyOf(file, at + length);
        return join(repeated, Arrays.copyOfRange(file, at, file.length));
      }
    }
    return file;
  }

  private long edge() {
    return EDGES[random.nextInt(EDGES.length)];
  }

  private static byte[] numberOf(int bytes, long value) {
    byte[] number =
        ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array();
    return Arrays.copyOf(number, bytes);
  }

  private static void overwrite(byte[] file, int at, byte[] value) {
    System.arraycopy(value, 0, file, at, Math.min(value.length, file.length - at));
  }

  private static byte[] join(byte[] head, byte[] tail) {
    byte[] all = Arrays.copyOf(head, head.length + tail.length);
    System.arraycopy(tail, 0, all, head.length, tail.length);
    return all;
  }
}
