package io.github.semblance.search;

import io.github.semblance.analysis.NamedAnalyzer;
import io.github.semblance.embed.TextEmbedder;
import io.github.semblance.index.FailureHandler;
import io.github.semblance.index.IndexManifest;
import io.github.semblance.index.IndexSchema;
import io.github.semblance.index.SemanticIndexWriter;
import io.github.semblance.index.SemanticIndexWriterConfig;
import io.github.semblance.index.SourceDocument;
import io.github.semblance.index.Tuning;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.StoredFields;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.store.ByteBuffersDirectory;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;

/**
 * Measures how much meaning should weigh in the answers of an index, by its own titles: a title is
 * a short text about a longer one, as a question is. Some documents are embedded once more without
 * their titles; each title is asked of these texts, and the weight is the better, the higher its
 * own text ranks. Stateless.
 *
 * <p>The default weight stays unless another one is better by more than chance and by enough: the
 * mean gain of reciprocal rank, less {@value #DEVIATE} standard errors (one side, 10 %), must be
 * above 0, and the gain at least {@value #LEAST_GAIN}. Of those weights the one with the best mean
 * is taken.
 *
 * <p>What is embedded is at most {@value #QUESTIONS} texts, and no more than a tenth of the
 * documents or {@value #LEAST_PIECES} word pieces, whichever is more. The same index gives the same
 * result.
 */
public final class WeightTuner {
  /** The weights that are compared: 0 to 1 in steps of a twentieth, the default among them. */
  public static final List<Float> WEIGHTS =
      IntStream.rangeClosed(0, 20).mapToObj(step -> step / 20f).toList();

  /** The most titles that are asked. */
  static final int QUESTIONS = 400;

  /** With fewer titles nothing is measured: it would be chance. */
  public static final int LEAST_QUESTIONS = 40;

  /** What a small collection may cost, in word pieces: some seconds. */
  static final int LEAST_PIECES = 60_000;

  /** One-sided 10 % of the normal distribution. */
  private static final double DEVIATE = 1.2816;

  /**
   * A title is not quite a question: what little it prefers, the judged questions of a collection
   * may not.
   */
  private static final double LEAST_GAIN = 0.02;

  private WeightTuner() {}

  /**
   * Measures the latest commit of an index folder.
   *
   * @param embedder the index's model
   * @return empty if fewer than {@value #LEAST_QUESTIONS} of the documents looked at have a title
   *     of three words or more and a text
   * @throws io.github.semblance.index.IndexOpenException if there is no index, or one of another
   *     model or of an application's own analyzer
   */
  public static Optional<Tuning> tune(Path folder, TextEmbedder embedder) throws IOException {
    IndexManifest.read(folder); // refuses a missing folder, which FSDirectory would create
    try (Directory directory = FSDirectory.open(folder)) {
      return tune(directory, embedder);
    }
  }

  /** Measures the latest commit of a directory, which stays open. */
  static Optional<Tuning> tune(Directory directory, TextEmbedder embedder) throws IOException {
    IndexManifest manifest = IndexManifest.read(directory);
    manifest.requireModel(embedder.model(), directory);
    List<TitledDocuments.Titled> sample = TitledDocuments.sample(directory, manifest, embedder);
    if (sample.size() < LEAST_QUESTIONS) {
      return Optional.empty();
    }
    try (Directory texts = new ByteBuffersDirectory()) {
      index(sample, texts, settings(manifest), embedder);
      try (DirectoryReader reader = DirectoryReader.open(texts);
          Analyzer analyzer = IndexManifest.read(reader).newAnalyzer(embedder);
          SemanticSearcher searcher =
              SemanticSearcher.over(new IndexSearcher(reader), embedder, analyzer)) {
        return Optional.of(best(reciprocalRanks(sample, reader, searcher)));
      }
    }
  }

  private static SemanticIndexWriterConfig settings(IndexManifest manifest) {
    // Of an analyzer of the application's own, words are cut as English.
    NamedAnalyzer analyzer = NamedAnalyzer.find(manifest.analyzer()).orElse(NamedAnalyzer.ENGLISH);
    return new SemanticIndexWriterConfig().setAnalyzer(analyzer);
  }

