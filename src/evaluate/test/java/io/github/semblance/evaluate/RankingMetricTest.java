package io.github.semblance.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The figures are worked out by hand; the sums stand beside them. */
class RankingMetricTest {

  private static final double EXACT = 1e-12;

  /** Relevant: a (2), c (1), d (3), and z (1), which is never found. Judged and not relevant: b. */
  private static final Map<String, Integer> GRADES = Map.of("a", 2, "b", 0, "c", 1, "d", 3, "z", 1);

  private static final List<String> RANKING = List.of("b", "a", "x", "c", "d");

  private static double score(RankingMetric metric) {
    return metric.score(RANKING, GRADES);
  }

  @Test
  void ndcgHasLinearGain() {
    // Gains 0 2 0 1 3 at ranks 1 to 5; ideal 3 2 1 1. 1/log2(r+1): 1, .63093, .5, .43068, .38685.
    // (2*.6309297536 + .4306765581 + 3*.3868528072) / (3 + 2*.6309297536 + .5 + .4306765581)
    double gain = 2 * 0.6309297535714575 + 0.43067655807339306 + 3 * 0.38685280723454163;
    double ideal = 3 + 2 * 0.6309297535714575 + 0.5 + 0.43067655807339306;
    assertEquals(gain / ideal, score(RankingMetric.ndcg(10)), EXACT);
    assertEquals(0.549_461, score(RankingMetric.ndcg(10)), 1e-6);
    // At 3 the ideal is cut too: 2*.6309297536 / (3 + 2*.6309297536 + .5)
    assertEquals(0.264_993, score(RankingMetric.ndcg(3)), 1e-6);
  }

  @Test
  void negativeGradesGainNothing() {
    assertEquals(
        0.6309297535714575,
        RankingMetric.ndcg(10).score(List.of("spam", "a"), Map.of("spam", -2, "a", 1)),
        EXACT);
  }

  @Test
  void recallIsOfAllRelevant() {
    assertEquals(3.0 / 4, score(RankingMetric.recall(100)), EXACT);
    assertEquals(1.0 / 4, score(RankingMetric.recall(3)), EXACT);
  }

  @Test
  void precisionDividesByTheCutoff() {
    assertEquals(3.0 / 10, score(RankingMetric.precision(10)), EXACT);
    assertEquals(2.0 / 4, score(RankingMetric.precision(4)), EXACT);
  }

  @Test
  void averagePrecisionCountsWhatIsNotFound() {
    // Precision at ranks 2, 4, 5, over four relevant: (1/2 + 2/4 + 3/5 + 0) / 4
    assertEquals(1.6 / 4, score(RankingMetric.averagePrecision()), EXACT);
  }

  @Test
  void reciprocalRankTakesTheFirstAndItsSumAll() {
    assertEquals(1.0 / 2, score(RankingMetric.reciprocalRank(10)), EXACT);
    assertEquals(0, score(RankingMetric.reciprocalRank(1)), EXACT);
    assertEquals(1.0 / 2 + 1.0 / 4 + 1.0 / 5, score(RankingMetric.summedReciprocalRank(5)), EXACT);
    assertEquals(1.0 / 2 + 1.0 / 4, score(RankingMetric.summedReciprocalRank(4)), EXACT);
  }

  @Test
  void hitRateAsksForOne() {
    assertEquals(0, score(RankingMetric.hitRate(1)), EXACT);
    assertEquals(1, score(RankingMetric.hitRate(2)), EXACT);
  }

  @Test
  void nothingFoundAndNothingRelevantScoreZero() {
    for (RankingMetric metric :
        List.of(
            RankingMetric.ndcg(10),
            RankingMetric.recall(10),
            RankingMetric.precision(10),
            RankingMetric.averagePrecision(),
            RankingMetric.reciprocalRank(10),
            RankingMetric.summedReciprocalRank(10),
            RankingMetric.hitRate(10))) {
      assertEquals(0.0, metric.score(List.of(), GRADES), metric.name());
      assertEquals(0.0, metric.score(RANKING, Map.of("b", 0)), metric.name());
    }
  }

  @Test
  void namesCarryTheCutoff() {
    assertEquals("ndcg@10", RankingMetric.ndcg(10).name());
    assertEquals("hit_rate@5", RankingMetric.hitRate(5).name());
    assertThrows(IllegalArgumentException.class, () -> RankingMetric.recall(0));
  }
}
