package io.github.semblance.bert;

import io.github.semblance.bert.checkpoint.BertModel;
import io.github.semblance.bert.checkpoint.CheckpointException;
import io.github.semblance.bert.checkpoint.ModelStore;
import io.github.semblance.embed.EmbedderProvider;
import io.github.semblance.embed.EmbeddingException;
import io.github.semblance.embed.TextEmbedder;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Gives {@link java.util.ServiceLoader} the models that {@link ModelStore} finds, each loaded once
 * per process with default options. Safe for use by many threads.
 */
public final class BertEmbedderProvider implements EmbedderProvider {
  private static final Map<String, TextEmbedder> LOADED = new ConcurrentHashMap<>();

  /** For {@link java.util.ServiceLoader}. */
  public BertEmbedderProvider() {}

  @Override
  public Optional<TextEmbedder> find(String model) {
    try {
      if (!ModelStore.system().describe(model).isHere()) {
        return Optional.empty();
      }
    } catch (CheckpointException e) {
      return Optional.empty(); // not a name of ours: another provider may know it
    }
    return Optional.of(LOADED.computeIfAbsent(model, BertEmbedderProvider::load));
  }

  private static TextEmbedder load(String model) {
    try {
      BertModel opened = ModelStore.system().open(model);
      return BertEmbedder.load(opened, BertEmbedder.Options.defaults());
    } catch (CheckpointException e) {
      throw new EmbeddingException(model + " could not be opened: " + e.getMessage(), e);
    }
  }
}
