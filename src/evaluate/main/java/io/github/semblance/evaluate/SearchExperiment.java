package io.github.semblance.evaluate;

import io.github.semblance.embed.TextEmbedder;
import io.github.semblance.search.Rerank;
import io.github.semblance.search.ScoredId;
import io.github.semblance.search.SearchMode;
import io.github.semblance.search.SearchRequest;
import io.github.semblance.search.SemanticSearcher;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
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

  /** The tag of the run that is reranked. */
  public static final String RERANKED = "hybrid+rerank";

  /** Asked beforehand without being measured, so that the JVM has compiled what it measures. */
  private static final int WARM_UP = 20;

  private static final Logger LOG = LoggerFactory.getLogger(SearchExperiment.class);

  private final SemanticSearcher searcher;
  private final @Nullable EmbedOnce embedder;
  private final TestCollection collection;

  private SearchExperiment(
      SemanticSearcher searcher, @Nullable EmbedOnce embedder, TestCollection collection) {
    this.searcher = searcher;
    this.embedder = embedder;
    this.collection = collection;
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
    return run(index, embedder, collection, modes, HybridSettings.DEFAULT, null, null, asked);
  }

  /**
   * Runs an experiment that asks hybrid search in a way of its own, with a reranked run after those
   * of the modes, or each topic with every weight of meaning as well.
   *
   * @param settings how hybrid search is asked, with and without reranking
   * @param rerank what follows a hybrid search for the run {@value #RERANKED}; null for no such run
   * @param curve takes what comes of every weight; null to leave it; needs an embedder
   */
  public static List<TimedRun> run(
      Path index,
      @Nullable TextEmbedder embedder,
      TestCollection collection,
      Set<SearchMode> modes,
      HybridSettings settings,
      @Nullable Rerank rerank,
      @Nullable WeightCurve curve,
      IntConsumer asked)
      throws IOException {
    if (modes.isEmpty()) {
      throw new IllegalArgumentException("modes must name at least one, got: " + modes);
    }
    EmbedOnce once = embedder == null ? null : new EmbedOnce(embedder);
    try (SemanticSearcher searcher = open(index, once)) {
      return new SearchExperiment(searcher, once, collection)
          .run(systems(modes, settings, rerank), curve, asked);
    }
  }

  /** Opens what an experiment asks; without an embedder, for keywords alone. */
  public static SemanticSearcher open(Path index, @Nullable TextEmbedder embedder)
      throws IOException {
    return embedder == null
        ? SemanticSearcher.openForKeywords(index)
        : SemanticSearcher.open(index, embedder);
  }

  /** What is asked: a mode, how, and what follows. */
  private record Asked(
      String tag, SearchMode mode, HybridSettings settings, @Nullable Rerank rerank) {
    SearchRequest request(Topic topic) {
      SearchRequest.Builder request = settings.builder(topic, mode, DEPTH);
      return (rerank == null ? request : request.rerank(rerank)).build();
    }
  }

  private static List<Asked> systems(
      Set<SearchMode> modes, HybridSettings settings, @Nullable Rerank rerank) {
    List<Asked> systems = new ArrayList<>();
    for (SearchMode mode : modes) {
      systems.add(new Asked(mode.name().toLowerCase(Locale.ROOT), mode, settings, null));
    }
    if (rerank != null) {
      systems.add(new Asked(RERANKED, SearchMode.HYBRID, settings, rerank));
    }
    return systems;
  }

  private List<TimedRun> run(List<Asked> systems, @Nullable WeightCurve curve, IntConsumer asked)
      throws IOException {
    List<Topic> topics = collection.topics();
    for (Topic topic : topics.subList(0, Math.min(WARM_UP, topics.size()))) {
      for (Asked system : systems) {
        searcher.rank(system.request(topic));
      }
    }
    Map<String, Map<String, List<TrecRun.Answer>>> answers = new HashMap<>();
    Map<String, List<Duration>> times = new HashMap<>();
    int count = 0;
    for (Topic topic : topics) {
      for (Asked system : systems) {
        SearchRequest request = system.request(topic);
        long reused = embedder == null ? 0 : embedder.reusedNanos();
        long start = System.nanoTime();
        List<ScoredId> found = searcher.rank(request);
        long took = System.nanoTime() - start;
        took += embedder == null ? 0 : embedder.reusedNanos() - reused;
        answers
            .computeIfAbsent(system.tag(), key -> new LinkedHashMap<>())
            .put(
                topic.id(),
                found.stream().map(hit -> new TrecRun.Answer(hit.id(), hit.score())).toList());
        times.computeIfAbsent(system.tag(), key -> new ArrayList<>()).add(Duration.ofNanos(took));
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
    for (Asked system : systems) {
      TrecRun run = new TrecRun(system.tag(), answers.getOrDefault(system.tag(), Map.of()));
      runs.add(new TimedRun(run, times.getOrDefault(system.tag(), List.of())));
    }
    return runs;
  }
}
