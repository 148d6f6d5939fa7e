package io.github.semblance.bench;

import io.github.semblance.embed.Embedding;
import io.github.semblance.embed.EmbeddingModel;
import io.github.semblance.embed.TextEmbedder;
import io.github.semblance.embed.WordPiece;
import java.util.List;
import java.util.Map;

/** Stands for a model where passages come with their vectors; nothing is embedded. */
record GivenVectors() implements TextEmbedder {
  private static final EmbeddingModel MODEL =
      new EmbeddingModel("clustered", ClusteredVectors.DIMENSION, 16, 2, 0, "clustered", Map.of());

  @Override
  public EmbeddingModel model() {
    return MODEL;
  }

  @Override
  public Embedding embedQuery(String query) {
    throw new UnsupportedOperationException("vectors are given, got: " + query);
  }

  @Override
  public List<Embedding> embedPassages(List<String> passages) {
    throw new UnsupportedOperationException("vectors are given, got: " + passages);
  }

  @Override
  public List<WordPiece> wordPieces(String text) {
    throw new UnsupportedOperationException("vectors are given, got: " + text);
  }

  @Override
  public void close() {}
}
