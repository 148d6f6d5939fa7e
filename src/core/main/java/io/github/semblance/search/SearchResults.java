package io.github.semblance.search;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.lucene.search.TotalHits;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a {@link SearchRequest}, with what it cost. Immutable.
 *
 * @param request what was asked
 * @param total how many documents were found: in BM25 mode and for Lucene syntax all that match, or
 *     100,000 as a lower bound if its relation says so; in semantic mode those within the depth of
 *     the vector search; in hybrid mode the candidates that were fused. A lower bound as well where
 *     time was up
 * @param took from the request's arrival to the last snippet, embedding the query included
 * @param hits best first, at most {@link Page#top()}
 * @param facets of each field that {@link Page#facets()} names how many of the documents found have
 *     which value, the most frequent values first and equally frequent ones by code points. Counted
 *     are all that {@code total} counts: every match in BM25 mode and for Lucene syntax, and past
 *     100,000 too, the candidates in the other modes; none where hits are withheld
 * @param ignoredTerms query terms left out of the keyword search because Lucene's limit of clauses
 *     holds no more of them; the most telling ones are kept
 * @param droppedTokens word pieces of the query beyond the model's window, which its vector does
 *     not know of
 * @param timedOut whether the request's time limit or that of the searcher was over, or the search
 *     was cancelled, before all was found: the hits are then the best of what was found by then
 * @param confidence how sure it is that the documents searched answer the question, in [0, 1],
 *     whichever hit does: by the cosine of the closest passage, and at least 0.9 if a document has
 *     every word of the query; null in BM25 mode, for other questions than plain words, with a
 *     model that has no calibration, and where time was up or no document passes the filters
 * @param reranking what became of the reranking that the request asks for; null if it asks for none
 * @param emptyFilter whether nothing was found because no document passes all filters and ranges of
 *     the request
 */
public record SearchResults(
    SearchRequest request,
    TotalHits total,
    Duration took,
    List<Hit> hits,
    Map<String, List<FacetCount>> facets,
    int ignoredTerms,
    int droppedTokens,
    boolean timedOut,
    @Nullable Float confidence,
    @Nullable Reranking reranking,
    boolean emptyFilter) {

  /** Copies the collections. */
  public SearchResults {
    hits = List.copyOf(hits);
    Map<String, List<FacetCount>> copy = new LinkedHashMap<>();
    facets.forEach((field, counts) -> copy.put(field, List.copyOf(counts)));
    facets = Collections.unmodifiableMap(copy);
  }

  /** Whether hits were left out because the confidence is less than the request's minimum. */
  public boolean withheld() {
    Float least = request.minConfidence();
    return confidence != null && least != null && confidence < least;
  }
}
