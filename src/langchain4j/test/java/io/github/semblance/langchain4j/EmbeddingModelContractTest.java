package io.github.semblance.langchain4j;

import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.embedding.common.AbstractEmbeddingModelIT;
import dev.langchain4j.model.embedding.listener.EmbeddingModelListener;
import io.github.semblance.embed.BagOfWordsEmbedder;
import java.util.List;

/** LangChain4j's tests for every embedding model, with a model that has prefixes. */
final class EmbeddingModelContractTest extends AbstractEmbeddingModelIT {

  @Override
  protected List<EmbeddingModel> models() {
    return List.of(SemblanceEmbeddingModel.of(new PrefixedEmbedder()));
  }

  @Override
  protected EmbeddingModel modelWith(EmbeddingModelListener listener) {
    return SemblanceEmbeddingModel.builder(new PrefixedEmbedder())
        .listeners(List.of(listener))
        .build();
  }

  @Override
  protected EmbeddingModel failingModelWith(EmbeddingModelListener listener) {
    BagOfWordsEmbedder closed = new BagOfWordsEmbedder();
    closed.close();
    return SemblanceEmbeddingModel.builder(closed).listeners(List.of(listener)).build();
  }

  @Override
  protected boolean supportsDimensionsParameter() {
    return false;
  }

  @Override
  protected boolean supportsImageInput() {
    return false;
  }
}
