package io.github.semblance.search;

import io.github.semblance.embed.EmbeddingModel;
import io.github.semblance.index.IndexManifest;
import io.github.semblance.index.Tuning;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexReader;

/**
 * Makes one ranking of the candidates of two legs.
 *
 * <p>{@link Convex} and {@link ReciprocalRank} are here, and an application may bring its own: two
 * methods say what each leg adds to a candidate's score, and {@link #fuse} does the rest. An
 * implementation is immutable, stateless and safe for use by many threads. It has value semantics,
 * as records have, because the query that holds it must be equal to another with an equal fusion.
 * Both shares are finite and at least 0, and more of a leg's score, or a better rank, never adds
 * less.
 *
 * <p>A fusion whose shares depend on the candidate's scores alone, not on its ranks, is pointwise:
 * its scores mean the same for every query and can be compared over shards. One that reads ranks
 * looks at all candidates of all shards at once: fusing per shard and merging the results would
 * compare scores that mean different things.
 */
public interface Fusion {

  /** What share of a score meaning has by default; quality is flat from .40 to .50. */
  float DEFAULT_SEMANTIC_WEIGHT = 0.45f;

  /** The default: {@link Convex} with {@link #DEFAULT_SEMANTIC_WEIGHT}. */
  static Fusion convex(float cosineFloor) {
    return new Convex(DEFAULT_SEMANTIC_WEIGHT, cosineFloor);
  }

  /**
   * The default for one index: {@link Convex} with the weight of meaning that the index was tuned
   * to, see {@link IndexManifest#tuning()}, or {@link #DEFAULT_SEMANTIC_WEIGHT} if it was not.
   *
   * @param reader of the index; one that is no {@link DirectoryReader} tells no weight
   * @param model the index's
   */
  static Convex of(IndexReader reader, EmbeddingModel model) throws IOException {
    float weight = DEFAULT_SEMANTIC_WEIGHT;
    if (reader instanceof DirectoryReader commit) {
      Optional<IndexManifest> manifest = IndexManifest.find(commit);
      Tuning tuning = manifest.isPresent() ? manifest.get().tuning() : null;
      weight = tuning == null ? weight : tuning.semanticWeight();
    }
    return new Convex(weight, model.cosineFloor());
  }

  /**
   * What keywords add to the score of a candidate.
   *
   * @param lexicalRank from 1; 0 if the lexical leg did not find it among its best
   * @param bm25Limit the largest of all candidates' limits: no BM25 score of this query is above
   */
  double lexicalShare(Candidate candidate, int lexicalRank, float bm25Limit);

  /**
   * What meaning adds to the score of a candidate.
   *
   * @param semanticRank from 1; 0 if the vector leg did not find it among its best
   */
  double semanticShare(Candidate candidate, int semanticRank);

  /**
   * Fuses the candidates of one query. Those of several shards, each searched to the depth, give
   * what one index of all their documents would, but that BM25 knows each shard's statistics only.
   *
   * @param candidates each document once
   * @param depth how many of a leg's best count as found by it, at least 1
   * @return those that either leg found, best first; equal scores by shard, then by document number
   */
  default List<FusedHit> fuse(Collection<Candidate> candidates, int depth) {
    Map<Candidate, Integer> lexicalRanks =
        ranks(candidates, Candidate::lexicallyFound, Candidate::bm25, depth);
    Map<Candidate, Integer> semanticRanks =
        ranks(candidates, Candidate::semanticallyFound, Candidate::cosine, depth);
    float bm25Limit = 0; // of all shards, so that equal scores stay equal
    for (Candidate candidate : candidates) {
      bm25Limit = Math.max(bm25Limit, candidate.bm25Limit());
    }
    List<FusedHit> fused = new ArrayList<>(candidates.size());
    for (Candidate candidate : candidates) {
      int lexicalRank = lexicalRanks.getOrDefault(candidate, 0);
      int semanticRank = semanticRanks.getOrDefault(candidate, 0);
      if (lexicalRank == 0 && semanticRank == 0) {
        continue;
      }
      fused.add(
          new FusedHit(
              candidate,
              lexicalRank,
              semanticRank,
              lexicalShare(candidate, lexicalRank, bm25Limit),
              semanticShare(candidate, semanticRank)));
    }
    fused.sort(
        Comparator.comparingDouble((FusedHit hit) -> -hit.score())
            .thenComparing(FusedHit::candidate, Candidate.DOCUMENT_ORDER));
    return fused;
  }

