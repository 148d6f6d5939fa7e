package io.github.semblance.evaluate;

import io.github.semblance.embed.Calibration;
import io.github.semblance.embed.Embedding;
import io.github.semblance.embed.EmbeddingModel;
import io.github.semblance.embed.TextEmbedder;
import io.github.semblance.embed.WordPiece;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the vector of the last query for when it is asked again, and the time that this saved.
 * Unlike other embedders, for one thread.
 */
final class EmbedOnce implements TextEmbedder {
  private final TextEmbedder embedder;
  private @Nullable String query;
  private @Nullable Embedding embedding;
  private long nanos;
  private final Set<String> cut = new HashSet<>();
  private long reusedNanos;

  EmbedOnce(TextEmbedder embedder) {
    this.embedder = embedder;
  }

  /** How long all the embedding that was not done again took the first time. */
  long reusedNanos() {
    return reusedNanos;
  }

  /** How many queries were longer than the model's window. */
  int cut() {
    return cut.size();
  }

  @Override
  public Embedding embedQuery(String text) {
    if (embedding != null && text.equals(query)) {
      reusedNanos += nanos;
      return embedding;
    }
    long start = System.nanoTime();
    Embedding embedded = embedder.embedQuery(text);
    nanos = System.nanoTime() - start;
    query = text;
    embedding = embedded;
    if (embedded.droppedTokens() > 0) {
      cut.add(text);
    }
    return embedded;
  }

  @Override
  public EmbeddingModel model() {
    return embedder.model();
  }

  @Override
  public Optional<Calibration> calibration() {
    return embedder.calibration();
  }

  @Override
  public List<Embedding> embedPassages(List<String> passages) {
    return embedder.embedPassages(passages);
  }

  @Override
  public List<WordPiece> wordPieces(String text) {
    return embedder.wordPieces(text);
  }

  /** Leaves the embedder open: it is another's. */
  @Override
  public void close() {}
}
