package io.github.semblance.bench;

import io.github.semblance.embed.Embedding;
import io.github.semblance.embed.EmbeddingModel;
import io.github.semblance.embed.TextEmbedder;
import io.github.semblance.embed.WordPiece;
import java.util.List;
import java.util.Map;

/** "Embeds" a number as the vector of that number, so that storing is measured without a model. */
record GivenVectors(ClusteredVectors vectors) implements TextEmbedder {
  private static final EmbeddingModel MODEL =
      new EmbeddingModel("clustered", ClusteredVectors.DIMENSION, 16, 2, 0, "clustered", Map.of());

  @Override
  public EmbeddingModel model() {
    return MODEL;
  }

  @Override
  public Embedding embedQuery(String query) {
    return new Embedding(vectors.query(Integer.parseInt(query)), 1, 0);
  }

  @Override
  public List<Embedding> embedPassages(List<String> passages) {
    return passages.stream()
        .map(passage -> new Embedding(vectors.passage(Integer.parseInt(passage)), 1, 0))
        .toList();
  }

  @Override
  public List<WordPiece> wordPieces(String text) {
    return text.isEmpty() ? List.of() : List.of(new WordPiece(text, 0, text.length()));
  }

  @Override
  public void close() {}
}
