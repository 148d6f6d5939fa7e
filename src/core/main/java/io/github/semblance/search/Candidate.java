package io.github.semblance.search;

import java.util.Comparator;

/**
 * A document that at least one leg found, with the raw scores of both: all that a {@link Fusion}
 * needs, so candidates of several shards can be sent to one place and fused there. Immutable.
 *
 * @param shard which index the document is in; 0 where there is one
 * @param doc the document's number in its index
 * @param passage the number of the Lucene document that holds the closest passage; -1 if the
 *     document has no vector
 * @param bm25 the lexical query's exact score, whether or not that leg found the document; 0 if it
 *     does not match
 * @param bm25Limit what no document of this shard can score for the query by BM25; no less than any
 *     candidate's {@code bm25}
 * @param cosine the exact cosine of the closest passage, whether or not that leg found the
 *     document, from -1 to 1; -1 if the document has no vector
 * @param lexicallyFound whether the document is among the best of the lexical leg
 * @param semanticallyFound whether the document is among the best of the vector leg
 */
public record Candidate(
    int shard,
    int doc,
    int passage,
    float bm25,
    float bm25Limit,
    float cosine,
    boolean lexicallyFound,
    boolean semanticallyFound) {

  /** Checks that both scores are numbers: no fusion could rank what is none. */
  public Candidate {
    if (Float.isNaN(bm25) || Float.isNaN(bm25Limit) || Float.isNaN(cosine)) {
      throw new IllegalArgumentException(
          "bm25, bm25Limit and cosine must be numbers, got: "
              + bm25
              + ", "
              + bm25Limit
              + " and "
              + cosine);
    }
  }

  /** How candidates of equal score are ordered everywhere: by shard, then by document number. */
  static final Comparator<Candidate> DOCUMENT_ORDER =
      Comparator.comparingInt(Candidate::shard).thenComparingInt(Candidate::doc);
}
