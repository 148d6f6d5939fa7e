package io.github.semblance.langchain4j;

import io.github.semblance.embed.BagOfWordsEmbedder;
import io.github.semblance.embed.Embedding;
import io.github.semblance.embed.EmbeddingModel;
import io.github.semblance.embed.TextEmbedder;
import io.github.semblance.embed.WordPiece;
import java.util.List;

/** A fake model that tells queries from passages by what stands before them. */
final class PrefixedEmbedder implements TextEmbedder {
  private final BagOfWordsEmbedder embedder = new BagOfWordsEmbedder();

  @Override
  public EmbeddingModel model() {
    EmbeddingModel plain = embedder.model();
    return new EmbeddingModel(
        "prefixed",
        plain.dimension(),
        plain.maxTokens(),
        plain.specialTokens(),
        plain.cosineFloor(),
        "prefixed",
        plain.properties());
  }

  @Override
  public Embedding embedQuery(String query) {
    return embedder.embedQuery("query: " + query);
  }

  @Override
  public List<Embedding> embedPassages(List<String> passages) {
    return embedder.embedPassages(passages.stream().map(text -> "passage: " + text).toList());
  }

  @Override
  public List<WordPiece> wordPieces(String text) {
    return embedder.wordPieces(text);
  }

  @Override
  public void close() {
    embedder.close();
  }
}
