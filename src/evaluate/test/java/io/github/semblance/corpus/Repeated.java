package io.github.semblance.corpus;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** A long input that is never in memory. */
final class Repeated extends InputStream {

  private final byte[] unit;
  private final long length;
  private long position;

  Repeated(String unit, long length) {
    this.unit = unit.getBytes(StandardCharsets.UTF_8);
    this.length = length;
  }

  long position() {
    return position;
  }

  @Override
  public int read() {
    return position == length ? -1 : unit[(int) (position++ % unit.length)] & 0xFF;
  }

  @Override
  public int read(byte[] bytes, int from, int count) {
    Objects.checkFromIndexSize(from, count, bytes.length);
    int end = (int) Math.min(count, length - position);
    for (int i = 0; i < end; i++) {
      bytes[from + i] = (byte) read();
    }
    return end == 0 ? -1 : end;
  }
}
