package io.github.semblance.search;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.lucene.search.IndexSearcher;

/**
 * A document and which of its passages is closest to a query. Immutable.
 *
 * @param doc the document's number in its index
 * @param passage the number of the passage's Lucene document; -1 if the document has no vector
 * @param cosine of the query and that passage, exact, from -1 to 1; -1 if there is none
 */
record ClosestPassage(int doc, int passage, float cosine) {
  /** Documents between two looks at the clock: most searches have no more. */
  private static final int AT_ONCE = 256;

  /**
   * Compares the query with every passage of some documents, in full precision however the index
   * keeps its vectors. When the searcher's time is up, the rest are as if they had no vector.
   *
   * @param docs numbers of parent documents
   * @return one per document, in ascending order of their numbers
   */
  static List<ClosestPassage> of(IndexSearcher searcher, float[] query, int[] docs)
      throws IOException {
    int[] sorted = docs.clone();
    Arrays.sort(sorted);
    int[] passages = new int[sorted.length];
    Arrays.fill(passages, -1);
    float[] cosines = new float[sorted.length];
    Arrays.fill(cosines, -1);
    double querySquares = product(query, query);
    for (int from = 0; from < sorted.length && !Deadline.isOver(searcher); from += AT_ONCE) {
      int first = from;
      PassageVectors.visit(
          searcher,
          Arrays.copyOfRange(sorted, from, Math.min(from + AT_ONCE, sorted.length)),
          (place, passage, vector) -> {
            int at = first + place;
            float cosine = cosine(query, querySquares, vector);
            if (passages[at] < 0 || cosine > cosines[at]) {
              passages[at] = passage;
              cosines[at] = cosine;
            }
          });
    }
    List<ClosestPassage> closest = new ArrayList<>(sorted.length);
    for (int i = 0; i < sorted.length; i++) {
      closest.add(new ClosestPassage(sorted[i], passages[i], cosines[i]));
    }
    return closest;
  }

  /**
   * In double precision and one order of additions. Lucene's own sum has neither: the Vector API
   * may add in another order once the JVM has compiled it, and then the same search of the same
   * index gives scores that differ in their last bit. 0 for a stored vector of zeros, which is
   * close to nothing.
   */
  static float cosine(float[] query, float[] vector) {
    return cosine(query, product(query, query), vector);
  }

  private static float cosine(float[] query, double querySquares, float[] vector) {
    // Of floats: neither overflows nor vanishes.
    double norms = querySquares * product(vector, vector);
    return norms == 0 ? 0 : (float) (product(query, vector) / Math.sqrt(norms));
  }

  /** Four sums, so that an addition need not wait for the one before. */
  private static double product(float[] a, float[] b) {
    double sum0 = 0;
    double sum1 = 0;
    double sum2 = 0;
    double sum3 = 0;
    int i = 0;
    for (; i + 3 < a.length; i += 4) {
      sum0 += (double) a[i] * b[i];
      sum1 += (double) a[i + 1] * b[i + 1];
      sum2 += (double) a[i + 2] * b[i + 2];
      sum3 += (double) a[i + 3] * b[i + 3];
    }
    for (; i < a.length; i++) {
      sum0 += (double) a[i] * b[i];
    }
    return sum0 + sum1 + (sum2 + sum3);
  }
}
