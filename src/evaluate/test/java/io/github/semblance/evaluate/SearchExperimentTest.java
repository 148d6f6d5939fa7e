package io.github.semblance.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.semblance.embed.BagOfWordsEmbedder;
import io.github.semblance.embed.Embedding;
import io.github.semblance.embed.TextEmbedder;
import io.github.semblance.index.SemanticIndexWriter;
import io.github.semblance.index.SemanticIndexWriterConfig;
import io.github.semblance.index.SourceDocument;
import io.github.semblance.search.SearchMode;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.lucene.index.IndexWriterConfig.OpenMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SearchExperimentTest {
  private static final Set<SearchMode> ALL =
      Collections.unmodifiableSet(
          new LinkedHashSet<>(List.of(SearchMode.BM25, SearchMode.SEMANTIC, SearchMode.HYBRID)));

  @TempDir Path folder;

  private final BagOfWordsEmbedder embedder = new BagOfWordsEmbedder();

  private void index(SourceDocument... documents) throws IOException {
    try (SemanticIndexWriter writer =
        SemanticIndexWriter.open(
            folder, embedder, new SemanticIndexWriterConfig().setOpenMode(OpenMode.CREATE))) {
      for (SourceDocument document : documents) {
        writer.updateDocument(document);
      }
      writer.commit();
    }
  }

  private static SourceDocument document(String id, String text, String course) {
    return new SourceDocument(id, "", text, Map.of("course", List.of(course)));
  }

  private static TestCollection collection(Topic... topics) {
    Map<String, Map<String, Integer>> grades = new LinkedHashMap<>();
    for (Topic topic : topics) {
      grades.put(topic.id(), Map.of("d1", 1));
    }
    return new TestCollection(List.of(topics), new Judgements(grades));
  }

  @Test
  void everyModeAnswersEveryTopicUnderItsFilter() throws IOException {
    index(
        document("d1", "how to enrol late", "search"),
        document("d2", "how to enrol late", "python"),
        document("d3", "where the videos are", "search"));
    List<Integer> asked = new ArrayList<>();
    List<TimedRun> runs =
        SearchExperiment.run(
            folder,
            embedder,
            collection(
                new Topic("1", "enrol late", Map.of("course", List.of("search"))),
                new Topic("2", "enrol late", Map.of("course", List.of("search", "python"))),
                new Topic("3", "nothing", Map.of("course", List.of("cooking")))),
            ALL,
            asked::add);
    assertEquals(List.of(1, 2, 3), asked);
    assertEquals(
        List.of("bm25", "semantic", "hybrid"),
        runs.stream().map(timed -> timed.run().tag()).toList());
    for (TimedRun timed : runs) {
      TrecRun run = timed.run();
      assertEquals(3, timed.times().size());
      assertEquals("d1", run.ranking("1").getFirst(), run.tag());
      assertEquals(Set.of("d1", "d2"), Set.copyOf(run.ranking("2").subList(0, 2)), run.tag());
      assertEquals(List.of(), run.ranking("3"), run.tag());
    }
    assertEquals(List.of("d1"), runs.get(0).run().ranking("1"));
    assertEquals(List.of("d1", "d3"), runs.get(1).run().ranking("1"));
  }

  @Test
  void aTopicIsEmbeddedOnceAndItsTimeCountsInEachMode() throws IOException {
    index(document("d1", "one", "a"));
    List<String> embedded = new ArrayList<>();
    Duration slowness = Duration.ofMillis(30);
    TextEmbedder slow = slow(embedded, slowness);
    Topic topic = new Topic("1", "one", Map.of());
    List<TimedRun> runs = SearchExperiment.run(folder, slow, collection(topic), ALL, asked -> {});
    assertEquals(List.of("one"), embedded);
    for (TimedRun timed : runs.subList(1, 3)) {
      assertTrue(timed.percentile(50).compareTo(slowness) >= 0, timed.run().tag());
    }
  }

  /** The fake, recording what it embeds and taking its time over it. */
  private TextEmbedder slow(List<String> embedded, Duration slowness) {
    return (TextEmbedder)
        Proxy.newProxyInstance(
            TextEmbedder.class.getClassLoader(),
            new Class<?>[] {TextEmbedder.class},
            (proxy, method, arguments) -> {
              if (!method.getName().equals("embedQuery")) {
                return method.invoke(embedder, arguments);
              }
              embedded.add((String) arguments[0]);
              long end = System.nanoTime() + slowness.toNanos();
              while (System.nanoTime() < end) {
                Thread.onSpinWait();
              }
              Embedding embedding = embedder.embedQuery((String) arguments[0]);
              return embedding;
            });
  }

  @Test
  void keywordsNeedNoModel() throws IOException {
    index(document("d1", "one", "a"), document("d2", "two", "a"));
    Topic topic = new Topic("1", "One?", Map.of());
    List<TimedRun> runs =
        SearchExperiment.run(folder, null, collection(topic), Set.of(SearchMode.BM25), asked -> {});
    assertEquals(List.of("d1"), runs.get(0).run().ranking("1"));
    assertEquals("bm25", runs.get(0).run().tag());
  }

  @Test
  void percentilesAreTimesThatWereMeasured() {
    List<Duration> times = new ArrayList<>();
    for (int i = 100; i >= 1; i--) {
      times.add(Duration.ofMillis(i));
    }
    TimedRun run = new TimedRun(new TrecRun("x", Map.of()), times);
    assertEquals(Duration.ofMillis(1), run.percentile(1));
    assertEquals(Duration.ofMillis(50), run.percentile(50));
    assertEquals(Duration.ofMillis(99), run.percentile(99));
    assertEquals(Duration.ofMillis(100), run.percentile(100));
    TimedRun three = new TimedRun(new TrecRun("x", Map.of()), times.subList(97, 100));
    assertEquals(Duration.ofMillis(2), three.percentile(50));
    assertThrows(IllegalArgumentException.class, () -> run.percentile(0));
    assertThrows(
        IllegalStateException.class,
        () -> new TimedRun(new TrecRun("x", Map.of()), List.of()).percentile(50));
  }
}
