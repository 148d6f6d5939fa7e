package io.github.semblance.bench;

import io.github.semblance.bert.Precision;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/** A contender and what was measured of it. */
final class Lane {
  final Contender contender;

  /** Word pieces per second of the rounds that nobody disturbed. */
  final Samples rates = new Samples();

  final Samples disturbedRates = new Samples();
  final Samples queryMillis = new Samples();

  Lane(Contender contender) {
    this.contender = contender;
  }

  /** The lane of this project. */
  static Lane ours(List<Lane> lanes, Precision precision) {
    return lanes.stream()
        .filter(lane -> !lane.isPeer() && lane.contender.precision() == precision)
        .findFirst()
        .orElseThrow();
  }

  /** The peer with the largest measure. */
  static Optional<Lane> bestPeer(
      List<Lane> lanes, Precision precision, ToDoubleFunction<Lane> measure) {
    return lanes.stream()
        .filter(lane -> lane.isPeer() && lane.contender.precision() == precision)
        .max(Comparator.comparingDouble(measure));
  }

  /** The median; of the disturbed rounds if there are no others. */
  double rate() {
    return (rates.isEmpty() ? disturbedRates : rates).median();
  }

  boolean isPeer() {
    return !(contender instanceof SemblanceContender);
  }
}
