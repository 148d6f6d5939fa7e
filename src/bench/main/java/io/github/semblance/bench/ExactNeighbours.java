package io.github.semblance.bench;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.lucene.util.VectorUtil;

/** The truly closest passages of each query, found by comparing it with every passage. */
final class ExactNeighbours {
  private static final int BLOCK = 4096;

  private record Neighbour(int number, float cosine) {}

  private final int k;
  private final List<Map<Share, PriorityQueue<Neighbour>>> nearest = new ArrayList<>();

  ExactNeighbours(ClusteredVectors vectors, int passages, int queries, int k) {
    this.k = k;
    float[][] asked = new float[queries][];
    for (int query = 0; query < queries; query++) {
      asked[query] = vectors.query(query);
      Map<Share, PriorityQueue<Neighbour>> best = new EnumMap<>(Share.class);
      for (Share share : Share.values()) {
        best.put(share, new PriorityQueue<>(Comparator.comparingDouble(Neighbour::cosine)));
      }
      nearest.add(best);
    }
    for (int from = 0; from < passages; from += BLOCK) {
      int first = from;
      float[][] block =
          IntStream.range(from, Math.min(passages, from + BLOCK))
              .parallel()
              .mapToObj(vectors::passage)
              .toArray(float[][]::new);
      IntStream.range(0, queries)
          .parallel()
          .forEach(query -> compare(query, asked[query], first, block));
    }
  }

  private void compare(int query, float[] asked, int first, float[][] block) {
    for (int i = 0; i < block.length; i++) {
      Neighbour neighbour = new Neighbour(first + i, VectorUtil.dotProduct(asked, block[i]));
      nearest
          .get(query)
          .forEach(
              (share, best) -> {
                boolean among = best.size() < k || best.element().cosine < neighbour.cosine;
                if (among && share.allows(neighbour.number)) {
                  best.add(neighbour);
                  if (best.size() > k) {
                    best.remove();
                  }
                }
              });
    }
  }

  /** The share of the true neighbours among those found; 1 if there are none. */
  double recall(int query, Share share, Set<Integer> found) {
    Set<Integer> expected = new HashSet<>();
    for (Neighbour neighbour : Objects.requireNonNull(nearest.get(query).get(share))) {
      expected.add(neighbour.number);
    }
    int size = expected.size();
    expected.retainAll(found);
    return size == 0 ? 1 : (double) expected.size() / size;
  }
}
