package io.github.semblance.bench;

import io.github.semblance.embed.Embedding;
import io.github.semblance.embed.TextEmbedder;
import io.github.semblance.evaluate.Topic;
import io.github.semblance.index.SourceDocument;
import io.github.semblance.search.ScoredId;
import io.github.semblance.search.SearchMode;
import io.github.semblance.search.SearchRequest;
import io.github.semblance.search.SemanticSearcher;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.ejml.data.DMatrixRMaj;

/** A way to search that the workshop compares. */
@FunctionalInterface
interface WorkshopSystem {

  /** The ids of the best documents, best first. */
  List<String> rank(Topic topic, int top) throws IOException;

  /** Compares all vectors, as the workshop does. */
  static WorkshopSystem of(
      List<SourceDocument> documents, double[][] vectors, Function<String, double[]> embedding) {
    return (topic, top) -> {
      double[] query = embedding.apply(topic.text());
      double[] cosines = new double[vectors.length];
      for (int i = 0; i < vectors.length; i++) {
        cosines[i] = allows(topic, documents.get(i)) ? cosine(query, vectors[i]) : -2;
      }
      return IntStream.range(0, vectors.length)
          .boxed()
          .filter(i -> cosines[i] > -2)
          .sorted(Comparator.comparingDouble(i -> -cosines[i]))
          .limit(top)
          .map(i -> documents.get(i).id())
          .toList();
    };
  }

  /** Term vectors, in few dimensions. */
  static WorkshopSystem of(
      List<SourceDocument> documents, TermVectors terms, LatentFactors factors) {
    return of(
        documents,
        rows(factors.documents()),
        text -> rows(factors.projection().of(terms.of(List.of(text))))[0]);
  }

  /** A model's vectors of whole texts, each cut at the window. */
  static WorkshopSystem of(
      List<SourceDocument> documents, List<Embedding> embeddings, TextEmbedder embedder) {
    return of(
        documents,
        embeddings.stream().map(each -> doubles(each.vector())).toArray(double[][]::new),
        text -> doubles(embedder.embedQuery(text).vector()));
  }

  /** Semblance itself. */
  static WorkshopSystem of(SemanticSearcher searcher, SearchMode mode) {
    return (topic, top) -> {
      SearchRequest.Builder request = SearchRequest.builder(topic.text()).mode(mode).top(top);
      topic
          .filters()
          .forEach((field, values) -> values.forEach(value -> request.filter(field, value)));
      return searcher.rank(request.build()).stream().map(ScoredId::id).toList();
    };
  }

  private static boolean allows(Topic topic, SourceDocument document) {
    for (Map.Entry<String, List<String>> filter : topic.filters().entrySet()) {
      List<String> own = document.keywords().getOrDefault(filter.getKey(), List.of());
      if (filter.getValue().stream().noneMatch(own::contains)) {
        return false;
      }
    }
    return true;
  }

  private static double cosine(double[] a, double[] b) {
    double dot = 0;
    double ofA = 0;
    double ofB = 0;
    for (int i = 0; i < a.length; i++) {
      dot += a[i] * b[i];
      ofA += a[i] * a[i];
      ofB += b[i] * b[i];
    }
    return ofA == 0 || ofB == 0 ? 0 : dot / Math.sqrt(ofA * ofB);
  }

  private static double[][] rows(DMatrixRMaj matrix) {
    double[][] rows = new double[matrix.numRows][matrix.numCols];
    for (int i = 0; i < matrix.numRows; i++) {
      System.arraycopy(matrix.data, i * matrix.numCols, rows[i], 0, matrix.numCols);
    }
    return rows;
  }

  private static double[] doubles(float[] vector) {
    double[] doubles = new double[vector.length];
    for (int i = 0; i < vector.length; i++) {
      doubles[i] = vector[i];
    }
    return doubles;
  }
}
