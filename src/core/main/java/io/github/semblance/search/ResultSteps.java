package io.github.semblance.search;

import io.github.semblance.index.DocumentFields;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.lucene.search.IndexSearcher;

/**
 * What follows the query: steps that look at several documents at once, so that none of them can be
 * part of a query's score. For one search.
 */
final class ResultSteps {
  private final IndexSearcher searcher;
  private final DocumentFields documentFields;
  private final SearchableFields fields;
  private final Deadline deadline;
  private final SearchRequest request;
  private final float cosineFloor;

  ResultSteps(
      IndexSearcher searcher,
      DocumentFields documentFields,
      SearchableFields fields,
      Deadline deadline,
      SearchRequest request,
      float cosineFloor) {
    this.cosineFloor = cosineFloor;
    this.searcher = searcher;
    this.documentFields = documentFields;
    this.fields = fields;
    this.deadline = deadline;
    this.request = request;
  }

  /** How many documents the query must rank for the steps. */
  static int depth(SearchRequest request) {
    Rerank rerank = request.rerank();
    return Math.max(request.page().end(), rerank == null ? 0 : rerank.depth());
  }

  /** The answer after all steps that the request asks for. */
  Answer apply(Answer searched) throws IOException {
    Answer answer = searched;
    String groupBy = request.page().groupBy();
    Rerank rerank = request.rerank();
    if (rerank != null) {
      answer =
          new RerankStep(rerank, searcher, documentFields, deadline)
              .apply(request.question().text(), answer);
    }
    if (!request.page().sort().isEmpty() && !request.ranksEveryMatch()) {
      answer =
          answer.withRanking(
              FieldSort.sort(searcher, answer.ranking(), fields.sort(request.page().sort())));
    }
    if (request.page().diversity() > 0) {
      answer =
          answer.withRanking(
              DiversityStep.apply(
                  searcher,
                  answer.ranking(),
                  request.page().diversity(),
                  cosineFloor,
                  groupBy == null ? request.page().end() : DiversityStep.POOL));
    }
    if (groupBy != null) {
      GroupStep groups = new GroupStep(fields.exact("group", groupBy));
      answer = answer.withRanking(groups.apply(searcher, answer.ranking()));
    }
    return answer;
  }

  /** See {@link SearchResults#facets()}. */
  Map<String, List<FacetCount>> facets(Ranking ranking) throws IOException {
    Map<String, List<FacetCount>> facets = new LinkedHashMap<>();
    for (Map.Entry<String, Integer> facet : request.page().facets().entrySet()) {
      String field = fields.exact("facet", facet.getKey());
      facets.put(
          facet.getKey(),
          FacetCounter.most(
              FacetCounter.count(searcher, ranking.scored(), field), facet.getValue()));
    }
    return facets;
  }
}
