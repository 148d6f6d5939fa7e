package io.github.semblance.server;

import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * What happened so far, in the text format of Prometheus. Safe for use by many threads.
 *
 * <p>Written by hand, since a client library is several times as long as what is counted here.
 * Names are those of endpoints, never of requests, so there are few.
 */
final class Metrics {
  /** The attribute of a request that names its endpoint. */
  static final String ENDPOINT = "io.github.semblance.server.endpoint";

  /** What no endpoint has seen. */
  static final String REFUSED = "refused";

  /** Upper ends in seconds. */
  private static final double[] BUCKETS = {
    .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10
  };

  private final Map<String, LongAdder> requests = new ConcurrentSkipListMap<>();
  private final Map<String, Histogram> durations = new ConcurrentSkipListMap<>();
  private final AtomicInteger active = new AtomicInteger();

  private static final class Histogram {
    final LongAdder[] counts = new LongAdder[BUCKETS.length];
    final LongAdder all = new LongAdder();
    final LongAdder nanos = new LongAdder();

    Histogram() {
      for (int i = 0; i < counts.length; i++) {
        counts[i] = new LongAdder();
      }
    }

    void add(long took) {
      all.increment();
      nanos.add(took);
      for (int i = 0; i < BUCKETS.length; i++) {
        if (took <= BUCKETS[i] * 1e9) {
          counts[i].increment();
          return;
        }
      }
    }
  }

  void begin() {
    active.incrementAndGet();
  }

  void end() {
    active.decrementAndGet();
  }

  int active() {
    return active.get();
  }

  /** Counts an answer. */
  void answered(String endpoint, int status, long start) {
    requests
        .computeIfAbsent(
            "endpoint=\"" + endpoint + "\",status=\"" + status + "\"", key -> new LongAdder())
        .increment();
    durations
        .computeIfAbsent("endpoint=\"" + endpoint + "\"", key -> new Histogram())
        .add(System.nanoTime() - start);
  }

  /** The text, with what the workers do now. */
  String text(SearchWorkers workers) {
    StringBuilder text = new StringBuilder();
    head(text, "requests_total", "counter", "Requests answered.");
    requests.forEach((labels, count) -> line(text, "requests_total{" + labels + "}", count.sum()));
    head(
        text, "request_seconds", "histogram", "From a request's headers to the end of its answer.");
    durations.forEach(
        (labels, histogram) -> {
          long below = 0;
          for (int i = 0; i < BUCKETS.length; i++) {
            below += histogram.counts[i].sum();
            line(text, "request_seconds_bucket{" + labels + ",le=\"" + BUCKETS[i] + "\"}", below);
          }
          long all = histogram.all.sum();
          line(text, "request_seconds_bucket{" + labels + ",le=\"+Inf\"}", all);
          line(text, "request_seconds_sum{" + labels + "}", histogram.nanos.sum() / 1e9);
          line(text, "request_seconds_count{" + labels + "}", all);
        });
    gauge(text, "requests_active", "Requests being answered.", active.get());
    gauge(text, "searches_running", "Searches on a thread.", workers.running());
    gauge(text, "searches_waiting", "Searches in the queue.", workers.waiting());
    Runtime jvm = Runtime.getRuntime();
    gauge(text, "heap_used_bytes", "Java heap in use.", jvm.totalMemory() - jvm.freeMemory());
    gauge(text, "heap_max_bytes", "Java heap at most.", jvm.maxMemory());
    return text.toString();
  }

  private static void gauge(StringBuilder text, String name, String help, long value) {
    head(text, name, "gauge", help);
    line(text, name, value);
  }

  private static void head(StringBuilder text, String name, String type, String help) {
    text.append("# HELP semblance_").append(name).append(' ').append(help).append('\n');
    text.append("# TYPE semblance_").append(name).append(' ').append(type).append('\n');
  }

  private static void line(StringBuilder text, String sample, long value) {
    text.append("semblance_").append(sample).append(' ').append(value).append('\n');
  }

  private static void line(StringBuilder text, String sample, double value) {
    text.append("semblance_")
        .append(sample)
        .append(String.format(Locale.ROOT, " %.6f%n", value).replace("\r", ""));
  }
}
