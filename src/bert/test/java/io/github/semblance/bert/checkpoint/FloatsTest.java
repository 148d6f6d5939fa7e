package io.github.semblance.bert.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FloatsTest {

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void transposesMatricesOfAnyShape(boolean writable) throws CheckpointException {
    Random random = new Random(5);
    for (int i = 0; i < 50; i++) {
      int rows = 1 + random.nextInt(100);
      int columns = 1 + random.nextInt(100);
      float[] matrix = new float[rows * columns];
      for (int j = 0; j < matrix.length; j++) {
        matrix[j] = random.nextFloat();
      }
      ByteBuffer bytes = floats(matrix);
      ByteBuffer input = writable ? bytes : bytes.asReadOnlyBuffer().order(bytes.order());
      ByteBuffer scratch = floats(new float[matrix.length + 1]);
      ByteBuffer result = Floats.transposed("test", input, rows, columns, scratch);
      assertArrayEquals(TinyBert.transposed(matrix, rows, columns), toArray(result));
      if (writable) {
        assertSame(input, result, "in place");
      }
    }
  }

  @Test
  void findsEveryNumberThatIsNone() {
    float[] values = new float[10_000];
    for (float extreme : new float[] {Float.MAX_VALUE, -Float.MAX_VALUE, Float.MIN_VALUE, -0f}) {
      values[4097] = extreme;
      assertTrue(Floats.allFinite(floats(values)), () -> "finite: " + extreme);
    }
    for (int at : new int[] {0, 1, 4095, 4096, 9_999}) {
      for (float bad :
          new float[] {
            Float.NaN,
            Float.POSITIVE_INFINITY,
            Float.NEGATIVE_INFINITY,
            Float.intBitsToFloat(0xff800001),
            Float.intBitsToFloat(0xffffffff)
          }) {
        values[at] = bad;
        assertFalse(Floats.allFinite(floats(values)), () -> bad + " at " + at);
        values[at] = 1;
      }
    }
    assertTrue(Floats.allFinite(floats(new float[0])));
  }

  @Test
  void widensEveryHalf() throws CheckpointException {
    ByteBuffer halves = ByteBuffer.allocateDirect(2 << 16).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < 1 << 16; i++) {
      halves.putShort(2 * i, (short) i);
    }
    float[] fromFloat16 = toArray(Floats.fromFloat16("test", halves));
    float[] fromBfloat16 = toArray(Floats.fromBfloat16("test", halves));
    for (int i = 0; i < 1 << 16; i++) {
      assertEquals(Float.float16ToFloat((short) i), fromFloat16[i]);
      assertEquals(Float.intBitsToFloat(i << 16), fromBfloat16[i]);
    }
  }

  private static ByteBuffer floats(float[] values) {
    return TinyBert.offHeap(TinyBert.bytes(values)).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static float[] toArray(ByteBuffer floats) {
    float[] values = new float[floats.remaining() / Float.BYTES];
    floats.asFloatBuffer().get(values);
    return values;
  }
}
