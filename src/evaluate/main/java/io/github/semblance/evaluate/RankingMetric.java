package io.github.semblance.evaluate;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleBiFunction;

/**
 * A measure of one topic's ranking.
 *
 * <p>Implementations are immutable and safe for use by many threads. The ones here have the
 * definitions of {@code trec_eval}: relevant is a grade above 0, and a topic with nothing relevant
 * scores 0.
 */
public interface RankingMetric {

  /** What tables and JSON call it, such as {@code ndcg@10}. */
  String name();

  /**
   * Measures one topic; 0 is the worst score.
   *
   * @param ranking document ids, best first, each once
   * @param grades the topic's judgements by document
   */
  double score(List<String> ranking, Map<String, Integer> grades);

  /**
   * Normalised discounted cumulative gain: the grades of the first k answers, each divided by the
   * binary logarithm of its rank + 1, over the same for an ideal ranking (Järvelin and Kekäläinen
   * 2002). The gain is the grade itself, not a power of two.
   */
  static RankingMetric ndcg(int k) {
    return atCutoff(
        "ndcg",
        k,
        (ranking, grades) -> {
          double ideal =
              gain(
                  grades.values().stream()
                      .filter(grade -> grade > 0)
                      .sorted(Comparator.reverseOrder())
                      .limit(k)
                      .toList());
          return ideal == 0
              ? 0
              : gain(ranking.stream().map(id -> Math.max(grades.getOrDefault(id, 0), 0)).toList())
                  / ideal;
        });
  }

  /** The share of the relevant documents that the first k answers hold. */
  static RankingMetric recall(int k) {
    return atCutoff(
        "recall",
        k,
        (ranking, grades) -> {
          long all = grades.values().stream().filter(grade -> grade > 0).count();
          return all == 0 ? 0 : (double) found(ranking, grades) / all;
        });
  }

  /** The share of relevant documents among k answers; missing answers count as not relevant. */
  static RankingMetric precision(int k) {
    return atCutoff("precision", k, (ranking, grades) -> (double) found(ranking, grades) / k);
  }

  /**
   * The mean over all relevant documents of the precision at their ranks, 0 for those not found.
   * Its mean over topics is MAP.
   */
  static RankingMetric averagePrecision() {
    return of(
        "map",
        (ranking, grades) -> {
          long all = grades.values().stream().filter(grade -> grade > 0).count();
          double sum = 0;
          int found = 0;
          for (int i = 0; i < ranking.size(); i++) {
            if (isRelevant(ranking.get(i), grades)) {
              found++;
              sum += (double) found / (i + 1);
            }
          }
          return all == 0 ? 0 : sum / all;
        });
  }

  /** One over the rank of the first relevant answer, 0 if the first k have none. */
  static RankingMetric reciprocalRank(int k) {
    return atCutoff(
        "mrr",
        k,
        (ranking, grades) -> {
          for (int i = 0; i < ranking.size(); i++) {
            if (isRelevant(ranking.get(i), grades)) {
              return 1.0 / (i + 1);
            }
          }
          return 0;
        });
  }

  /**
   * The sum of one over the rank of each relevant answer among the first k, which some published
   * evaluations call MRR. It exceeds 1 where several documents are relevant; where one is, it
   * equals {@link #reciprocalRank}.
   */
  static RankingMetric summedReciprocalRank(int k) {
    return atCutoff(
        "mrr_sum",
        k,
        (ranking, grades) -> {
          double sum = 0;
          for (int i = 0; i < ranking.size(); i++) {
            sum += isRelevant(ranking.get(i), grades) ? 1.0 / (i + 1) : 0;
          }
          return sum;
        });
  }

  /** 1 if one of the first k answers is relevant, else 0. */
  static RankingMetric hitRate(int k) {
    return atCutoff("hit_rate", k, (ranking, grades) -> found(ranking, grades) > 0 ? 1 : 0);
  }

  private static boolean isRelevant(String document, Map<String, Integer> grades) {
    return grades.getOrDefault(document, 0) > 0;
  }

  private static long found(List<String> ranking, Map<String, Integer> grades) {
    return ranking.stream().filter(document -> isRelevant(document, grades)).count();
  }

  private static double gain(List<Integer> grades) {
    double sum = 0;
    for (int i = 0; i < grades.size(); i++) {
      sum += grades.get(i) * Math.log(2) / Math.log(i + 2);
    }
    return sum;
  }

  private static RankingMetric atCutoff(
      String name, int k, ToDoubleBiFunction<List<String>, Map<String, Integer>> measure) {
    if (k < 1) {
      throw new IllegalArgumentException("k must be at least 1, got: " + k);
    }
    return of(
        name + "@" + k,
        (ranking, grades) ->
            measure.applyAsDouble(ranking.subList(0, Math.min(k, ranking.size())), grades));
  }

  private static RankingMetric of(
      String name, ToDoubleBiFunction<List<String>, Map<String, Integer>> measure) {
    return new RankingMetric() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public double score(List<String> ranking, Map<String, Integer> grades) {
        return measure.applyAsDouble(ranking, grades);
      }
    };
  }
}
