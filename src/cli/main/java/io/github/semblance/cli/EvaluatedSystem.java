package io.github.semblance.cli;

import io.github.semblance.evaluate.Judgements;
import io.github.semblance.evaluate.PairedComparison;
import io.github.semblance.evaluate.RankingMetric;
import io.github.semblance.evaluate.TimedRun;
import io.github.semblance.evaluate.TopicScores;
import io.github.semblance.evaluate.TrecRun;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A mode or a run file with all that was measured of it.
 *
 * @param timed null for a run file
 * @param scores in the order of {@link #metrics()}
 */
record EvaluatedSystem(
    String name, TrecRun run, @Nullable TimedRun timed, List<TopicScores> scores) {

  private static final List<RankingMetric> METRICS =
      List.of(
          RankingMetric.ndcg(10),
          RankingMetric.recall(100),
          RankingMetric.reciprocalRank(10),
          RankingMetric.reciprocalRank(5),
          RankingMetric.hitRate(5),
          RankingMetric.averagePrecision(),
          RankingMetric.precision(10));

  /** Any seed would do; a fixed one gives the same p-value again. */
  private static final long SEED = 42;

  /** The names of what is measured. */
  static List<String> metrics() {
    return METRICS.stream().map(RankingMetric::name).toList();
  }

  /** What is measured under a name of {@link #metrics()}. */
  static RankingMetric metric(String name) {
    return METRICS.get(metrics().indexOf(name));
  }

  /** Measures a run. */
  static EvaluatedSystem of(
      String name, TrecRun run, @Nullable TimedRun timed, Judgements judgements) {
    return new EvaluatedSystem(
        name,
        run,
        timed,
        METRICS.stream().map(metric -> TopicScores.of(metric, run, judgements)).toList());
  }

  /** The scores by a metric of {@link #metrics()}. */
  TopicScores scores(String metric) {
    return scores.get(metrics().indexOf(metric));
  }

  /** One system against another. */
  record Comparison(EvaluatedSystem first, EvaluatedSystem second, PairedComparison outcome) {}

  /** Every system against each one before it. */
  static List<Comparison> compare(List<EvaluatedSystem> systems, String metric) {
    List<Comparison> comparisons = new ArrayList<>();
    for (EvaluatedSystem first : systems) {
      for (EvaluatedSystem second : systems.subList(0, systems.indexOf(first))) {
        comparisons.add(
            new Comparison(
                first,
                second,
                PairedComparison.of(first.scores(metric), second.scores(metric), SEED)));
      }
    }
    return comparisons;
  }
}
