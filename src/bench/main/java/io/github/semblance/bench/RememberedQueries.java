package io.github.semblance.bench;

import io.github.semblance.embed.Embedding;
import io.github.semblance.embed.EmbeddingModel;
import io.github.semblance.embed.TextEmbedder;
import io.github.semblance.embed.WordPiece;
import java.util.List;
import java.util.Map;

/** Knows the vectors of all questions, so that searching is measured without embedding. */
record RememberedQueries(TextEmbedder embedder, Map<String, Embedding> embeddings)
    implements TextEmbedder {
  @Override
  public EmbeddingModel model() {
    return embedder.model();
  }

  @Override
  public Embedding embedQuery(String query) {
    Embedding known = embeddings.get(query);
    if (known == null) {
      throw new IllegalArgumentException("this question was not embedded before: " + query);
    }
    return known;
  }

  @Override
  public List<Embedding> embedPassages(List<String> texts) {
    return embedder.embedPassages(texts);
  }

  @Override
  public List<WordPiece> wordPieces(String text) {
    return embedder.wordPieces(text);
  }

  @Override
  public void close() {}
}
