package io.github.semblance.bert.checkpoint;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

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

  private static final String JSON_VALUE =
      "(?:\"[^\"]*\"|-?\\d[\\d.eE+-]*|true|false|null|\\[[^\\[\\]]*]|\\{[^{}]*})";

  private static final Pattern VALUE = Pattern.compile("(?<=: )" + JSON_VALUE);
  private static final Pattern PAIR = Pattern.compile("\"[^\"]*\": " + JSON_VALUE + ",");

  private static final List<String> JSON_VALUES =
      List.of(
          "null",
          "true",
          "0",
          "-1",
          "1.5",
          "1e999",
          "-1e-999",
          "2147483647",
          "2147483648",
          "9223372036854775808",
          "1" + "0".repeat(400),
          "NaN",
          "\"\"",
          "\"..\"",
          "\"../../etc\"",
          "\"\\u0000\"",
          "\"\\ud800\"",
          "\"" + "x".repeat(10_000) + "\"",
          "[]",
          "{}",
          "[[[]]]",
          "{\"a\":{\"b\":[1,null]}}",
          "[".repeat(1_100) + "]".repeat(1_100));

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

  /** One of these. */
  <T> T pick(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  /** Damages a JSON text so that it mostly stays JSON: another value, or none, for a key. */
  byte[] damageJson(byte[] file) {
    String json = new String(file, StandardCharsets.UTF_8);
    boolean drop = oneIn(8);
    List<MatchResult> places = (drop ? PAIR : VALUE).matcher(json).results().toList();
    if (places.isEmpty()) {
      return damage(file);
    }
    MatchResult place = pick(places);
    String put = drop ? "" : pick(JSON_VALUES);
    String damaged = json.substring(0, place.start()) + put + json.substring(place.end());
    return damaged.getBytes(StandardCharsets.UTF_8);
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
