package io.github.semblance.bench;

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

  /** The median; of the disturbed rounds if there are no others. */
  double rate() {
    return (rates.isEmpty() ? disturbedRates : rates).median();
  }

  boolean isPeer() {
    return !(contender instanceof SemblanceContender);
  }
}
