package io.github.semblance.search;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.lucene.search.FieldDoc;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.Sort;
import org.apache.lucene.search.TopFieldCollectorManager;
import org.apache.lucene.search.TopFieldDocs;

/** Puts what a query finds in the order of fields, where equal values are ordered by score. */
final class FieldSort {
  private FieldSort() {}

  /**
   * The first of what a query finds, with their scores.
   *
   * @param sort ends with the score
   */
  static TopFieldDocs search(
      IndexSearcher searcher, Query query, Sort sort, int wanted, int countUpTo)
      throws IOException {
    TopFieldDocs found =
        searcher.search(query, new TopFieldCollectorManager(sort, wanted, countUpTo));
    for (ScoreDoc hit : found.scoreDocs) {
      if (hit instanceof FieldDoc sorted
          && sorted.fields[sorted.fields.length - 1] instanceof Float score) {
        hit.score = score;
      }
    }
    return found;
  }

  /** The candidates of a ranking in the order of fields. */
  static Ranking sort(IndexSearcher searcher, Ranking ranking, Sort sort) throws IOException {
    if (ranking.best().isEmpty()) {
      return ranking;
    }
    Map<Integer, Ranking.Ranked> byDoc = new LinkedHashMap<>();
    ranking.best().forEach(found -> byDoc.put(found.doc(), found));
    int all = ranking.best().size();
    List<Ranking.Ranked> sorted = new ArrayList<>(all);
    for (ScoreDoc hit : search(searcher, ranking.scored(), sort, all, all).scoreDocs) {
      Ranking.Ranked found = byDoc.remove(hit.doc);
      if (found != null) {
        sorted.add(found);
      }
    }
    sorted.addAll(byDoc.values()); // where time was up
    return ranking.inOrder(sorted);
  }
}
