package io.github.semblance.embed;

import java.util.Optional;
import java.util.ServiceLoader;

/**
 * Finds embedders by name for code that is configured with strings; found by {@link ServiceLoader}.
 *
 * <p>Implementations are safe for use by many threads. A provider owns the embedders it returns and
 * returns the same one for the same name: callers share them and never close them.
 */
public interface EmbedderProvider {

  /**
   * The embedder of a model.
   *
   * @param model a name as users write it
   * @return empty if this provider does not know the model
   * @throws EmbeddingException if it knows the model but cannot start it
   */
  Optional<TextEmbedder> find(String model);
}