  /** Indexes the texts, each without its title, under its place in the sample. */
  private static void index(
      List<TitledDocuments.Titled> sample,
      Directory texts,
      SemanticIndexWriterConfig settings,
      TextEmbedder embedder)
      throws IOException {
    FailureHandler failure =
        (id, cause) -> {
          throw new IllegalStateException(
              "the text of document \""
                  + sample.get(Integer.parseInt(id)).id()
                  + "\" could not be indexed without its title: "
                  + cause.getMessage(),
              cause);
        };
    try (IndexWriter writer = new IndexWriter(texts, settings.indexWriterConfig(embedder));
        SemanticIndexWriter semantic =
            new SemanticIndexWriter(writer, embedder, settings.setFailureHandler(failure))) {
      for (int i = 0; i < sample.size(); i++) {
        semantic.updateDocument(
            new SourceDocument(Integer.toString(i), "", sample.get(i).text(), Map.of()));
      }
      semantic.commit();
    }
  }

  /** By weight, of each title the reciprocal rank of its own text. */
  private static Map<Float, double[]> reciprocalRanks(
      List<TitledDocuments.Titled> sample, IndexReader reader, SemanticSearcher texts)
      throws IOException {
    StoredFields stored = reader.storedFields();
    Map<Float, double[]> byWeight = new TreeMap<>();
    WEIGHTS.forEach(weight -> byWeight.put(weight, new double[sample.size()]));
    Map<Integer, Integer> places = new HashMap<>();
    for (int doc = 0; doc < reader.maxDoc(); doc++) {
      String place = stored.document(doc).get(IndexSchema.ID);
      if (place != null) {
        places.put(doc, Integer.valueOf(place));
      }
    }
    for (int i = 0; i < sample.size(); i++) {
      Question.Words question = new Question.Words(sample.get(i).title());
      SearchRequest request = SearchRequest.builder(question.text()).top(sample.size()).build();
      List<Candidate> candidates = texts.candidates(question, request);
      Candidate own = null;
      for (Candidate candidate : candidates) {
        if (places.getOrDefault(candidate.doc(), -1) == i) {
          own = candidate;
        }
      }
      for (float weight : WEIGHTS) {
        Fusion fusion = new Fusion.Convex(weight, texts.cosineFloor());
        byWeight.getOrDefault(weight, new double[0])[i] =
            own == null ? 0 : reciprocalRank(own, candidates, fusion);
      }
    }
    return byWeight;
  }

  /** Of equal scores half count as better: no order among them means anything. */
  private static double reciprocalRank(Candidate own, List<Candidate> candidates, Fusion fusion) {
    float limit = 0;
    for (Candidate candidate : candidates) {
      limit = Math.max(limit, candidate.bm25Limit());
    }
    double score = score(own, fusion, limit);
    int better = 0;
    int equal = 0;
    for (Candidate candidate : candidates) {
      double other = score(candidate, fusion, limit);
      better += other > score ? 1 : 0;
      equal += other == score && candidate.doc() != own.doc() ? 1 : 0;
    }
    return 1 / (1 + better + equal / 2.0);
  }

  /** All candidates are found by both legs, for each is searched to the last document. */
  private static double score(Candidate candidate, Fusion fusion, float limit) {
    return fusion.lexicalShare(candidate, 1, limit) + fusion.semanticShare(candidate, 1);
  }

  /** The best weight that is better than the default by more than chance, or the default. */
  static Tuning best(Map<Float, double[]> byWeight) {
    float usual = Fusion.DEFAULT_SEMANTIC_WEIGHT;
    double[] before = byWeight.get(usual);
    if (before == null) {
      throw new IllegalArgumentException("byWeight must have " + usual + ", got: " + byWeight);
    }
    float best = usual;
    PairedGain most = new PairedGain(0, 0);
    List<Float> nearestFirst = new ArrayList<>(byWeight.keySet());
    nearestFirst.sort((a, b) -> Float.compare(Math.abs(a - usual), Math.abs(b - usual)));
    for (float weight : nearestFirst) {
      PairedGain gain = PairedGain.of(byWeight.getOrDefault(weight, before), before);
      if (gain.mean() >= LEAST_GAIN && gain.lowerBound(DEVIATE) > 0 && gain.mean() > most.mean()) {
        best = weight;
        most = gain;
      }
    }
    double mean = Arrays.stream(before).average().orElseThrow();
    return new Tuning(
        best, Tuning.Origin.TITLES, before.length, "mrr", mean, mean + most.mean(), most.error());
  }
}
