package io.github.semblance.evaluate;

import io.github.semblance.embed.TextEmbedder;
import io.github.semblance.search.ScoredId;
import io.github.semblance.search.SearchMode;
import io.github.semblance.search.SearchRequest;
import io.github.semblance.search.SemanticSearcher;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks an index every topic of a collection, in several modes. For one thread.
 *
 * <p>Topics are asked one after the other, each to depth {@value #DEPTH}, which is enough for every
 * common measure. A topic is embedded once for all modes.
 */
public final class SearchExperiment {
  /** How many answers each topic gets at most. */
  public static final int DEPTH = 100;

  /** Asked beforehand without being measured, so that the JVM has compiled what it measures. */
  private static final int WARM_UP = 20;

  private static final Logger LOG = LoggerFactory.getLogger(SearchExperiment.class);

  private final SemanticSearcher searcher;
  private final @Nullable EmbedOnce embedder;
  private final TestCollection collection;
  private final HybridSettings settings;

  private SearchExperiment(
      SemanticSearcher searcher,
      @Nullable EmbedOnce embedder,
      TestCollection collection,
      HybridSettings settings) {
    this.searcher = searcher;
    this.embedder = embedder;
    this.collection = collection;
    this.settings = settings;
  }

  /**
   * Runs an experiment.
   *
   * @param embedder as {@link SemanticSearcher#open(Path, TextEmbedder)} takes it; null is enough
   *     for BM25 alone
   * @param modes at least one
   * @param asked told after each topic how many have been asked
   * @return one per mode, in the order of {@code modes}, each with the mode's name as its tag
   */
  public static List<TimedRun> run(
      Path index,
      @Nullable TextEmbedder embedder,
      TestCollection collection,
      Set<SearchMode> modes,
      IntConsumer asked)
      throws IOException {
    return run(index, embedder, collection, modes, HybridSettings.DEFAULT, null, asked);
  }

  /**
   * Runs an experiment that asks hybrid search in a way of its own, or each topic with every weight
   * of meaning as well.
   *
   * @param curve takes what comes of that; null to leave it; needs an embedder
   */
  public static List<TimedRun> run(
      Path index,
      @Nullable TextEmbedder embedder,
      TestCollection collection,
      Set<SearchMode> modes,
      HybridSettings settings,
      @Nullable WeightCurve curve,
      IntConsumer asked)
      throws IOException {
    if (modes.isEmpty()) {
      throw new IllegalArgumentException("modes must name at least one, got: " + modes);
    }
    EmbedOnce once = embedder == null ? null : new EmbedOnce(embedder);
    try (SemanticSearcher searcher = open(index, once)) {
      return new SearchExperiment(searcher, once, collection, settings).run(modes, curve, asked);
    }
  }

  /** Opens what an experiment asks; without an embedder, for keywords alone. */
  public static SemanticSearcher open(Path index, @Nullable TextEmbedder embedder)
      throws IOException {
    return embedder == null
        ? SemanticSearcher.openForKeywords(index)
        : SemanticSearcher.open(index, embedder);
  }

  private List<TimedRun> run(Set<SearchMode> modes, @Nullable WeightCurve curve, IntConsumer asked)
      throws IOException {
    List<Topic> topics = collection.topics();
    for (Topic topic : topics.subList(0, Math.min(WARM_UP, topics.size()))) {
      for (SearchMode mode : modes) {
        searcher.rank(settings.request(topic, mode, DEPTH));
      }
    }
    Map<SearchMode, Map<String, List<TrecRun.Answer>>> answers = new EnumMap<>(SearchMode.class);
    Map<SearchMode, List<Duration>> times = new EnumMap<>(SearchMode.class);
    int count = 0;
    for (Topic topic : topics) {
      for (SearchMode mode : modes) {
        SearchRequest request = settings.request(topic, mode, DEPTH);
        long reused = embedder == null ? 0 : embedder.reusedNanos();
        long start = System.nanoTime();
        List<ScoredId> found = searcher.rank(request);
        long took = System.nanoTime() - start;
        took += embedder == null ? 0 : embedder.reusedNanos() - reused;
        answers
            .computeIfAbsent(mode, key -> new LinkedHashMap<>())
            .put(
                topic.id(),
                found.stream().map(hit -> new TrecRun.Answer(hit.id(), hit.score())).toList());
        times.computeIfAbsent(mode, key -> new ArrayList<>()).add(Duration.ofNanos(took));
      }
      if (curve != null) {
        curve.ask(searcher, topic, HybridSettings.DEFAULT.request(topic, SearchMode.HYBRID, DEPTH));
      }
      count++;
      asked.accept(count);
    }
    if (embedder != null && embedder.cut() > 0) {
      LOG.warn(
          "{} queries are longer than the model's window of {} word pieces; what lies beyond was"
              + " left out of semantic search",
          embedder.cut(),
          embedder.model().maxTokens());
    }
    List<TimedRun> runs = new ArrayList<>();
    for (SearchMode mode : modes) {
      TrecRun run =
          new TrecRun(mode.name().toLowerCase(Locale.ROOT), answers.getOrDefault(mode, Map.of()));
      runs.add(new TimedRun(run, times.getOrDefault(mode, List.of())));
    }
    return runs;
  }
}
