package io.github.semblance.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** What was measured several times. */
final class Samples {
  private final List<Double> values = new ArrayList<>();

  void add(double value) {
    values.add(value);
  }

  boolean isEmpty() {
    return values.isEmpty();
  }

  double median() {
    return percentile(50);
  }

  /** Between the two nearest values where the rank is no whole number. */
  double percentile(double percent) {
    List<Double> sorted = new ArrayList<>(values);
    Collections.sort(sorted);
    double rank = percent / 100 * (sorted.size() - 1);
    int below = (int) rank;
    int above = Math.min(below + 1, sorted.size() - 1);
    return sorted.get(below) + (rank - below) * (sorted.get(above) - sorted.get(below));
  }

  double least() {
    return Collections.min(values);
  }
}
