package io.github.semblance.opensearch;

import io.github.semblance.index.PassageVector;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** What a node has embedded since it started. Thread-safe. */
final class EmbeddingCounts {
  private final AtomicLong queries = new AtomicLong();
  private final AtomicLong queryNanos = new AtomicLong();
  private final AtomicLong slowestQueryNanos = new AtomicLong();
  private final AtomicLong documents = new AtomicLong();
  private final AtomicLong passages = new AtomicLong();
  private final AtomicLong documentNanos = new AtomicLong();
  private final AtomicLong unchanged = new AtomicLong();

  /** Counts a query and how long it took, its wait for a thread included. */
  void query(long nanos) {
    queries.incrementAndGet();
    queryNanos.addAndGet(nanos);
    slowestQueryNanos.accumulateAndGet(nanos, Math::max);
  }

  /** Counts documents and how long a thread was at them. */
  void documents(List<List<PassageVector>> embedded, long nanos) {
    documents.addAndGet(embedded.size());
    embedded.forEach(one -> passages.addAndGet(one.size()));
    documentNanos.addAndGet(nanos);
  }

  /** Counts a document that came with the passages of its text. */
  void unchanged() {
    unchanged.incrementAndGet();
  }

  /**
   * All of it at one time.
   *
   * @param unchanged documents that were not embedded, since they came with their passages
   */
  record Now(
      long queries,
      long queryMillis,
      long slowestQueryMillis,
      long documents,
      long passages,
      long documentMillis,
      long unchanged) {}

  Now now() {
    return new Now(
        queries.get(),
        queryNanos.get() / 1_000_000,
        slowestQueryNanos.get() / 1_000_000,
        documents.get(),
        passages.get(),
        documentNanos.get() / 1_000_000,
        unchanged.get());
  }
}
