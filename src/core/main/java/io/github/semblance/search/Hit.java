package io.github.semblance.search;

import java.util.List;
import java.util.Map;
import org.apache.lucene.search.Explanation;
import org.jspecify.annotations.Nullable;

/**
 * One found document. Immutable.
 *
 * @param rank 1 for the best
 * @param score BM25 in BM25 mode, the cosine in semantic mode, the fused score in hybrid mode; of a
 *     query in Lucene syntax the sum over its clauses; where the request asks for reranking, what
 *     {@link Rerank} makes of it
 * @param id the document's id
 * @param lexical where the keyword leg found the document, its score a BM25 score, in hybrid mode
 *     with {@link LexicalQuery}'s weights; null if it did not, if hits of BM25 mode are sorted by a
 *     field or grouped, or in hybrid mode the query is in Lucene syntax, which has no legs
 * @param semantic where the vector leg found the document, its score a cosine; null if it did not,
 *     or as above
 * @param rerank its place among the passages that a reranker has read, its score a logit; null if
 *     it has not read this one
 * @param group the group that it is the best of; null if the request asks for none
 * @param title may be empty
 * @param text the whole text; may be empty
 * @param fields keyword values by field, in the order they were indexed
 * @param passage the passage closest to the query; null where no vector is read: in BM25 mode and
 *     without a semantic clause
 * @param snippet what to show of the text
 * @param highlight the sentence of the passage that is closest to the question; null unless asked
 *     for, time was left for it and the passage has words
 * @param explanation how the score came about; null unless asked for and time was left for it
 */
public record Hit(
    int rank,
    float score,
    String id,
    @Nullable Leg lexical,
    @Nullable Leg semantic,
    @Nullable Leg rerank,
    @Nullable Group group,
    String title,
    String text,
    Map<String, List<String>> fields,
    @Nullable PassageText passage,
    Snippet snippet,
    @Nullable Highlight highlight,
    @Nullable Explanation explanation) {

  /**
   * A document's place in one leg's ranking.
   *
   * @param rank 1 for the best
   * @param score as that leg scores
   */
  public record Leg(int rank, float score) {}

  /**
   * Documents that have the same value of a field.
   *
   * @param value the value; null for the documents that have none
   * @param count how many of the documents found are in the group, at least 1
   */
  public record Group(@Nullable String value, long count) {}

  /**
   * A passage of a text.
   *
   * @param text its words
   * @param start offset of its first {@code char} in the document's text
   * @param end offset after its last
   * @param place where in the document it stands
   */
  public record PassageText(String text, int start, int end, Place place) {

    /** A passage of a text that is all one. */
    public PassageText(String text, int start, int end) {
      this(text, start, end, Place.UNKNOWN);
    }
  }
}
