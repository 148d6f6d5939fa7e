package io.github.semblance.embed;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Futures of embeddings complete, fail and stop. */
@Timeout(60)
final class AsyncEmbedderTest {
  private final Held held = new Held();

  /** Embeds nothing until it is let go, unless it is interrupted. */
  private static final class Held implements TextEmbedder {
    final BagOfWordsEmbedder embedder = new BagOfWordsEmbedder();
    final CountDownLatch go = new CountDownLatch(1);
    final CountDownLatch begun = new CountDownLatch(1);
    final CountDownLatch interrupted = new CountDownLatch(1);

    private void hold() {
      begun.countDown();
      try {
        go.await();
      } catch (InterruptedException e) {
        interrupted.countDown();
        throw new EmbeddingException("interrupted while embedding", e);
      }
    }

    @Override
    public EmbeddingModel model() {
      return embedder.model();
    }

    @Override
    public Embedding embedQuery(String query) {
      hold();
      return embedder.embedQuery(query);
    }

    @Override
    public List<Embedding> embedPassages(List<String> passages) {
      hold();
      return embedder.embedPassages(passages);
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

  private static @Nullable String reason(ExecutionException failure) {
    Throwable cause = failure.getCause();
    return cause == null ? null : cause.getMessage();
  }

  @Test
  void futuresCompleteAndFail() throws Exception {
    held.go.countDown();
    try (AsyncEmbedder async = new AsyncEmbedder(held, 2)) {
      assertArrayEquals(
          held.embedder.embedQuery("a").vector(), async.embedQuery("a").get().vector());
      assertEquals(2, async.embedPassages(List.of("a", "b")).get().size());
      held.close();
      ExecutionException failure =
          assertThrows(ExecutionException.class, () -> async.embedQuery("a").get());
      assertEquals("the embedder is closed", reason(failure));
    }
  }

  @Test
  void cancellingStopsTheCall() throws InterruptedException {
    try (AsyncEmbedder async = new AsyncEmbedder(held, 1)) {
      CompletableFuture<List<Embedding>> future = async.embedPassages(List.of("a"));
      held.begun.await();
      assertEquals(1, async.underWay());
      assertTrue(future.cancel(true));
      assertTrue(held.interrupted.await(30, TimeUnit.SECONDS));
    }
  }

  @Test
  void oneCallTooManyFailsAtOnce() throws Exception {
    try (AsyncEmbedder async = new AsyncEmbedder(held, 1)) {
      CompletableFuture<Embedding> first = async.embedQuery("a");
      ExecutionException refused =
          assertThrows(ExecutionException.class, () -> async.embedQuery("b").get());
      assertEquals(
          "no more than 1 calls may be under way at a time; try again later", reason(refused));
      held.go.countDown();
      assertEquals(32, first.get().vector().length);
    }
  }

  @Test
  void closingEndsWhatIsUnderWay() throws InterruptedException {
    AsyncEmbedder async = new AsyncEmbedder(held, 1);
    CompletableFuture<Embedding> future = async.embedQuery("a");
    held.begun.await();
    async.close();
    assertThrows(ExecutionException.class, future::get);
    ExecutionException closed =
        assertThrows(ExecutionException.class, () -> async.embedQuery("b").get());
    assertEquals("this is closed", reason(closed));
    assertEquals(0, async.underWay());
  }
}
