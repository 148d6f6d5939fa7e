package io.github.semblance.bert;

import io.github.semblance.bert.checkpoint.BertConfig;
import io.github.semblance.embed.EmbeddingException;
import java.util.List;

/**
 * The way to the encoders and the attention in Java's Vector API. That is an incubating module,
 * which a JVM has only if it was started with {@code --add-modules jdk.incubator.vector}; so
 * nothing here names the classes that use it but by a string.
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

  private static final String ATTENTION = "io.github.semblance.bert.VectorAttention";

  private VectorApi() {}

  /** Encoders for a model's queries, if this JVM can have some. Copies the linear layers. */
  static QueryCandidates encoders(EncoderTensors tensors) {
    long weights = linearLayers(tensors.config());
    if (weights > MOST_WEIGHTS) {
      return QueryCandidates.none("its linear layers have " + weights + " weights");
    }
    if (isMissing()) {
      return QueryCandidates.none("this JVM was started without --add-modules " + MODULE);
    }
    Runtime runtime = Runtime.getRuntime();
    long room = runtime.maxMemory() - runtime.totalMemory() + runtime.freeMemory();
    long bytes = weights * (tensors.precision() == Precision.INT8 ? Byte.BYTES : Short.BYTES);
    if (2 * bytes > room) {
      return QueryCandidates.none(bytes + " bytes to copy, " + room + " are free on the heap");
    }
    List<QueryEncoder> encoders = made(ENCODER, EncoderTensors.class, tensors);
    return encoders.isEmpty()
        ? QueryCandidates.none("vectors do not fit its layers or its attention")
        : new QueryCandidates(encoders, "");
  }

  /** Ways to compute a model's attention in batches; none if this JVM or the model has none. */
  static List<Attention> attentions(BertConfig config) {
    return isMissing() ? List.of() : made(ATTENTION, BertConfig.class, config);
  }

  private static boolean isMissing() {
    return ModuleLayer.boot().findModule(MODULE).isEmpty();
  }

  @SuppressWarnings("unchecked") // what the method of that name returns
  private static <T, S> List<T> made(String name, Class<S> source, S from) {
    try {
      return (List<T>) Class.forName(name).getDeclaredMethod("of", source).invoke(null, from);
    } catch (ReflectiveOperationException e) {
      throw new EmbeddingException("what computes in vectors could not be made: " + name, e);
    }
  }

  private static long linearLayers(BertConfig config) {
    long hidden = config.hidden();
    long layer = hidden * (4 * hidden + 2L * config.intermediate());
    return layer * config.layers();
  }
}
