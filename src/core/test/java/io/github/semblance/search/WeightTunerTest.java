package io.github.semblance.search;

import io.github.semblance.embed.BagOfWordsEmbedder;
import io.github.semblance.index.IndexManifest;
import io.github.semblance.index.SemanticIndexWriter;
import io.github.semblance.index.SemanticIndexWriterConfig;
import io.github.semblance.index.SourceDocument;
import io.github.semblance.index.Tuning;
import io.github.semblance.index.TuningStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.apache.lucene.index.IndexWriterConfig.OpenMode;
import org.apache.lucene.tests.util.LuceneTestCase;

@LuceneTestCase.SuppressFileSystems("ExtrasFS") // no index is made among other files
public class WeightTunerTest extends LuceneTestCase {
  private final BagOfWordsEmbedder embedder = new BagOfWordsEmbedder();

  /** Scores that gain, on average and from question to question, as told over one half. */
  private static double[] scores(double gain, double spread, int count) {
    double[] scores = new double[count];
    for (int i = 0; i < count; i++) {
      scores[i] = 0.5 + gain + (i % 2 == 0 ? spread : -spread);
    }
    return scores;
  }

  private static Tuning best(Object... weightsAndScores) {
    Map<Float, double[]> byWeight = new TreeMap<>();
    byWeight.put(Fusion.DEFAULT_SEMANTIC_WEIGHT, scores(0, 0, 100));
    for (int i = 0; i < weightsAndScores.length; i += 2) {
      byWeight.put((Float) weightsAndScores[i], (double[]) weightsAndScores[i + 1]);
    }
    return WeightTuner.best(byWeight);
  }

  public void testTheBestOfTheWeightsThatGainForSureIsTaken() {
    Tuning tuning = best(0.6f, scores(0.03, 0.1, 100), 0.7f, scores(0.05, 0.1, 100));
    assertEquals(0.7f, tuning.semanticWeight(), 0);
    assertEquals(Tuning.Origin.TITLES, tuning.origin());
    assertEquals(100, tuning.questions());
    assertEquals(0.5, tuning.before(), 1e-9);
    assertEquals(0.55, tuning.after(), 1e-9);
    assertEquals(0.1 / Math.sqrt(99), tuning.error(), 1e-9);
  }

  public void testLuckDoesNotMoveTheDefault() {
    // The better one gains .06 with a standard error of .05, which is less than 1.28 of them.
    Tuning tuning = best(0.6f, scores(0.03, 0.1, 100), 0.9f, scores(0.06, 0.5, 100));
    assertEquals(0.6f, tuning.semanticWeight(), 0);
    assertEquals(0.45f, best(0.9f, scores(0.06, 0.5, 100)).semanticWeight(), 0);
  }

  public void testLittleDoesNotMoveTheDefaultHoweverSure() {
    Tuning tuning = best(0.6f, scores(0.019, 0, 100), 0.3f, scores(-0.1, 0, 100));
    assertEquals(0.45f, tuning.semanticWeight(), 0);
    assertEquals(tuning.before(), tuning.after(), 0);
    assertEquals(0, tuning.error(), 0);
  }

  /** Each title shares with its own text one word, as the document itself writes it. */
  private void index(Path folder, int documents, String titles) throws IOException {
    Random random = new Random(7);
    try (SemanticIndexWriter writer =
        SemanticIndexWriter.open(
            folder, embedder, new SemanticIndexWriterConfig().setOpenMode(OpenMode.CREATE))) {
      for (int i = 0; i < documents; i++) {
        StringBuilder text = new StringBuilder("unique" + i);
        for (int word = 0; word < 12; word++) {
          text.append(" w").append(random.nextInt(40));
        }
        writer.updateDocument(
            new SourceDocument(
                "d" + i,
                String.format(Locale.ROOT, titles, i, random.nextInt(40)),
                text.toString(),
                Map.of()));
      }
      writer.commit();
    }
  }

