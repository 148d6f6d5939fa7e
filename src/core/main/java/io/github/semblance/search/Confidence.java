package io.github.semblance.search;

import io.github.semblance.embed.Calibration;
import io.github.semblance.embed.TextEmbedder;
import io.github.semblance.index.IndexSchema;
import java.io.IOException;
import java.util.Optional;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.ConstantScoreQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.TopScoreDocCollectorManager;
import org.jspecify.annotations.Nullable;

/**
 * How sure it is that a question is answered: by the cosine of the closest of all documents, which
 * tells questions that belong elsewhere from those that a collection answers. A document that has
 * every word of the query answers it too, whatever a model makes of names and codes. For one
 * request.
 */
final class Confidence {
  private final Optional<Calibration> calibration;
  private final @Nullable Float least;

  private Confidence(Optional<Calibration> calibration, @Nullable Float least) {
    this.calibration = calibration;
    this.least = least;
  }

  /**
   * Prepares to judge.
   *
   * @param foreignCosine the index's, see {@link ForeignQuestions}; null if it was never measured
   * @throws SearchRequestException if the request has a minimum and the model no calibration
   */
  static Confidence of(
      TextEmbedder embedder, @Nullable Float foreignCosine, SearchRequest request) {
    Optional<Calibration> calibration =
        embedder
            .calibration()
            .map(usual -> foreignCosine == null ? usual : usual.in(foreignCosine));
    if (calibration.isEmpty() && request.minConfidence() != null && request.minConfidence() > 0) {
      throw new SearchRequestException(
          "the model \""
              + embedder.model().name()
              + "\" has no calibration that would tell a confidence; leave the minimum confidence"
              + " out, got: "
              + request.minConfidence());
    }
    return new Confidence(calibration, request.minConfidence());
  }

  /**
   * Judges what was found.
   *
   * @param allWords matches documents with every word of the query
   * @param filter of the request; null for none
   * @return null without a calibration, and where time was up: part of a search tells nothing of
   *     what the rest would have found
   */
  @Nullable Float in(
      IndexSearcher searcher, Ranking ranking, Query allWords, @Nullable Query filter)
      throws IOException {
    if (calibration.isEmpty() || Deadline.isOver(searcher)) {
      return null;
    }
    // Where meaning alone is as sure, nobody needs to look for words.
    boolean sure = calibration.get().confidence(ranking.closest()) >= Calibration.ALL_WORDS;
    float confidence =
        calibration
            .get()
            .confidence(ranking.closest(), !sure && anyMatch(searcher, allWords, filter));
    return Deadline.isOver(searcher) ? null : Float.valueOf(confidence);
  }

  private static boolean anyMatch(IndexSearcher searcher, Query query, @Nullable Query filter)
      throws IOException {
    BooleanQuery.Builder allowed =
        new BooleanQuery.Builder()
            .add(query, Occur.FILTER)
            .add(IndexSchema.passagesOnly(), Occur.MUST_NOT);
    if (filter != null) {
      allowed.add(filter, Occur.FILTER);
    }
    // Without scores the search ends at the first match.
    return searcher.search(
                new ConstantScoreQuery(allowed.build()), new TopScoreDocCollectorManager(1, 1))
            .scoreDocs
            .length
        > 0;
  }

  boolean isTooLow(@Nullable Float confidence) {
    return confidence != null && least != null && confidence < least;
  }
}
