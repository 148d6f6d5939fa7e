package io.github.semblance.search;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.semblance.embed.BagOfWordsEmbedder;
import io.github.semblance.index.Quantization;
import io.github.semblance.index.SemanticIndexWriter;
import io.github.semblance.index.SemanticIndexWriterConfig;
import io.github.semblance.index.SourceDocument;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.store.ByteBuffersDirectory;
import org.apache.lucene.store.Directory;
import org.apache.lucene.util.VectorUtil;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class QuantizedSearchTest {
  private static final int DOCUMENTS = 1_000;
  private static final int QUERIES = 40;
  private static final int K = 10;

  /** However coarsely the graph compares, scores are exact and nearly all of the best are found. */
  @ParameterizedTest
  @EnumSource(Quantization.class)
  void findsNearlyAllOfTheBestTen(Quantization quantization) throws IOException {
    Random random = new Random(42);
    SemanticIndexWriterConfig settings =
        new SemanticIndexWriterConfig().setQuantization(quantization);
    try (BagOfWordsEmbedder embedder = new BagOfWordsEmbedder(128, 64);
        Directory directory = new ByteBuffersDirectory()) {
      List<float[]> vectors = new ArrayList<>();
      try (IndexWriter writer = new IndexWriter(directory, settings.indexWriterConfig(embedder));
          SemanticIndexWriter semantic = new SemanticIndexWriter(writer, embedder, settings)) {
        for (int i = 0; i < DOCUMENTS; i++) {
          String text = words(random, 12);
          vectors.add(embedder.embedQuery(text).vector());
          semantic.updateDocument(new SourceDocument(Integer.toString(i), "", text, Map.of()));
        }
        semantic.commit();
      }
      int found = 0;
      try (DirectoryReader reader = DirectoryReader.open(directory)) {
        IndexSearcher searcher = new IndexSearcher(reader);
        for (int query = 0; query < QUERIES; query++) {
          float[] asked = embedder.embedQuery(words(random, 6)).vector();
          float least = kthBest(asked, vectors);
          for (ClosestPassage hit : new SemanticQuery(asked, K).search(searcher)) {
            found += hit.cosine() >= least ? 1 : 0;
          }
        }
      }
      double recall = (double) found / (QUERIES * K);
      assertTrue(recall >= 0.95, quantization + ": " + recall);
    }
  }

  private static float kthBest(float[] asked, List<float[]> vectors) {
    return vectors.stream()
        .map(vector -> VectorUtil.cosine(asked, vector))
        .sorted(Comparator.reverseOrder())
        .skip(K - 1)
        .findFirst()
        .orElseThrow();
  }

  private static String words(Random random, int count) {
    return String.join(
        " ", IntStream.range(0, count).mapToObj(i -> "w" + random.nextInt(300)).toList());
  }
}