  public void testMeasuresAnIndexByItsTitles() throws IOException {
    Path folder = createTempDir();
    index(folder, 60, "about unique%d and w%d");
    Tuning tuning = WeightTuner.tune(folder, embedder).orElseThrow();
    assertEquals(60, tuning.questions());
    // By keywords the unique word finds its text at once; in a vector it drowns.
    assertTrue(tuning.toString(), tuning.semanticWeight() < 0.45f);
    assertTrue(tuning.toString(), tuning.after() >= tuning.before() + 0.02);
    assertEquals(Optional.of(tuning), WeightTuner.tune(folder, embedder));
  }

  public void testTitlesAreAskedOfTextsThatDoNotHaveThem() throws IOException {
    Path folder = createTempDir();
    index(folder, 60, "title%d shares nothing %d");
    Tuning tuning = WeightTuner.tune(folder, embedder).orElseThrow();
    assertTrue(tuning.toString(), tuning.before() < 0.3);
  }

  public void testWithoutTitlesThatTellSomethingNothingIsMeasured() throws IOException {
    Path folder = createTempDir();
    index(folder, 60, "two words"); // a format without arguments
    assertEquals(Optional.empty(), WeightTuner.tune(folder, embedder));
    Path few = createTempDir();
    index(few, WeightTuner.LEAST_QUESTIONS - 1, "about unique%d and w%d");
    assertEquals(Optional.empty(), WeightTuner.tune(few, embedder));
  }

  public void testSearchersGoByTheWeightOfTheIndex() throws IOException {
    Path folder = createTempDir();
    index(folder, 60, "about unique%d and w%d");
    SearchRequest.Builder request = SearchRequest.builder("w1 w2 w3 w4").explain(false);
    float[] usual = scores(folder, request.build());
    assertArrayEquals(
        usual, scores(folder, request.semanticWeight(Fusion.DEFAULT_SEMANTIC_WEIGHT).build()), 0);
    TuningStore.save(
        folder, new Tuning(0.8f, Tuning.Origin.JUDGEMENTS, 12, "ndcg@10", 0.5, 0.6, 0.05));
    try (SemanticSearcher searcher = SemanticSearcher.open(folder, embedder)) {
      assertEquals(0.8f, searcher.semanticWeight(), 0);
    }
    float[] tuned = scores(folder, SearchRequest.builder("w1 w2 w3 w4").build());
    assertFalse(Arrays.equals(usual, tuned));
    assertArrayEquals(tuned, scores(folder, request.semanticWeight(0.8f).build()), 0);
    assertArrayEquals(
        usual, scores(folder, request.semanticWeight(Fusion.DEFAULT_SEMANTIC_WEIGHT).build()), 0);
  }

  private float[] scores(Path folder, SearchRequest request) throws IOException {
    try (SemanticSearcher searcher = SemanticSearcher.open(folder, embedder)) {
      Object[] scores = searcher.search(request).hits().stream().map(Hit::score).toArray();
      float[] floats = new float[scores.length];
      for (int i = 0; i < floats.length; i++) {
        floats[i] = (Float) scores[i];
      }
      return floats;
    }
  }

  public void testOneSearchGivesTheRankingsOfAllWeights() throws IOException {
    Path folder = createTempDir();
    index(folder, 60, "about unique%d and w%d");
    try (SemanticSearcher searcher = SemanticSearcher.open(folder, embedder)) {
      SearchRequest.Builder request = SearchRequest.builder("w1 w2 unique3").top(20);
      var rankings = searcher.rankByWeight(request.build(), WeightTuner.WEIGHTS);
      for (int w = 0; w < rankings.size(); w++) {
        float weight = WeightTuner.WEIGHTS.get(w);
        assertEquals(searcher.rank(request.semanticWeight(weight).build()), rankings.get(w));
      }
    }
    assertEquals(IndexManifest.read(folder).tuning(), null);
  }
}
