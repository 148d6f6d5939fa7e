package io.github.semblance.search;

import java.util.List;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.TotalHits;
import org.jspecify.annotations.Nullable;

/**
 * What a search found, before anything is read of the documents.
 *
 * @param total how many documents were found in all
 * @param best the best of them, best first
 * @param scored explains the scores
 */
record Ranking(TotalHits total, List<Ranked> best, Query scored) {

  /**
   * A found document.
   *
   * @param passage the number of the closest passage's Lucene document; -1 if unknown
   */
  record Ranked(
      int doc, float score, Hit.@Nullable Leg lexical, Hit.@Nullable Leg semantic, int passage) {}

  static TotalHits exactly(int total) {
    return new TotalHits(total, TotalHits.Relation.EQUAL_TO);
  }
}
