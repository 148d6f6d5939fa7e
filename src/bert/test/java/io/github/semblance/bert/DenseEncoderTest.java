package io.github.semblance.bert;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.semblance.bert.checkpoint.Dense;
import io.github.semblance.bert.checkpoint.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class DenseEncoderTest {
  /** Three pooled numbers to two. */
  private static final Tensor WEIGHT = tensor(List.of(2, 3), 1, 2, 3, -1, 0, 1);

  private static final Tensor BIAS = tensor(List.of(2), 0.5f, -8);

  /** Pools a text of n ids to (n, 1, 2). */
  private static final class Counting implements Encoder {
    private boolean closed;

    @Override
    public float[][] embed(TokenBatch batch) {
      float[][] vectors = new float[batch.size()][];
      for (int place = 0; place < vectors.length; place++) {
        vectors[place] = vector(batch.idsAt(place));
      }
      return vectors;
    }

    private static float[] vector(long[] ids) {
      return new float[] {ids.length, 1, 2};
    }

    @Override
    public QueryCandidates forQueries() {
      return new QueryCandidates(List.of(new FakeQueryEncoder("counting", Counting::vector)), "");
    }

    @Override
    public void close() {
      closed = true;
    }
  }

  private static Tensor tensor(List<Integer> shape, float... values) {
    ByteBuffer data = ByteBuffer.allocateDirect(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    data.asFloatBuffer().put(values);
    return new Tensor("t", shape, data);
  }

  private static float[] embed(boolean normalized, Dense... layers) {
    try (Encoder encoder = new DenseEncoder(new Counting(), List.of(layers), normalized)) {
      float[] vector = encoder.embed(new TokenBatch(List.of(new long[4])))[0];
      assertArrayEquals(vector, encoder.forQueries().encoders().get(0).embed(new long[4], 1));
      return vector;
    }
  }

  private static Dense dense(Dense.Activation activation) {
    return new Dense(WEIGHT, Optional.of(BIAS), activation);
  }

  @Test
  void multipliesAddsAndActivates() {
    assertArrayEquals(new float[] {12.5f, -10}, embed(false, dense(Dense.Activation.IDENTITY)));
    assertArrayEquals(new float[] {12.5f, 0}, embed(false, dense(Dense.Activation.RELU)));
    assertArrayEquals(
        new float[] {(float) Math.tanh(12), (float) Math.tanh(-2)},
        embed(false, new Dense(WEIGHT, Optional.empty(), Dense.Activation.TANH)));
  }

  @Test
  void layersFollowEachOther() {
    Dense second =
        new Dense(tensor(List.of(1, 2), 2, 1), Optional.empty(), Dense.Activation.IDENTITY);
    assertArrayEquals(new float[] {15}, embed(false, dense(Dense.Activation.IDENTITY), second));
  }

  @Test
  void whatTheLastLayerGivesIsNormalised() {
    float length = (float) Math.hypot(12.5, 10);
    assertArrayEquals(
        new float[] {12.5f / length, -10 / length},
        embed(true, dense(Dense.Activation.IDENTITY)),
        1e-7f);
    Dense zero =
        new Dense(tensor(List.of(1, 3), 0, 0, 0), Optional.empty(), Dense.Activation.IDENTITY);
    assertArrayEquals(new float[] {0}, embed(true, zero));
  }

  @Test
  void closesTheEncoder() {
    Counting pooled = new Counting();
    new DenseEncoder(pooled, List.of(), false).close();
    assertTrue(pooled.closed);
  }
}
