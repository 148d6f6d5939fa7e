package io.github.semblance.search;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.apache.lucene.index.QueryTimeout;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.MatchAllDocsQuery;
import org.apache.lucene.search.TopDocs;
import org.jspecify.annotations.Nullable;

/**
 * When one search has to end: after a time, or as soon as someone asks. Remembers that it did, so
 * that all that is left of the search ends too. Safe for use by many threads.
 */
final class Deadline implements QueryTimeout {
  private final LongSupplier nanoTime;
  private final long start;

  /** In nanoseconds from the start. */
  private final long limit;

  private final QueryTimeout[] others;
  private volatile boolean passed;

  /**
   * Starts now.
   *
   * @param limit null for none
   * @param others what else ends the search; null for nothing
   */
  Deadline(@Nullable Duration limit, @Nullable QueryTimeout... others) {
    this(System::nanoTime, limit, others);
  }

  /** With a clock of one's own. */
  Deadline(LongSupplier nanoTime, @Nullable Duration limit, @Nullable QueryTimeout... others) {
    this.nanoTime = nanoTime;
    this.start = nanoTime.getAsLong();
    this.limit = limit == null ? Long.MAX_VALUE : nanos(limit);
    this.others = Arrays.stream(others).filter(Objects::nonNull).toArray(QueryTimeout[]::new);
  }

  /** A length of time in nanoseconds, or as many as there are. */
  static long nanos(Duration limit) {
    try {
      return limit.toNanos();
    } catch (ArithmeticException e) {
      return Long.MAX_VALUE; // 292 years
    }
  }

  /** Whether a search in this searcher should end now. */
  static boolean isOver(IndexSearcher searcher) {
    QueryTimeout timeout = searcher.getTimeout();
    return timeout != null && timeout.shouldExit();
  }

  /**
   * Lets a searcher whose time is up know that it has timed out, which it sees only where it
   * collects documents itself, and not where a query has searched in its rewrite and found none.
   */
  static void tell(IndexSearcher searcher) throws IOException {
    if (isOver(searcher)) {
      TopDocs unused = searcher.search(MatchAllDocsQuery.INSTANCE, 1);
    }
  }

  /** In nanoseconds, how long the search has run. */
  long spent() {
    return nanoTime.getAsLong() - start;
  }

  /** In nanoseconds, how long it may still run, which who else may end it does not know. */
  long left() {
    return limit == Long.MAX_VALUE ? limit : limit - spent();
  }

  /** Ends the search before its time is over, since nothing else can be done in what is left. */
  void pass() {
    passed = true;
  }

  /** Whether the search was told to end. */
  boolean hasPassed() {
    return passed;
  }

  @Override
  public boolean shouldExit() {
    if (!passed) {
      boolean now = spent() >= limit;
      for (QueryTimeout other : others) {
        now |= other.shouldExit();
      }
      passed |= now;
    }
    return passed;
  }
}
