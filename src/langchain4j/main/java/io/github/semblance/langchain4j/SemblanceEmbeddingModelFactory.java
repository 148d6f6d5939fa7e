package io.github.semblance.langchain4j;

import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.spi.model.embedding.EmbeddingModelFactory;

/**
 * The default model for parts of LangChain4j that are given none and ask {@link
 * java.util.ServiceLoader}, such as {@code EmbeddingStoreIngestor}.
 */
public final class SemblanceEmbeddingModelFactory implements EmbeddingModelFactory {
  private static final String DEFAULT_MODEL = "all-MiniLM-L6-v2";

  /** For {@link java.util.ServiceLoader}. */
  public SemblanceEmbeddingModelFactory() {}

  @Override
  public EmbeddingModel create() {
    return SemblanceEmbeddingModel.named(DEFAULT_MODEL);
  }
}
