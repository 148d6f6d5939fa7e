package io.github.semblance.bert;

import io.github.semblance.bert.checkpoint.BertConfig;
import io.github.semblance.embed.EmbeddingException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way to the encoder in Java's Vector API. That is an incubating module, which a JVM has only
 * if it was started with {@code --add-modules jdk.incubator.vector}; so nothing here names the
 * class that uses it but by a string.
 */
final class VectorApi {
  /**
   * So many bytes of linear layers are copied to the heap at most: 12 layers as wide as MiniLM's
   * are 81 MiB. In wider models a query is mostly arithmetic, at which libtorch is as fast.
   */
  private static final long LARGEST = 128L << 20;

  private static final String MODULE = "jdk.incubator.vector";

  private static final String ENCODER = "io.github.semblance.bert.VectorEncoder";

  private static final Logger LOG = LoggerFactory.getLogger(VectorApi.class);

  private VectorApi() {}

  /** An encoder for a model's queries, if this JVM can have one. Takes up to some seconds. */
  static Optional<QueryEncoder> encoder(EncoderTensors tensors) {
    long bytes = linearLayers(tensors.config());
    if (bytes > LARGEST) {
      LOG.debug("queries stay with libtorch: {} bytes of linear layers", bytes);
      return Optional.empty();
    }
    if (ModuleLayer.boot().findModule(MODULE).isEmpty()) {
      LOG.info("short queries would be faster with --add-modules {}", MODULE);
      return Optional.empty();
    }
    Runtime runtime = Runtime.getRuntime();
    long room = runtime.maxMemory() - runtime.totalMemory() + runtime.freeMemory();
    if (2 * bytes > room) {
      LOG.info("queries stay with libtorch: {} bytes to copy, {} free on the heap", bytes, room);
      return Optional.empty();
    }
    try {
      @SuppressWarnings("unchecked") // what the method of that name returns
      Optional<QueryEncoder> encoder =
          (Optional<QueryEncoder>)
              Class.forName(ENCODER)
                  .getDeclaredMethod("of", EncoderTensors.class)
                  .invoke(null, tensors);
      if (encoder.isEmpty()) {
        LOG.info(
            "queries stay with libtorch: vectors are slow in this JVM or do not fit the model");
      }
      return encoder;
    } catch (ReflectiveOperationException e) {
      throw new EmbeddingException("the encoder for queries could not be made", e);
    }
  }

  private static long linearLayers(BertConfig config) {
    long hidden = config.hidden();
    long layer = hidden * (4 * hidden + 2L * config.intermediate());
    return layer * config.layers() * Float.BYTES;
  }
}
