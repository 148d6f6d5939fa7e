package io.github.semblance.search;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class SearchRequestTest {

  @Test
  void whatHasNoAnswerIsRefused() {
    assertEquals(
        "the query must not be empty",
        assertThrows(SearchRequestException.class, () -> SearchRequest.builder(" \n"))
            .getMessage());
    assertRefused("top must be at least 1, got: 0", SearchRequest.builder("q").top(0));
    assertRefused(
        "the boost of field \"title\" must be more than 0, got: -1.0",
        SearchRequest.builder("q").boost("title", -1));
    assertRefused(
        "boosts weigh keywords and do not apply to semantic mode, got: {title=2.0}",
        SearchRequest.builder("q").mode(SearchMode.SEMANTIC).boost("title", 2));
    assertRefused(
        "the minimum similarity is a cosine from -1 to 1, got: 1.5",
        SearchRequest.builder("q").minSimilarity(1.5f));
    assertRefused(
        "a minimum similarity limits meaning and does not apply to bm25 mode, got: 0.5",
        SearchRequest.builder("q").mode(SearchMode.BM25).minSimilarity(0.5f));
    assertRefused(
        "a query in Lucene syntax says itself what is meant; its modes are hybrid and bm25, got:"
            + " semantic",
        SearchRequest.syntax("q").mode(SearchMode.SEMANTIC));
    assertRefused(
        "boosts weigh the fields of plain words and do not apply here, got: {title=2.0}",
        SearchRequest.syntax("q").boost("title", 2));
    assertRefused(
        "more documents like one are found by meaning; the mode is semantic, got: hybrid",
        SearchRequest.like("1").mode(SearchMode.HYBRID));
    assertRefused(
        "the weight of meaning is a number from 0 to 1, got: 1.5",
        SearchRequest.builder("q").semanticWeight(1.5f));
    assertRefused(
        "the weight of meaning applies to plain words in hybrid mode only, got: 0.5 in mode bm25",
        SearchRequest.builder("q").mode(SearchMode.BM25).semanticWeight(0.5f));
    assertRefused(
        "feedback applies to plain words in hybrid mode only, got mode: semantic",
        SearchRequest.builder("q").mode(SearchMode.SEMANTIC).feedback(true));
    assertRefused(
        "a minimum confidence applies to plain words in hybrid and semantic mode, got: 0.5 in mode"
            + " hybrid",
        SearchRequest.syntax("q").minConfidence(0.5f));
    assertRefused(
        "the minimum confidence is a number from 0 to 1, got: NaN",
        SearchRequest.builder("q").minConfidence(Float.NaN));
  }

  private static void assertRefused(String message, SearchRequest.Builder request) {
    assertEquals(message, assertThrows(SearchRequestException.class, request::build).getMessage());
  }
}
