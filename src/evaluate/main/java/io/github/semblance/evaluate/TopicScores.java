package io.github.semblance.evaluate;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a metric says of a run, topic by topic.
 *
 * <p>Immutable and safe for use by many threads.
 *
 * @param metric name of the metric
 * @param byTopic scores by topic, at least one
 */
public record TopicScores(String metric, Map<String, Double> byTopic) {

  /** Copies the scores. */
  public TopicScores {
    if (byTopic.isEmpty()) {
      throw new IllegalArgumentException("byTopic must hold at least one topic, got: " + byTopic);
    }
    byTopic = Collections.unmodifiableMap(new LinkedHashMap<>(byTopic));
  }

  /** Scores every judged topic; one that the run does not answer scores as an empty ranking. */
  public static TopicScores of(RankingMetric metric, TrecRun run, Judgements judgements) {
    Map<String, Double> scores = new LinkedHashMap<>();
    for (String topic : judgements.topics()) {
      scores.put(topic, metric.score(run.ranking(topic), judgements.grades(topic)));
    }
    return new TopicScores(metric.name(), scores);
  }

  /** The mean over topics: the figure that tables show. */
  public double mean() {
    return byTopic.values().stream().mapToDouble(score -> score).average().orElseThrow();
  }
}
