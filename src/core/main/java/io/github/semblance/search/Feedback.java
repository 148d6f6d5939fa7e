package io.github.semblance.search;

import io.github.semblance.index.IndexSchema;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.util.VectorUtil;

/**
 * Moves a query towards what it found first, as Rocchio did with terms: {@code q + 0.5 · mean} of
 * the vectors of the best two. Stateless.
 */
final class Feedback {
  private static final int HITS = 2;
  private static final float WEIGHT = 0.5f;

  private Feedback() {}

  /**
   * The moved vector.
   *
   * @param fused what the query found, best first; of each document its closest passage counts
   * @return of length 1; the query itself if nothing was found that has a vector, or if what was
   *     found lies opposite to it, so that no direction is left
   */
  static float[] move(IndexSearcher searcher, float[] query, List<FusedHit> fused)
      throws IOException {
    List<float[]> best = new ArrayList<>();
    for (FusedHit hit : fused.subList(0, Math.min(HITS, fused.size()))) {
      int wanted = hit.candidate().passage();
      PassageVectors.visit(
          searcher,
          new int[] {hit.candidate().doc()},
          (at, passage, vector) -> {
            if (passage == wanted) {
              best.add(VectorUtil.l2normalize(vector.clone(), false));
            }
          });
    }
    if (best.isEmpty()) {
      return query;
    }
    float[] moved = VectorUtil.l2normalize(query.clone(), false);
    for (float[] vector : best) {
      for (int i = 0; i < moved.length; i++) {
        moved[i] += WEIGHT / best.size() * vector[i];
      }
    }
    VectorUtil.l2normalize(moved, false);
    try {
      IndexSchema.requireDirection("moved query", moved);
    } catch (IllegalArgumentException e) {
      return query;
    }
    return moved;
  }
}
