package io.github.semblance.search;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.lucene.search.IndexSearcher;

/**
 * Orders candidates so that each adds something to those before it: maximal marginal relevance, see
 * Carbonell, Goldstein: "The Use of MMR, Diversity-Based Reranking for Reordering Documents and
 * Producing Summaries", SIGIR 1998. Stateless.
 *
 * <p>Next comes whichever of the first {@value #POOL} has most of
 *
 * <pre>{@code (1 - diversity) * score / best score - diversity * likeness}</pre>
 *
 * <p>where {@code likeness} is the largest of its passage and that of a document before it: 0 up to
 * a similarity of {@value #RELATED}, then growing to 1 where both are the same. Passages that only
 * treat the same subject are less alike than that, and are what was asked for. With the plain
 * cosine an irrelevant document would beat them, because it is like nothing.
 *
 * <p>Scores are taken in proportion to the best one, because what counts here is which of these
 * candidates, not how good they all are. What lies deeper than the pool follows in its order.
 */
final class DiversityStep {
  /** Up to this two passages are related, and beyond they begin to say the same. */
  static final double RELATED = 0.7;

  /** How many of a ranking are reordered. */
  static final int POOL = 50;

  private DiversityStep() {}

  /**
   * The same documents with their scores, in another order.
   *
   * @param diversity in [0, 1]
   * @param cosineFloor the cosine that the model gives to unrelated texts, where similarity is 0
   * @param wanted how many are placed; the others follow as they were
   */
  static Ranking apply(
      IndexSearcher searcher, Ranking ranking, float diversity, float cosineFloor, int wanted)
      throws IOException {
    List<Ranking.Ranked> best = ranking.best();
    int pool = Math.min(POOL, best.size());
    if (pool < 2 || diversity == 0) {
      return ranking;
    }
    float[][] vectors = vectors(searcher, best.subList(0, pool));
    double top = best.getFirst().score();
    double[] likeness = new double[pool];
    boolean[] placed = new boolean[pool];
    List<Ranking.Ranked> ordered = new ArrayList<>(best.size());
    for (int place = 0; place < Math.min(wanted, pool); place++) {
      int next = -1;
      double most = Double.NEGATIVE_INFINITY;
      for (int i = 0; i < pool; i++) {
        double relevance = top > 0 ? best.get(i).score() / top : 0;
        double marginal = (1 - diversity) * relevance - diversity * likeness[i];
        if (!placed[i] && marginal > most) {
          most = marginal;
          next = i;
        }
      }
      placed[next] = true;
      ordered.add(best.get(next));
      for (int i = 0; i < pool; i++) {
        if (!placed[i] && vectors[i].length > 0 && vectors[next].length > 0) {
          float cosine = ClosestPassage.cosine(vectors[i], vectors[next]);
          likeness[i] = Math.max(likeness[i], likeness(cosine, cosineFloor));
        }
      }
    }
    for (int i = 0; i < best.size(); i++) {
      if (i >= pool || !placed[i]) {
        ordered.add(best.get(i));
      }
    }
    return ranking.inOrder(ordered);
  }

  private static double likeness(float cosine, float cosineFloor) {
    double similarity = (cosine - cosineFloor) / (1.0 - cosineFloor);
    return Math.max(0, (similarity - RELATED) / (1 - RELATED));
  }

  /** The vector of each document's closest passage; empty where there is none. */
  private static float[][] vectors(IndexSearcher searcher, List<Ranking.Ranked> some)
      throws IOException {
    int[] places =
        IntStream.range(0, some.size())
            .boxed()
            .sorted((one, other) -> Integer.compare(some.get(one).doc(), some.get(other).doc()))
            .mapToInt(Integer::intValue)
            .toArray();
    float[][] vectors = new float[some.size()][0];
    PassageVectors.visit(
        searcher,
        IntStream.of(places).map(place -> some.get(place).doc()).toArray(),
        (at, passage, vector) -> {
          if (some.get(places[at]).passage() == passage) {
            vectors[places[at]] = vector.clone();
          }
        });
    return vectors;
  }
}
