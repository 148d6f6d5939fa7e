package io.github.semblance.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.semblance.evaluate.TrecRun.Answer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PairedComparisonTest {

  private static TopicScores scores(double... scores) {
    Map<String, Double> byTopic = new LinkedHashMap<>();
    for (double score : scores) {
      byTopic.put("t" + byTopic.size(), score);
    }
    return new TopicScores("m", byTopic);
  }

  @Test
  void topicsWithoutAnswersCountAsZero() {
    Judgements judgements =
        new Judgements(
            Map.of("1", Map.of("a", 1), "2", Map.of("a", 1), "3", Map.of("b", 1, "c", 1)));
    TrecRun run =
        new TrecRun(
            "t",
            Map.of(
                "1", List.of(new Answer("a", 1)),
                "3", List.of(new Answer("c", 1), new Answer("x", 2)),
                "unjudged", List.of(new Answer("a", 1))));
    TopicScores scores = TopicScores.of(RankingMetric.reciprocalRank(10), run, judgements);
    assertEquals(Map.of("1", 1.0, "2", 0.0, "3", 0.5), scores.byTopic());
    assertEquals(0.5, scores.mean());
  }

  @Test
  void countsWinsLossesAndTies() {
    PairedComparison comparison =
        PairedComparison.of(scores(0.5, 0.9, 0.3, 0.1 + 0.2, 1), scores(0.4, 0.5, 0.4, 0.3, 1), 1);
    assertEquals(2, comparison.wins());
    assertEquals(1, comparison.losses());
    assertEquals(2, comparison.ties());
    assertEquals(0.4 / 5, comparison.difference(), 1e-12);
  }

  @Test
  void pValueIsTheShareOfAssignmentsAsExtreme() {
    // Differences 1 1 1 -> of 8 assignments of signs, 2 reach a sum of 3: p = .25.
    assertEquals(0.25, PairedComparison.of(scores(1, 1, 1), scores(0, 0, 0), 7).pValue(), 0.005);
    // Differences 3 2 -1, sum 4 -> sums 6 4 2 0 0 -2 -4 -6, of which 4 reach 4: p = .5.
    assertEquals(0.5, PairedComparison.of(scores(3, 2, 0), scores(0, 0, 1), 7).pValue(), 0.005);
    // Ten differences of the same sign and size: p = 2/1024.
    assertEquals(
        0.00195,
        PairedComparison.of(scores(new double[10]), scores(1, 1, 1, 1, 1, 1, 1, 1, 1, 1), 7)
            .pValue(),
        0.0005);
    assertEquals(1, PairedComparison.of(scores(1, 0), scores(1, 0), 7).pValue());
    assertEquals(1, PairedComparison.of(scores(1, 0), scores(0, 1), 7).pValue());
  }

  @Test
  void equalSeedsGiveEqualValues() {
    TopicScores first = scores(0.1, 0.5, 0.7, 0.2, 0.9);
    TopicScores second = scores(0.2, 0.3, 0.6, 0.1, 0.4);
    assertEquals(PairedComparison.of(first, second, 42), PairedComparison.of(first, second, 42));
  }

  @Test
  void unlikeScoresAreNotCompared() {
    assertThrows(
        IllegalArgumentException.class, () -> PairedComparison.of(scores(1), scores(1, 1), 1));
    assertThrows(
        IllegalArgumentException.class,
        () -> PairedComparison.of(scores(1), new TopicScores("n", Map.of("t0", 1.0)), 1));
  }
}
