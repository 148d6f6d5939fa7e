package io.github.semblance.springai;

import io.github.semblance.embed.Embedding;
import io.github.semblance.embed.EmbeddingException;
import io.github.semblance.embed.TextEmbedder;
import io.github.semblance.embed.WordPiece;
import java.util.List;
import org.springframework.ai.embedding.EmbeddingModel;

/** Any other embedding model of Spring AI as the embedder of an index. */
final class ExternalEmbedder implements TextEmbedder {
  private final EmbeddingModel embeddingModel;
  private final io.github.semblance.embed.EmbeddingModel facts;

  ExternalEmbedder(EmbeddingModel embeddingModel, String name) {
    this.embeddingModel = embeddingModel;
    this.facts =
        io.github.semblance.embed.EmbeddingModel.external(name, embeddingModel.dimensions());
  }

  @Override
  public io.github.semblance.embed.EmbeddingModel model() {
    return facts;
  }

  @Override
  public Embedding embedQuery(String query) {
    return embedding(embeddingModel.embed(query));
  }

  @Override
  public List<Embedding> embedPassages(List<String> passages) {
    return embeddingModel.embed(passages).stream().map(ExternalEmbedder::embedding).toList();
  }

  /** What a token costs and what was cut is the other model's secret: one token, nothing cut. */
  private static Embedding embedding(float[] vector) {
    return new Embedding(vector, 1, 0);
  }

  @Override
  public List<WordPiece> wordPieces(String text) {
    throw new EmbeddingException("the model " + facts.name() + " does not tell its word pieces");
  }

  /** The model is its owner's. */
  @Override
  public void close() {}
}
