package io.github.semblance.evaluate;

import io.github.semblance.index.Tuning;
import io.github.semblance.search.Fusion;
import io.github.semblance.search.PairedGain;
import io.github.semblance.search.ScoredId;
import io.github.semblance.search.SearchRequest;
import io.github.semblance.search.SemanticSearcher;
import io.github.semblance.search.WeightTuner;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How good hybrid answers are with each weight of meaning, by judged queries. For one thread.
 *
 * <p>The weights are those that {@link WeightTuner} compares.
 */
public final class WeightCurve {
  private final RankingMetric metric;
  private final Judgements judgements;

  /** By weight, the score of each topic that was asked. */
  private final List<List<Double>> scores =
      WeightTuner.WEIGHTS.stream().<List<Double>>map(weight -> new ArrayList<>()).toList();

  /** Begins without a query. */
  public WeightCurve(RankingMetric metric, Judgements judgements) {
    this.metric = metric;
    this.judgements = judgements;
  }

  /** Asks one topic with every weight, by one search. One that nobody has judged is passed over. */
  void ask(SemanticSearcher searcher, Topic topic, SearchRequest request) throws IOException {
    if (!judgements.topics().contains(topic.id())) {
      return;
    }
    List<List<ScoredId>> rankings = searcher.rankByWeight(request, WeightTuner.WEIGHTS);
    for (int w = 0; w < rankings.size(); w++) {
      List<TrecRun.Answer> answers =
          rankings.get(w).stream().map(hit -> new TrecRun.Answer(hit.id(), hit.score())).toList();
      List<String> ranking = new TrecRun("w", Map.of(topic.id(), answers)).ranking(topic.id());
      scores.get(w).add(metric.score(ranking, judgements.grades(topic.id())));
    }
  }

  /** What queries were scored by. */
  public String metric() {
    return metric.name();
  }

  /** How many queries were scored. */
  public int queries() {
    return scores.getFirst().size();
  }

  /** The mean score with each of {@link WeightTuner#WEIGHTS}; not a number without queries. */
  public List<Double> means() {
    return scores.stream()
        .map(each -> each.stream().mapToDouble(score -> score).average().orElse(Double.NaN))
        .toList();
  }

  /**
   * The weight with the best mean, and what it gains over the default; of equally good ones that
   * nearest to the default.
   *
   * @return empty with fewer than two queries
   */
  public Optional<Tuning> best() {
    if (queries() < 2) {
      return Optional.empty();
    }
    int usual = WeightTuner.WEIGHTS.indexOf(Fusion.DEFAULT_SEMANTIC_WEIGHT);
    double[] before = scores(usual);
    int best = usual;
    PairedGain most = PairedGain.of(before, before);
    for (int w = 0; w < scores.size(); w++) {
      PairedGain gain = PairedGain.of(scores(w), before);
      boolean nearer = Math.abs(w - usual) < Math.abs(best - usual);
      if (gain.mean() > most.mean() || (gain.mean() == most.mean() && nearer)) {
        best = w;
        most = gain;
      }
    }
    double mean = Arrays.stream(before).average().orElseThrow();
    return Optional.of(
        new Tuning(
            WeightTuner.WEIGHTS.get(best),
            Tuning.Origin.JUDGEMENTS,
            before.length,
            metric.name(),
            mean,
            mean + most.mean(),
            most.error()));
  }

  private double[] scores(int weight) {
    return scores.get(weight).stream().mapToDouble(score -> score).toArray();
  }
}
