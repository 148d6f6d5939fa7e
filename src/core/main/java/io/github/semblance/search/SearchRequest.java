package io.github.semblance.search;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One question and how to answer it. Immutable; made by {@link #builder(String)} and its like.
 *
 * @param question what is asked
 * @param mode which evidence to use; {@link Question.Syntax} knows hybrid, in which it may have
 *     semantic clauses, and BM25, in which it may not; {@link Question.Like} semantic only
 * @param page which of the hits to return, and what to tell of all of them
 * @param filters exact keyword values by field: a document must have one of the values of every
 *     field
 * @param ranges numbers or dates by keyword field, both ends included: a document must have a value
 *     in each of them. An end that is a day, a month or a year is included to its end
 * @param boosts weights by field of what its terms add to the BM25 score of the catch-all field;
 *     more than 0; for {@link Question.Words}, not in semantic mode
 * @param minSimilarity the least cosine, in [-1, 1], at which meaning alone finds a document; null
 *     for no limit; not for BM25 mode. In hybrid mode a document that keywords find stays
 * @param semanticWeight the share of meaning in a hybrid score, in [0, 1]; null for the index's
 *     own, see {@link SemanticSearcher#semanticWeight()}; for {@link Question.Words} in hybrid mode
 * @param feedback whether to search once more with the query's vector moved towards the two best
 *     hits, by half the length of the query; for {@link Question.Words} in hybrid mode. It finds
 *     more of what is relevant, takes a second search, and is led astray where the first hits are
 * @param minConfidence the least {@link SearchResults#confidence()}, in [0, 1], at which hits are
 *     returned; null for no limit; for {@link Question.Words}, not in BM25 mode, and more than 0
 *     only with a model that has a calibration
 * @param explain whether each hit tells how its score came about
 * @param highlight whether each hit tells which sentence of its passage is closest in meaning, see
 *     {@link Hit#highlight()}; for {@link Question.Words}, not in BM25 mode. The sentences of what
 *     is shown are embedded unless they were lately: 3 to 11 ms for each hit of MiniLM
 * @param timeLimit how long the search may take, more than 0; null for no limit. It counts from the
 *     search's beginning, and embedding the query counts too, but is not broken off. When it is
 *     over, the search returns what it has found and {@link SearchResults#timedOut()} is true; the
 *     best hundred of that are still read, which takes milliseconds
 * @param rerank how the best are read again, within the time limit; null for not at all. For {@link
 *     Question.Words} in hybrid mode, whose scores a reranker's can be added to
 */
public record SearchRequest(
    Question question,
    SearchMode mode,
    Page page,
    Map<String, List<String>> filters,
    Map<String, ComparableRange> ranges,
    Map<String, Float> boosts,
    @Nullable Float minSimilarity,
    @Nullable Float semanticWeight,
    boolean feedback,
    @Nullable Float minConfidence,
    boolean explain,
    boolean highlight,
    @Nullable Duration timeLimit,
    @Nullable Rerank rerank) {

  /**
   * Checks the rules stated above.
   *
   * @throws SearchRequestException if one is broken
   */
  public SearchRequest {
    requireMode(question, mode);
    if (!boosts.isEmpty() && !(question instanceof Question.Words)) {
      throw new SearchRequestException(
          "boosts weigh the fields of plain words and do not apply here, got: " + boosts);
    }
    if (!boosts.isEmpty() && mode == SearchMode.SEMANTIC) {
      throw new SearchRequestException(
          "boosts weigh keywords and do not apply to semantic mode, got: " + boosts);
    }
    boosts.forEach(
        (field, weight) -> {
          if (!(weight > 0 && weight < Float.POSITIVE_INFINITY)) {
            throw new SearchRequestException(
                "the boost of field \"" + field + "\" must be more than 0, got: " + weight);
          }
        });
    if (minSimilarity != null) {
      if (mode == SearchMode.BM25) {
        throw new SearchRequestException(
            "a minimum similarity limits meaning and does not apply to bm25 mode, got: "
                + minSimilarity);
      }
      if (!(minSimilarity >= -1 && minSimilarity <= 1)) {
        throw new SearchRequestException(
            "the minimum similarity is a cosine from -1 to 1, got: " + minSimilarity);
      }
    }
    requireFusion(question, mode, semanticWeight, feedback);
    requireConfidence(question, mode, minConfidence);
    if (highlight && (mode == SearchMode.BM25 || !(question instanceof Question.Words))) {
      throw new SearchRequestException(
          "sentences are highlighted by their meaning for plain words in hybrid and semantic mode,"
              + " got mode: "
              + mode);
    }
    if (page.diversity() > 0 && (mode == SearchMode.BM25 || question instanceof Question.Syntax)) {
      throw new SearchRequestException(
          "diversity compares candidates by meaning, for which plain words or a document are"
              + " searched in hybrid or semantic mode, got: "
              + page.diversity()
              + " in mode "
              + mode);
    }
    if (timeLimit != null && !timeLimit.isPositive()) {
      throw new SearchRequestException("the time limit must be more than 0, got: " + timeLimit);
    }
    if (rerank != null && !(mode == SearchMode.HYBRID && question instanceof Question.Words)) {
      throw new SearchRequestException(
          "reranking follows a hybrid search for plain words, got mode " + mode);
    }
    Map<String, List<String>> copy = new LinkedHashMap<>();
    filters.forEach(
        (field, values) -> {
          if (values.isEmpty()) {
            throw new SearchRequestException(
                "the filter on field \"" + field + "\" must have at least one value, got none");
          }
          copy.put(field, List.copyOf(values));
        });
    filters = Collections.unmodifiableMap(copy);
    ranges.forEach((field, range) -> range.requireFor(field));
    ranges = Collections.unmodifiableMap(new LinkedHashMap<>(ranges));
    boosts = Collections.unmodifiableMap(new LinkedHashMap<>(boosts));
  }

  /** Whether every match is ranked; else it is candidates, which a search by meaning ends with. */
  boolean ranksEveryMatch() {
    return mode == SearchMode.BM25 || question instanceof Question.Syntax;
  }

  private static void requireMode(Question question, SearchMode mode) {
    switch (question) {
      case Question.Words words -> {}
      case Question.Syntax syntax -> {
        if (mode == SearchMode.SEMANTIC) {
          throw new SearchRequestException(
              "a query in Lucene syntax says itself what is meant; its modes are hybrid and bm25,"
                  + " got: "
                  + mode);
        }
      }
      case Question.Like like -> {
        if (mode != SearchMode.SEMANTIC) {
          throw new SearchRequestException(
              "more documents like one are found by meaning; the mode is semantic, got: " + mode);
        }
      }
    }
  }

  private static void requireFusion(
      Question question, SearchMode mode, @Nullable Float semanticWeight, boolean feedback) {
    boolean fuses = question instanceof Question.Words && mode == SearchMode.HYBRID;
    if (semanticWeight != null) {
      if (!fuses) {
        throw new SearchRequestException(
            "the weight of meaning applies to plain words in hybrid mode only, got: "
                + semanticWeight
                + " in mode "
                + mode);
      }
      if (!(semanticWeight >= 0 && semanticWeight <= 1)) {
        throw new SearchRequestException(
            "the weight of meaning is a number from 0 to 1, got: " + semanticWeight);
      }
    }
    if (feedback && !fuses) {
      throw new SearchRequestException(
          "feedback applies to plain words in hybrid mode only, got mode: " + mode);
    }
  }

  private static void requireConfidence(
      Question question, SearchMode mode, @Nullable Float minConfidence) {
    if (minConfidence == null) {
      return;
    }
    if (mode == SearchMode.BM25 || !(question instanceof Question.Words)) {
      throw new SearchRequestException(
          "a minimum confidence applies to plain words in hybrid and semantic mode, got: "
              + minConfidence
              + " in mode "
              + mode);
    }
    if (!(minConfidence >= 0 && minConfidence <= 1)) {
      throw new SearchRequestException(
          "the minimum confidence is a number from 0 to 1, got: " + minConfidence);
    }
  }

  /** A hybrid search for the ten best hits of a person's words, to be refined. */
  public static Builder builder(String words) {
    return new Builder(new Question.Words(words), SearchMode.HYBRID);
  }

  /** A search for the ten best hits of a query in Lucene syntax, to be refined. */
  public static Builder syntax(String query) {
    return new Builder(new Question.Syntax(query), SearchMode.HYBRID);
  }

  /** A search for the ten documents closest to the one of that id, to be refined. */
  public static Builder like(String id) {
    return new Builder(new Question.Like(id), SearchMode.SEMANTIC);
  }

  /** Collects a request; for one thread. */
  public static final class Builder {
    private final Question question;
    private SearchMode mode;
    private int from;
    private int top = 10;
    private final List<FieldOrder> sort = new ArrayList<>();
    private float diversity;
    private @Nullable String groupBy;
    private final Map<String, Integer> facets = new LinkedHashMap<>();
    private final Map<String, List<String>> filters = new LinkedHashMap<>();
    private final Map<String, ComparableRange> ranges = new LinkedHashMap<>();
    private final Map<String, Float> boosts = new LinkedHashMap<>();
    private @Nullable Float minSimilarity;
    private @Nullable Float semanticWeight;
    private boolean feedback;
    private @Nullable Float minConfidence;
    private boolean explain;
    private boolean highlight;
    private @Nullable Duration timeLimit;
    private @Nullable Rerank rerank;

    private Builder(Question question, SearchMode mode) {
      this.question = question;
      this.mode = mode;
    }

    /** Which evidence to use. */
    public Builder mode(SearchMode value) {
      this.mode = value;
      return this;
    }

    /** How many hits to return at most; 10 by default. */
    public Builder top(int value) {
      this.top = value;
      return this;
    }

    /** How many of the best hits to leave out; none by default. See {@link Page#from()}. */
    public Builder from(int value) {
      this.from = value;
      return this;
    }

    /**
     * Orders hits by a field, and by the next one named where that does not decide. By their scores
     * by default.
     */
    public Builder sort(String field, boolean descending) {
      return sort(new FieldOrder(field, descending));
    }

    /** As above. */
    public Builder sort(FieldOrder order) {
      sort.add(order);
      return this;
    }

    /** How much hits are to differ, from 0, the default, to 1. See {@link Page#diversity()}. */
    public Builder diversity(float value) {
      this.diversity = value;
      return this;
    }

    /** Keeps of each value of a keyword field the best document. See {@link Page#groupBy()}. */
    public Builder groupBy(String field) {
      this.groupBy = field;
      return this;
    }

    /**
     * Counts the values that the documents found have in a keyword field.
     *
     * @param values how many to tell at most, the most frequent ones
     */
    public Builder facet(String field, int values) {
      facets.put(field, values);
      return this;
    }

    /** Asks for one more value of a keyword field: any of one field's values, all of the fields. */
    public Builder filter(String field, String value) {
      filters.computeIfAbsent(field, name -> new ArrayList<>()).add(value);
      return this;
    }

    /**
     * Asks for a number or a date of a keyword field.
     *
     * @param low the least one, as in {@code "20"} or {@code "2024-02"}; null for no limit
     * @param high the largest one; null for no limit
     * @throws SearchRequestException if the ends are neither numbers nor dates, or the first is the
     *     larger
     */
    public Builder range(String field, @Nullable String low, @Nullable String high) {
      ComparableRange range = ComparableRange.including(low, high);
      range.requireFor(field);
      if (ranges.put(field, range) != null) {
        throw new SearchRequestException(
            "field \"" + field + "\" must have one range at most; give both ends at once");
      }
      return this;
    }

    /** Adds the BM25 score of a field, times a weight, to that of the catch-all field. */
    public Builder boost(String field, float weight) {
      boosts.put(field, weight);
      return this;
    }

    /** The least cosine at which meaning alone finds a document. */
    public Builder minSimilarity(float cosine) {
      this.minSimilarity = cosine;
      return this;
    }

    /** The share of meaning in the score, from 0 to 1; by default the index's own. */
    public Builder semanticWeight(float weight) {
      this.semanticWeight = weight;
      return this;
    }

    /** Whether to search once more, moved towards the best hits; not by default. */
    public Builder feedback(boolean value) {
      this.feedback = value;
      return this;
    }

    /** The least confidence at which hits are returned, from 0 to 1; any by default. */
    public Builder minConfidence(float confidence) {
      this.minConfidence = confidence;
      return this;
    }

    /** Whether each hit tells how its score came about; not by default. */
    public Builder explain(boolean value) {
      this.explain = value;
      return this;
    }

    /** Whether each hit tells which of its sentences is closest in meaning; not by default. */
    public Builder highlight(boolean value) {
      this.highlight = value;
      return this;
    }

    /** How long the search may take; without limit by default. */
    public Builder timeLimit(Duration value) {
      this.timeLimit = value;
      return this;
    }

    /** Has the best of a hybrid search read again by a model; not by default. */
    public Builder rerank(Rerank value) {
      this.rerank = value;
      return this;
    }

    /**
     * The request as collected.
     *
     * @throws SearchRequestException if it breaks a rule of {@link SearchRequest}
     */
    public SearchRequest build() {
      return new SearchRequest(
          question,
          mode,
          new Page(from, top, sort, diversity, groupBy, facets),
          filters,
          ranges,
          boosts,
          minSimilarity,
          semanticWeight,
          feedback,
          minConfidence,
          explain,
          highlight,
          timeLimit,
          rerank);
    }
  }
}
