package io.github.semblance.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.lucene.util.VectorUtil;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** The truly closest passages of each query, found by comparing it with every passage. */
final class ExactNeighbours {
  private static final int BLOCK = 4096;

  private record Neighbour(int number, float cosine) {}

  private final List<Map<Share, Set<Integer>>> nearest;

  private ExactNeighbours(List<Map<Share, Set<Integer>>> nearest) {
    this.nearest = nearest;
  }

  /** Compares, on all cores. */
  static ExactNeighbours of(ClusteredVectors vectors, int passages, int queries, int k) {
    float[][] asked = new float[queries][];
    List<Map<Share, PriorityQueue<Neighbour>>> nearest = new ArrayList<>();
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
          .forEach(query -> compare(nearest.get(query), asked[query], first, block, k));
    }
    return new ExactNeighbours(nearest.stream().map(ExactNeighbours::numbers).toList());
  }

  private static void compare(
      Map<Share, PriorityQueue<Neighbour>> nearest,
      float[] asked,
      int first,
      float[][] block,
      int k) {
    for (int i = 0; i < block.length; i++) {
      Neighbour neighbour = new Neighbour(first + i, VectorUtil.dotProduct(asked, block[i]));
      nearest.forEach(
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

  private static Map<Share, Set<Integer>> numbers(Map<Share, PriorityQueue<Neighbour>> nearest) {
    Map<Share, Set<Integer>> numbers = new EnumMap<>(Share.class);
    nearest.forEach(
        (share, best) ->
            numbers.put(share, best.stream().map(Neighbour::number).collect(Collectors.toSet())));
    return numbers;
  }

  /** What an earlier run has kept. */
  static ExactNeighbours read(Path file) throws IOException {
    return new ExactNeighbours(
        JsonMapper.shared().readValue(Files.readString(file), new TypeReference<>() {}));
  }

  /** Keeps them: at a million passages they take longer to find than all that is measured. */
  void write(Path file) throws IOException {
    Files.writeString(file, JsonMapper.shared().writeValueAsString(nearest));
  }

  /** The share of the true neighbours among those found; 1 if there are none. */
  double recall(int query, Share share, Set<Integer> found) {
    Set<Integer> expected = Objects.requireNonNull(nearest.get(query).get(share));
    Set<Integer> both = new HashSet<>(expected);
    both.retainAll(found);
    return expected.isEmpty() ? 1 : (double) both.size() / expected.size();
  }
}
