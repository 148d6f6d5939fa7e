/**
 * How good answers are: test collections, measures of rankings, and comparison of two systems.
 *
 * <pre>{@code
 * queries + judgements → TestCollection → a system's answers → TrecRun → TopicScores → PairedComparison
 * }</pre>
 *
 * <p>{@link io.github.semblance.evaluate.TestCollection} reads what is to be asked and which
 * documents answer it. {@link io.github.semblance.evaluate.TrecRun} holds what a system answered,
 * in the order that {@code trec_eval} would give it, and {@link
 * io.github.semblance.evaluate.TopicScores} what a {@link
 * io.github.semblance.evaluate.RankingMetric} says of it, topic by topic: implement that to bring a
 * measure of your own. Figures are those of {@code trec_eval -c}: every judged topic counts, and
 * one without an answer counts as 0.
 *
 * <p>A topic, in the language of this field, is a query that has an id.
 */
@NullMarked
package io.github.semblance.evaluate;

import org.jspecify.annotations.NullMarked;
