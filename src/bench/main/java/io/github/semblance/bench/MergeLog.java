package io.github.semblance.bench;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.lucene.index.ConcurrentMergeScheduler;
import org.apache.lucene.index.MergePolicy.OneMerge;

/** Merges as Lucene does by default, and counts what that takes. */
final class MergeLog extends ConcurrentMergeScheduler {
  private final AtomicLong merges = new AtomicLong();
  private final AtomicLong documents = new AtomicLong();
  private final AtomicLong nanos = new AtomicLong();
  private final AtomicLong longest = new AtomicLong();
  private final AtomicLong stalled = new AtomicLong();

  @Override
  protected void doMerge(MergeSource source, OneMerge merge) throws IOException {
    long start = System.nanoTime();
    super.doMerge(source, merge);
    long taken = System.nanoTime() - start;
    merges.incrementAndGet();
    documents.addAndGet(merge.totalNumDocs());
    nanos.addAndGet(taken);
    longest.accumulateAndGet(taken, Math::max);
  }

  @Override
  protected synchronized void doStall() {
    long start = System.nanoTime();
    super.doStall();
    stalled.addAndGet(System.nanoTime() - start);
  }

  long merges() {
    return merges.get();
  }

  /** Lucene documents written again, over all merges. */
  long documents() {
    return documents.get();
  }

  /** Of all merges, one after the other. */
  double seconds() {
    return nanos.get() / 1e9;
  }

  double longestSeconds() {
    return longest.get() / 1e9;
  }

  /** For how long merges were too far behind for documents to be added. */
  double stalledSeconds() {
    return stalled.get() / 1e9;
  }
}
