package io.github.semblance.bench;

import io.github.semblance.bench.FusionPool.Search;
import io.github.semblance.search.Candidate;
import io.github.semblance.search.FusedHit;
import io.github.semblance.search.Fusion;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * A way to rank candidates.
 *
 * @param search what finds them
 * @param scores how they are scored; a document whose score is NaN is left out
 */
record Recipe(String name, Search search, Scores scores) {

  /** Looks at all candidates of a query before it scores each. */
  interface Scores {
    ToDoubleFunction<Candidate> of(Pool pool);
  }

  /** The candidates of one query. */
  record Pool(List<Candidate> candidates, float cosineFloor) {
    double bm25Limit() {
      return max(Candidate::bm25Limit);
    }

    double max(ToDoubleFunction<Candidate> score) {
      return candidates.stream().mapToDouble(score).max().orElse(0);
    }

    double min(ToDoubleFunction<Candidate> score) {
      return candidates.stream().mapToDouble(score).min().orElse(0);
    }

    double meaning(Candidate candidate) {
      return Math.max(0, (candidate.cosine() - cosineFloor) / (1 - cosineFloor));
    }

    /** From 0 to 1: how much of what the query could score a document has. */
    double share(Candidate candidate) {
      return ratio(candidate.bm25(), bm25Limit());
    }
  }

  /** The limits of what a weight can do are found among these. */
  static final int STEPS = 20;

  /** All that are tried. */
  static List<Recipe> all(Fusion byDefault) {
    List<Recipe> all = new ArrayList<>();
    Scores keywords = pool -> c -> c.lexicallyFound() ? c.bm25() : Double.NaN;
    all.add(new Recipe("bm25", Search.STEMS, keywords));
    all.add(found("bm25 and words as written", keywords));
    all.add(found("semantic", pool -> c -> c.semanticallyFound() ? c.cosine() : Double.NaN));
    all.add(found("**the default**", fused(byDefault)));
    all.add(new Recipe("the default, exact vector search", Search.EXACT_VECTORS, fused(byDefault)));
    for (int percent : new int[] {20, 30, 35, 40, 50, 55, 60, 70}) {
      all.add(found(String.format(Locale.ROOT, "weight .%d", percent), weighted(percent / 100.0)));
    }
    for (int percent : new int[] {50, 65, 80}) {
      double weight = percent / 100.0;
      all.add(
          found(
              String.format(Locale.ROOT, "BM25 by its best, weight .%d", percent),
              pool -> {
                double best = pool.max(Candidate::bm25);
                return c -> mix(weight, ratio(c.bm25(), best), pool.meaning(c));
              }));
    }
    all.add(found("reciprocal ranks, k = 60", fused(new Fusion.ReciprocalRank(60, 1, 1))));
    all.add(found("reciprocal ranks, k = 10", fused(new Fusion.ReciprocalRank(10, 1, 1))));
    all.add(
        found(
            "min-max of each leg, weight .5",
            pool -> {
              double leastBm25 = pool.min(Candidate::bm25);
              double bm25Range = pool.max(Candidate::bm25) - leastBm25;
              double leastCosine = pool.min(Candidate::cosine);
              double cosineRange = pool.max(Candidate::cosine) - leastCosine;
              return c ->
                  mix(
                      .5,
                      ratio(c.bm25() - leastBm25, bm25Range),
                      ratio(c.cosine() - leastCosine, cosineRange));
            }));
    all.add(
        found(
            "both by their best, weight .5",
            pool -> {
              double bestBm25 = pool.max(Candidate::bm25);
              double bestCosine = pool.max(pool::meaning);
              return c -> mix(.5, ratio(c.bm25(), bestBm25), ratio(pool.meaning(c), bestCosine));
            }));
    all.add(
        found(
            "square root of the BM25 share, weight .55",
            pool -> c -> mix(.55, Math.sqrt(pool.share(c)), pool.meaning(c))));
    all.add(
        found(
            "square of the BM25 share, weight .30",
            pool -> c -> mix(.30, pool.share(c) * pool.share(c), pool.meaning(c))));
    all.add(new Recipe("without words as written", Search.STEMS, fused(byDefault)));
    all.add(new Recipe("words as written at .5", Search.EXACT_WORDS_HALF, fused(byDefault)));
    all.add(new Recipe("words as written at 1", Search.EXACT_WORDS_WHOLE, fused(byDefault)));
    all.add(new Recipe("pairs of adjacent words added at .1", Search.PAIRS, fused(byDefault)));
    all.add(new Recipe("BM25 with k1 0.9, b 0.4", Search.BM25_ANSERINI, fused(byDefault)));
    all.add(new Recipe("title's BM25 added at .25", Search.TITLE, fused(byDefault)));
    all.add(new Recipe("feedback from the best two", Search.FEEDBACK, fused(byDefault)));
    return all;
  }

  /** The default with every weight from 0 to 1. */
  static List<Recipe> weights() {
    List<Recipe> all = new ArrayList<>();
    for (int step = 0; step <= STEPS; step++) {
      double weight = (double) step / STEPS;
      all.add(found(String.format(Locale.ROOT, "%.2f", weight), weighted(weight)));
    }
    return all;
  }

  /** A candidate and what the recipe makes of it. */
  record Scored(Candidate candidate, double score) {}

  /** The candidates that have a score, best first, as deep as they are searched. */
  List<Scored> rank(Pool pool) {
    ToDoubleFunction<Candidate> score = scores.of(pool);
    return pool.candidates().stream()
        .map(candidate -> new Scored(candidate, score.applyAsDouble(candidate)))
        .filter(scored -> !Double.isNaN(scored.score))
        .sorted(
            Comparator.comparingDouble(Scored::score)
                .reversed()
                .thenComparingInt(scored -> scored.candidate.doc()))
        .limit(FusionPool.DEPTH)
        .toList();
  }

  private static Recipe found(String name, Scores scores) {
    return new Recipe(name, Search.DEFAULT, scores);
  }

  private static Scores weighted(double weight) {
    return pool -> c -> mix(weight, pool.share(c), pool.meaning(c));
  }

  private static Scores fused(Fusion fusion) {
    return pool -> {
      Map<Candidate, Float> scores = new HashMap<>();
      for (FusedHit hit : fusion.fuse(pool.candidates(), FusionPool.DEPTH)) {
        scores.put(hit.candidate(), hit.score());
      }
      return c -> scores.getOrDefault(c, Float.NaN);
    };
  }

  private static double mix(double weight, double words, double meaning) {
    return (1 - weight) * words + weight * meaning;
  }

  private static double ratio(double part, double whole) {
    return whole > 0 ? part / whole : 0;
  }
}
