package io.github.semblance.search;

/**
 * A candidate with what a {@link Fusion} made of it. Immutable.
 *
 * @param candidate the document and its raw scores
 * @param lexicalRank its place in the lexical leg, 1 for the best; 0 if that leg did not find it
 * @param semanticRank its place in the vector leg, 1 for the best; 0 if that leg did not find it
 * @param lexicalShare what keywords add to the score, at least 0
 * @param semanticShare what meaning adds to the score, at least 0
 */
public record FusedHit(
    Candidate candidate,
    int lexicalRank,
    int semanticRank,
    double lexicalShare,
    double semanticShare) {

  /** The sum of both shares. */
  public float score() {
    return (float) (lexicalShare + semanticShare);
  }
}
