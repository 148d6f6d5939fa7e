package io.github.semblance.search;

import io.github.semblance.embed.PassageScorer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How the best of a hybrid search are read again by a model that sees query and passage together.
 * Immutable; the scorer remains its owner's to close, after the last search with it.
 *
 * <p>Of each of the first {@code depth} documents the closest passage is scored, the title before
 * it, and its score becomes
 *
 * <pre>{@code (1 - WEIGHT) * hybrid + WEIGHT * sigmoid(logit)}</pre>
 *
 * <p>This is a step after the search, over one ranking: the score of a document then depends on
 * whether it was among the first, so it is no {@link HybridQuery} and does not nest, page or merge
 * over shards. What was not read, because it lies deeper or the time was over, counts as if its
 * sigmoid were 0: it stays behind all that was read, in the order it had.
 *
 * @param scorer the model
 * @param depth how many documents are read at most, from 1 to {@value #DEEPEST}; 20 to 50 is usual
 * @param budget how long the reading may take, more than 0; null for no limit but the depth. It
 *     ends before the next passages would take it past that, by the pace of those before
 */
public record Rerank(PassageScorer scorer, int depth, @Nullable Duration budget) {
  /** Nobody looks at so many; each costs milliseconds. */
  public static final int DEEPEST = 1000;

  /** Read at most unless somebody says otherwise. */
  public static final int DEPTH = 30;

  /**
   * The say of the scorer, from 0 to 1. At a half it decides between passages of which it is sure,
   * for their sigmoids differ by nearly 1 and the hybrid scores of two candidates by less; and
   * where it can't tell them apart, at either end, the hybrid score does. It never has the whole
   * say: on texts unlike those it was trained on, words and vectors stay worth as much.
   */
  public static final double WEIGHT = 0.5;

  /** Checks the ranges stated above. */
  public Rerank {
    if (depth < 1 || depth > DEEPEST) {
      throw new SearchRequestException(
          "the depth of reranking must be from 1 to " + DEEPEST + ", got: " + depth);
    }
    if (budget != null && !budget.isPositive()) {
      throw new SearchRequestException(
          "the time for reranking must be more than 0, got: " + budget);
    }
  }

  /** Reads the first {@value #DEPTH} documents, however long that takes. */
  public static Rerank with(PassageScorer scorer) {
    return new Rerank(scorer, DEPTH, null);
  }

  /** The same to another depth. */
  public Rerank withDepth(int value) {
    return new Rerank(scorer, value, budget);
  }

  /** The same within a time. */
  public Rerank withBudget(Duration value) {
    return new Rerank(scorer, depth, value);
  }
}
