package io.github.semblance.bert;

/**
 * Tells whether spreading a query over several cores pays at present. Threads that share a query
 * wait for each other after every layer: where other work keeps one of them from running, a query
 * on two of two cores takes three times as long as on one. A thread that waits does not compute, so
 * its processor time tells. Safe for use by many threads.
 */
final class Stalls {
  /** A query alone on its cores has .8 or more of the time it takes, one of two had .5 to .65. */
  private static final double LEAST_SHARE = 0.75;

  /** So many in a row are no accident. */
  private static final int STALLS_IN_A_ROW = 2;

  /** How many queries to answer with one core before several are tried again. */
  private static final int PATIENCE = 32;

  private int stalls;
  private int waited;

  /** Whether the next query should have several cores. */
  synchronized boolean over() {
    if (stalls < STALLS_IN_A_ROW) {
      return true;
    }
    waited = (waited + 1) % PATIENCE;
    return waited == 0;
  }

  /** Learns from a query that had several cores. */
  synchronized void took(long nanos, long processorNanos) {
    stalls = processorNanos < LEAST_SHARE * nanos ? stalls + 1 : 0;
  }
}
