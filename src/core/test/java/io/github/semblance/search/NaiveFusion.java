package io.github.semblance.search;

import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What hybrid search is by definition: everything scored, cut at a depth, united and summed. */
final class NaiveFusion {
  private final int depth;
  private final Map<Doc, Float> bm25 = new HashMap<>();
  private final Map<Doc, Float> cosines = new HashMap<>();

  private float limit;

  record Doc(int shard, int number) {}

  NaiveFusion(int depth) {
    this.depth = depth;
  }

  /** Adds all documents of a shard with their scores. */
  void add(
      int shard,
      Map<Integer, Float> shardBm25,
      float shardLimit,
      Map<Integer, Float> shardCosines) {
    limit = Math.max(limit, shardLimit);
    shardBm25.forEach((doc, score) -> bm25.put(new Doc(shard, doc), score));
    shardCosines.forEach((doc, score) -> cosines.put(new Doc(shard, doc), score));
  }

  /** The fused scores of the documents that either leg finds. */
  Map<Doc, Double> scores(float leastCosine, Fusion fusion) {
    Map<Doc, Float> close = new HashMap<>(cosines);
    close.values().removeIf(cosine -> cosine < leastCosine);
    List<Doc> byWords = best(bm25);
    List<Doc> byMeaning = best(close);
    Set<Doc> found = new HashSet<>(byWords);
    found.addAll(byMeaning);
    double most = bm25.values().stream().mapToDouble(Float::doubleValue).reduce(limit, Math::max);
    Map<Doc, Double> scores = new HashMap<>();
    for (Doc doc : found) {
      scores.put(
          doc,
          switch (fusion) {
            case Fusion.Convex convex ->
                (most == 0
                        ? 0 // as some similarities score
                        : (1 - convex.semanticWeight()) * bm25.getOrDefault(doc, 0f) / most)
                    + convex.semanticWeight()
                        * Math.max(0, cosines.getOrDefault(doc, -1f) - convex.cosineFloor())
                        / (1 - convex.cosineFloor());
            case Fusion.ReciprocalRank rrf ->
                share(rrf.lexicalWeight(), rrf.k(), byWords.indexOf(doc))
                    + share(rrf.semanticWeight(), rrf.k(), byMeaning.indexOf(doc));
            default -> throw new IllegalArgumentException("no naive form of " + fusion);
          });
    }
    return scores;
  }

  private static double share(double weight, int k, int index) {
    return index < 0 ? 0 : weight / (k + 1 + index);
  }

  private List<Doc> best(Map<Doc, Float> scores) {
    return scores.entrySet().stream()
        .sorted(
            Map.Entry.<Doc, Float>comparingByValue()
                .reversed()
                .thenComparing(
                    Map.Entry.comparingByKey(
                        Comparator.comparingInt(Doc::shard).thenComparingInt(Doc::number))))
        .limit(depth)
        .map(Map.Entry::getKey)
        .toList();
  }
}
