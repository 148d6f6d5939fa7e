package io.github.semblance.bert;

import io.github.semblance.bert.checkpoint.BertConfig;
import io.github.semblance.bert.checkpoint.Checkpoint;
import io.github.semblance.bert.checkpoint.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;

/**
 * The table of positions with that of token types added, so that a token looks up one row instead
 * of two: all positions of the first type, then all of the next one.
 */
final class PositionTable {
  private static final String TYPES = "embeddings.token_type_embeddings.weight";

  private PositionTable() {}

  /** How many token types a model tells apart: no input here has more than two texts. */
  static int typesOf(Checkpoint checkpoint) {
    return checkpoint.config().architecture().tokenTypes()
        ? Math.min(2, checkpoint.weight(TYPES).shape().get(0))
        : 0;
  }

  /** The table of a model: as many times its positions as it has token types, or once. */
  static Tensor of(Checkpoint checkpoint) {
    Tensor positions = checkpoint.weight("embeddings.position_embeddings.weight");
    int kinds = typesOf(checkpoint);
    if (kinds == 0) {
      return positions;
    }
    Tensor types = checkpoint.weight(TYPES);
    int width = positions.shape().get(1);
    FloatBuffer from = floats(positions);
    FloatBuffer type = floats(types);
    ByteBuffer sums =
        ByteBuffer.allocateDirect(kinds * positions.data().remaining())
            .order(ByteOrder.nativeOrder());
    for (int kind = 0; kind < kinds; kind++) {
      for (int i = 0; i < from.limit(); i++) {
        sums.putFloat(from.get(i) + type.get(kind * width + i % width));
      }
    }
    List<Integer> shape = List.of(kinds * positions.shape().get(0), width);
    return new Tensor(positions.name(), shape, sums.flip());
  }

  /**
   * The row of each token of an input.
   *
   * @param types 0 or 1 for each id; empty where all are of the first type
   */
  static long[] rows(BertConfig config, long[] ids, long[] types) {
    long[] rows = config.architecture().positions(ids);
    for (int i = 0; i < types.length; i++) {
      rows[i] += types[i] * config.positions();
    }
    return rows;
  }

  private static FloatBuffer floats(Tensor tensor) {
    return tensor.data().duplicate().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
  }
}