  /**
   * The weighted sum of both scores, each brought to [0, 1]: {@code (1 - w) · bm25 / limit + w ·
   * max(0, (cosine - floor) / (1 - floor))}, where the limit is the sum of the query terms' idf,
   * each times its boost. See Bruch, Gai, Ingber: "An Analysis of Fusion Functions for Hybrid
   * Retrieval", ACM TOIS 2023; instead of the extremes seen in a result it scales by what each
   * score can reach. So a document with one stray word of the query gets little for being the best
   * that has any, and scores of two queries can be compared.
   *
   * @param semanticWeight w, in [0, 1]
   * @param cosineFloor the cosine that the model gives to unrelated texts, in [0, 1)
   */
  record Convex(float semanticWeight, float cosineFloor) implements Fusion {
    /** Checks the ranges stated above. */
    public Convex {
      if (!(semanticWeight >= 0 && semanticWeight <= 1)) {
        throw new IllegalArgumentException(
            "semanticWeight must be in [0, 1], got: " + semanticWeight);
      }
      if (!(cosineFloor >= 0 && cosineFloor < 1)) {
        throw new IllegalArgumentException("cosineFloor must be in [0, 1), got: " + cosineFloor);
      }
    }

    @Override
    public double lexicalShare(Candidate candidate, int lexicalRank, float bm25Limit) {
      return bm25Limit > 0 ? (1.0 - semanticWeight) * candidate.bm25() / bm25Limit : 0;
    }

    @Override
    public double semanticShare(Candidate candidate, int semanticRank) {
      return semanticWeight
          * Math.max(0, ((double) candidate.cosine() - cosineFloor) / (1.0 - cosineFloor));
    }
  }

  /**
   * Weighted reciprocal rank fusion: {@code weight / (k + rank)} for each leg that found the
   * document. See Cormack, Clarke, Büttcher: "Reciprocal Rank Fusion outperforms Condorcet and
   * Individual Rank Learning Methods", SIGIR 2009.
   *
   * @param k at least 1; 60 in the paper
   * @param lexicalWeight at least 0
   * @param semanticWeight at least 0
   */
  record ReciprocalRank(int k, float lexicalWeight, float semanticWeight) implements Fusion {
    /** Checks the ranges stated above. */
    public ReciprocalRank {
      if (k < 1) {
        throw new IllegalArgumentException("k must be at least 1, got: " + k);
      }
      requireWeight("lexicalWeight", lexicalWeight);
      requireWeight("semanticWeight", semanticWeight);
    }

    @Override
    public double lexicalShare(Candidate candidate, int lexicalRank, float bm25Limit) {
      return lexicalRank == 0 ? 0 : (double) lexicalWeight / (k + lexicalRank);
    }

    @Override
    public double semanticShare(Candidate candidate, int semanticRank) {
      return semanticRank == 0 ? 0 : (double) semanticWeight / (k + semanticRank);
    }

    private static void requireWeight(String name, float weight) {
      if (!(weight >= 0 && weight < Float.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException(name + " must be at least 0, got: " + weight);
      }
    }
  }

  private static Map<Candidate, Integer> ranks(
      Collection<Candidate> candidates,
      Predicate<Candidate> found,
      ToDoubleFunction<Candidate> score,
      int depth) {
    Map<Candidate, Integer> ranks = new HashMap<>();
    candidates.stream()
        .filter(found)
        .sorted(
            Comparator.comparingDouble((Candidate candidate) -> -score.applyAsDouble(candidate))
                .thenComparing(Candidate.DOCUMENT_ORDER))
        .limit(depth)
        .forEachOrdered(candidate -> ranks.put(candidate, ranks.size() + 1));
    return ranks;
  }
}
