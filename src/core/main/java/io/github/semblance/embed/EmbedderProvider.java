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

  /**
   * The embedder of a model, from whichever provider on the class path knows it.
   *
   * @param model a name as users write it
   * @return shared by the process and not to be closed
   * @throws EmbeddingException if no provider knows the model, or one does and cannot start it
   */
  static TextEmbedder require(String model) {
    return ServiceLoader.load(EmbedderProvider.class, EmbedderProvider.class.getClassLoader())
        .stream()
        .map(provider -> provider.get().find(model))
        .flatMap(Optional::stream)
        .findFirst()
        .orElseThrow(
            () ->
                new EmbeddingException(
                    "no model \""
                        + model
                        + "\" is here; name one that is on the class path, in a folder or in a local"
                        + " repository, and see that semblance-bert is on the class path"));
  }
}
