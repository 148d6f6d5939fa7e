package io.github.semblance.langchain4j;

import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import io.github.semblance.embed.Embedding;
import io.github.semblance.embed.EmbeddingException;
import io.github.semblance.embed.TextEmbedder;
import io.github.semblance.embed.WordPiece;
import java.util.List;

/** Any other embedding model of LangChain4j as the embedder of an index. */
final class ExternalEmbedder implements TextEmbedder {
  private final EmbeddingModel embeddingModel;
  private final io.github.semblance.embed.EmbeddingModel facts;

  ExternalEmbedder(EmbeddingModel embeddingModel) {
    this.embeddingModel = embeddingModel;
    String name = embeddingModel.modelName();
    this.facts =
        io.github.semblance.embed.EmbeddingModel.external(
            name == null || name.isBlank() || name.equals("unknown")
                ? embeddingModel.getClass().getName()
                : name,
            embeddingModel.dimension());
  }

  @Override
  public io.github.semblance.embed.EmbeddingModel model() {
    return facts;
  }

  @Override
  public Embedding embedQuery(String query) {
    return embedPassages(List.of(query)).getFirst();
  }

  /** What a token costs and what was cut is the other model's secret: one token, nothing cut. */
  @Override
  public List<Embedding> embedPassages(List<String> passages) {
    return embeddingModel
        .embedAll(passages.stream().map(TextSegment::from).toList())
        .content()
        .stream()
        .map(embedding -> new Embedding(embedding.vector(), 1, 0))
        .toList();
  }

  @Override
  public List<WordPiece> wordPieces(String text) {
    throw new EmbeddingException("the model " + facts.name() + " does not tell its word pieces");
  }

  /** The model is its owner's. */
  @Override
  public void close() {}
}
