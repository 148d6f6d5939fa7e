package io.github.semblance.bert;

import io.github.semblance.bert.checkpoint.BertConfig;
import io.github.semblance.bert.checkpoint.Pooling;
import java.nio.FloatBuffer;

/**
 * What a {@link BertModule} was loaded with, for another encoder to compute the same from. Safe for
 * use by many threads until the module is closed.
 */
interface EncoderTensors {

  /** The kinds of tensors, each in the order of the computation. */
  enum Kind {
    /** Weight and bias of each LayerNorm in turn. */
    NORM,
    /**
     * [out, in], four a layer: query, key and value at once; projection; feed-forward in and out.
     * For int8 codes from -127 to 127.
     */
    LINEAR,
    /** Of the linear layers. */
    BIAS,
    /** int8 only: by output of a linear layer, what its codes are multiplied by. */
    SCALE,
    /** int8 only: by input of a linear layer, what that is multiplied by beforehand. */
    SMOOTHING
  }

  BertConfig config();

  Precision precision();

  Pooling pooling();

  boolean normalized();

  /** The table of word embeddings in native memory: not to be read once the module is closed. */
  FloatBuffer words();

  /** As {@link #words}, the {@link PositionTable}. */
  FloatBuffer positions();

  /** The tensor of a kind at a place, row by row. */
  float[] copy(Kind kind, int place);
}
