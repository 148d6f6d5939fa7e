package io.github.semblance.search;

import java.util.List;
import org.apache.lucene.search.MatchNoDocsQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.TotalHits;
import org.jspecify.annotations.Nullable;

/**
 * What a search found, before anything is read of the documents.
 *
 * @param total how many documents were found in all
 * @param best the best of them, best first: at least as many as are wanted, if so many were found
 * @param scored finds all of them, and explains the scores
 * @param closest the cosine of the closest of all that was found; -1 if none was compared
 */
record Ranking(TotalHits total, List<Ranked> best, Query scored, float closest) {

  /** What keywords or a query of its own syntax found. */
  Ranking(TotalHits total, List<Ranked> best, Query scored) {
    this(total, best, scored, -1);
  }

  /** The same documents in another order, or some of them. */
  Ranking inOrder(List<Ranked> ranked) {
    return new Ranking(total, ranked, scored, closest);
  }

  /** As many documents, none of which is shown or counted. */
  Ranking withheld() {
    return new Ranking(total, List.of(), new MatchNoDocsQuery("withheld"), closest);
  }

  /** What is on a page. */
  List<Ranked> on(Page page) {
    return best.subList(Math.min(page.from(), best.size()), Math.min(page.end(), best.size()));
  }

  /**
   * A found document.
   *
   * @param passage the number of the closest passage's Lucene document; -1 if unknown
   * @param reranked whether a reranker has changed the score
   * @param reranker what it said; null if it has not read the passage
   * @param group which it is the best of; null if there are no groups
   */
  record Ranked(
      int doc,
      float score,
      Hit.@Nullable Leg lexical,
      Hit.@Nullable Leg semantic,
      int passage,
      boolean reranked,
      Hit.@Nullable Leg reranker,
      Hit.@Nullable Group group) {

    /** As a search finds it. */
    Ranked(
        int doc, float score, Hit.@Nullable Leg lexical, Hit.@Nullable Leg semantic, int passage) {
      this(doc, score, lexical, semantic, passage, false, null, null);
    }

    /** A document of which only the score is wanted. */
    static Ranked of(Candidate candidate, float score) {
      return new Ranked(candidate.doc(), score, null, null, candidate.passage());
    }

    /** The same document with the score that reranking gives it. */
    Ranked reranked(float newScore, Hit.@Nullable Leg leg) {
      return new Ranked(doc, newScore, lexical, semantic, passage, true, leg, group);
    }

    /** The same document as the best of its group. */
    Ranked in(Hit.Group of) {
      return new Ranked(doc, score, lexical, semantic, passage, reranked, reranker, of);
    }
  }

  static TotalHits exactly(int total) {
    return new TotalHits(total, TotalHits.Relation.EQUAL_TO);
  }
}
