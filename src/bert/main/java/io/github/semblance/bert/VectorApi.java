package io.github.semblance.bert;

import io.github.semblance.bert.checkpoint.BertConfig;
import io.github.semblance.embed.EmbeddingException;
import java.util.List;

/**
 * The way to the encoders in Java's Vector API. That is an incubating module, which a JVM has only
 * if it was started with {@code --add-modules jdk.incubator.vector}; so nothing here names the
 * class that uses it but by a string.
 */
final class VectorApi {
  /**
   * Models with more weights than this in their linear layers stay with libtorch: 12 layers as wide
   * as MiniLM's have 21 million. In wider models a query is mostly arithmetic, at which libtorch is
   * as fast.
   */
  private static final long MOST_WEIGHTS = 32L << 20;

  private static final String MODULE = "jdk.incubator.vector";

  private static final String ENCODER = "io.github.semblance.bert.VectorEncoder";

  private VectorApi() {}

  /** Encoders for a model's queries, if this JVM can have some. Copies the linear layers. */
  static QueryCandidates encoders(EncoderTensors tensors) {
    long weights = linearLayers(tensors.config());
    if (weights > MOST_WEIGHTS) {
      return QueryCandidates.none("its linear layers have " + weights + " weights");
    }
    if (ModuleLayer.boot().findModule(MODULE).isEmpty()) {
      return QueryCandidates.none("this JVM was started without --add-modules " + MODULE);
    }
    Runtime runtime = Runtime.getRuntime();
    long room = runtime.maxMemory() - runtime.totalMemory() + runtime.freeMemory();
    long bytes = weights * (tensors.precision() == Precision.INT8 ? Byte.BYTES : Short.BYTES);
    if (2 * bytes > room) {
      return QueryCandidates.none(bytes + " bytes to copy, " + room + " are free on the heap");
    }
    try {
      @SuppressWarnings("unchecked") // what the method of that name returns
      List<QueryEncoder> encoders =
          (List<QueryEncoder>)
              Class.forName(ENCODER)
                  .getDeclaredMethod("of", EncoderTensors.class)
                  .invoke(null, tensors);
      return encoders.isEmpty()
          ? QueryCandidates.none("vectors do not fit its layers or its attention")
          : new QueryCandidates(encoders, "");
    } catch (ReflectiveOperationException e) {
      throw new EmbeddingException("the encoders for queries could not be made", e);
    }
  }

  private static long linearLayers(BertConfig config) {
    long hidden = config.hidden();
    long layer = hidden * (4 * hidden + 2L * config.intermediate());
    return layer * config.layers();
  }
}
