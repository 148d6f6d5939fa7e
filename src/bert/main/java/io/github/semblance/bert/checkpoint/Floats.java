package io.github.semblance.bert.checkpoint;

import java.nio.ByteBuffer;
import java.nio.IntBuffer;

/**
 * What is done to the numbers of a tensor on the way from its file: all off the heap, little-endian
 * and in place where the memory is ours.
 */
final class Floats {
  private static final int EXPONENT_ONE = 0x0080_0000;
  private static final int BLOCK = 4096;
  private static final int TILE = 32;

  private Floats() {}

  /**
   * The bytes from {@code offset} at an address that is a multiple of 4, as native code wants
   * floats. In a writable buffer they slide left over up to three bytes that come before them.
   */
  static ByteBuffer aligned(String source, ByteBuffer content, int offset, int length)
      throws CheckpointException {
    int excess = content.alignmentOffset(offset, Float.BYTES);
    if (excess == 0) {
      return content.slice(offset, length).order(content.order());
    }
    if (content.isReadOnly() || excess > offset) {
      ByteBuffer copy = OffHeap.allocate(source, length);
      return copy.put(0, content, offset, length);
    }
    content.put(offset - excess, content, offset, length);
    return content.slice(offset - excess, length).order(content.order());
  }

  /** From 16-bit IEEE 754 to 32-bit floats. */
  static ByteBuffer fromFloat16(String source, ByteBuffer halves) throws CheckpointException {
    ByteBuffer floats = OffHeap.allocate(source, 2L * halves.remaining());
    for (int i = 0; i < halves.remaining(); i += Short.BYTES) {
      floats.putFloat(2 * i, Float.float16ToFloat(halves.getShort(i)));
    }
    return floats;
  }

  /** From bfloat16, the upper half of a 32-bit float, to 32-bit floats. */
  static ByteBuffer fromBfloat16(String source, ByteBuffer halves) throws CheckpointException {
    ByteBuffer floats = OffHeap.allocate(source, 2L * halves.remaining());
    for (int i = 0; i < halves.remaining(); i += Short.BYTES) {
      floats.putInt(2 * i, halves.getShort(i) << Short.SIZE);
    }
    return floats;
  }

  /**
   * A row-major [columns, rows] matrix from a row-major [rows, columns] one; in place when that is
   * writable.
   *
   * @param scratch room for the matrix, used when it is writable
   */
  static ByteBuffer transposed(
      String source, ByteBuffer matrix, int rows, int columns, ByteBuffer scratch)
      throws CheckpointException {
    ByteBuffer from = matrix;
    ByteBuffer to = matrix;
    if (matrix.isReadOnly()) {
      to = OffHeap.allocate(source, matrix.remaining());
    } else {
      from = scratch.put(0, matrix, 0, matrix.remaining());
    }
    // Bits are moved, not numbers.
    IntBuffer in = from.asIntBuffer();
    IntBuffer out = to.asIntBuffer();
    for (int top = 0; top < rows; top += TILE) {
      for (int left = 0; left < columns; left += TILE) {
        for (int row = top; row < Math.min(top + TILE, rows); row++) {
          for (int column = left; column < Math.min(left + TILE, columns); column++) {
            out.put(column * rows + row, in.get(row * columns + column));
          }
        }
      }
    }
    return to;
  }

  /**
   * Whether there is neither NaN nor infinity, at the speed of reading memory.
   *
   * <p>These have all exponent bits set, so that adding one to the exponent, the sign left out,
   * carries into the sign bit. C2 makes vector code of the inner loop.
   */
  static boolean allFinite(ByteBuffer floats) {
    IntBuffer bits = floats.asIntBuffer();
    int[] block = new int[Math.min(BLOCK, bits.remaining())];
    int carries = 0;
    while (bits.hasRemaining()) {
      int length = Math.min(block.length, bits.remaining());
      bits.get(block, 0, length);
      for (int i = 0; i < length; i++) {
        carries |= (block[i] & Integer.MAX_VALUE) + EXPONENT_ONE;
      }
    }
    return carries >= 0;
  }
}
