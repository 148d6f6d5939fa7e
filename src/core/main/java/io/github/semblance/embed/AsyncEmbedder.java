package io.github.semblance.embed;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Embeds for callers who must not wait, and stops for those who no longer want to know. Safe for
 * use by many threads; the embedder remains the caller's to close, after this.
 *
 * <p>{@link TextEmbedder} itself waits, because embedding is computation: a future of it would be a
 * thread all the same, and which one is for the application to say. Here it is a virtual thread per
 * call, which waits for the embedder's own threads; a query that is computed on it holds one of the
 * carriers of virtual threads, of which there is one per processor, as long.
 *
 * <p>Cancelling a future interrupts its call. An embedder that heeds that, as {@code BertEmbedder}
 * does, leaves out what it has not begun; what it computes at that moment, some thousand word
 * pieces, comes to its end unseen.
 */
public final class AsyncEmbedder implements AutoCloseable {
  /** How long closing waits for calls that do not heed an interrupt, in seconds. */
  private static final int LONGEST_CALL_S = 10;

  private final TextEmbedder embedder;
  private final int most;
  private final Semaphore free;
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("semblance-async-", 1).factory());

  /**
   * Takes calls for an embedder.
   *
   * @param most calls under way at a time, those that wait for the embedder included, at least 1;
   *     one more fails at once
   */
  public AsyncEmbedder(TextEmbedder embedder, int most) {
    if (most < 1) {
      throw new IllegalArgumentException("most must be at least 1, got: " + most);
    }
    this.embedder = embedder;
    this.most = most;
    this.free = new Semaphore(most);
  }

  /** As {@link TextEmbedder#embedQuery}; its exceptions complete the future. */
  public CompletableFuture<Embedding> embedQuery(String query) {
    return start(() -> embedder.embedQuery(query));
  }

  /** As {@link TextEmbedder#embedPassages}; its exceptions complete the future. */
  public CompletableFuture<List<Embedding>> embedPassages(List<String> passages) {
    List<String> copy = List.copyOf(passages);
    return start(() -> embedder.embedPassages(copy));
  }

  /** How many calls are under way. */
  public int underWay() {
    return most - free.availablePermits();
  }

  private <T> CompletableFuture<T> start(Supplier<T> call) {
    if (!free.tryAcquire()) {
      return CompletableFuture.failedFuture(
          new EmbeddingException(
              "no more than " + most + " calls may be under way at a time; try again later"));
    }
    CompletableFuture<T> result = new CompletableFuture<>();
    Future<?> task;
    try {
      task = threads.submit(() -> run(call, result));
    } catch (RejectedExecutionException e) {
      free.release();
      return CompletableFuture.failedFuture(new EmbeddingException("this is closed", e));
    }
    CompletableFuture<T> unused =
        result.whenComplete(
            (value, failure) -> {
              if (result.isCancelled()) {
                task.cancel(true);
              }
            });
    return result;
  }

  private <T> void run(Supplier<T> call, CompletableFuture<T> result) {
    try {
      if (!result.isDone()) { // it may have been cancelled before its turn
        result.complete(call.get());
      }
    } catch (RuntimeException | Error e) {
      result.completeExceptionally(e);
    } finally {
      free.release();
    }
  }

  /** Interrupts what is under way; its futures fail. Waits for it, ten seconds at most. */
  @Override
  public void close() {
    threads.shutdownNow();
    try {
      boolean unused = threads.awaitTermination(LONGEST_CALL_S, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
