package io.github.semblance.embed;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Another embedder, with a listener that is told of each call: for counters and timers. Safe for
 * use by many threads. Closing it closes the other.
 */
public final class ObservedEmbedder implements TextEmbedder {
  private final TextEmbedder embedder;
  private final EmbeddingListener listener;
  private final AtomicInteger underWay = new AtomicInteger();

  /** Tells a listener of the calls of an embedder that go through this one. */
  public ObservedEmbedder(TextEmbedder embedder, EmbeddingListener listener) {
    this.embedder = embedder;
    this.listener = listener;
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
  public Embedding embedQuery(String query) {
    return observed(true, 1, () -> List.of(embedder.embedQuery(query))).getFirst();
  }

  @Override
  public List<Embedding> embedPassages(List<String> passages) {
    return observed(false, passages.size(), () -> embedder.embedPassages(passages));
  }

  private List<Embedding> observed(boolean query, int texts, Supplier<List<Embedding>> call) {
    int before = underWay.incrementAndGet();
    long start = System.nanoTime();
    List<Embedding> embeddings = List.of();
    RuntimeException failure = null;
    try {
      embeddings = call.get();
      return embeddings;
    } catch (RuntimeException e) {
      failure = e;
      throw e;
    } finally {
      underWay.decrementAndGet();
      tell(query, texts, before, System.nanoTime() - start, embeddings, failure);
    }
  }

  private void tell(
      boolean query,
      int texts,
      int before,
      long nanos,
      List<Embedding> embeddings,
      @Nullable RuntimeException failure) {
    listener.ended(
        new EmbeddingCall(
            query,
            texts,
            embeddings.stream().mapToLong(Embedding::tokens).sum(),
            embeddings.stream().mapToLong(Embedding::droppedTokens).sum(),
            before,
            Duration.ofNanos(nanos),
            failure));
  }

  @Override
  public boolean embedsQueriesLikePassages() {
    return embedder.embedsQueriesLikePassages();
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
