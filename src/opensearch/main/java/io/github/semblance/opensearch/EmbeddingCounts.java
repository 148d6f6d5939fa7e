package io.github.semblance.opensearch;

import io.github.semblance.index.PassageVector;
import java.util.List;
import java.util.Map;
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

  /** Adds what is known of queries to a node's stats. */
  void addQueries(Map<String, Object> stats) {
    stats.put("embedded", queries.get());
    stats.put("time_in_millis", queryNanos.get() / 1_000_000);
    stats.put("slowest_in_millis", slowestQueryNanos.get() / 1_000_000);
  }

  /** Adds what is known of documents to a node's stats. */
  void addDocuments(Map<String, Object> stats) {
    stats.put("embedded", documents.get());
    stats.put("passages", passages.get());
    stats.put("unchanged", unchanged.get());
    stats.put("time_in_millis", documentNanos.get() / 1_000_000);
  }
}
