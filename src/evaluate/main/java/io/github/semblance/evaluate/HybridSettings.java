package io.github.semblance.evaluate;

import io.github.semblance.search.SearchMode;
import io.github.semblance.search.SearchRequest;
import org.jspecify.annotations.Nullable;

/**
 * How hybrid search is asked in an experiment; the other modes know nothing of it. Immutable.
 *
 * @param semanticWeight as in {@link SearchRequest#semanticWeight()}
 * @param feedback as in {@link SearchRequest#feedback()}
 */
public record HybridSettings(@Nullable Float semanticWeight, boolean feedback) {
  /** The index's own weight, without feedback. */
  public static final HybridSettings DEFAULT = new HybridSettings(null, false);

  /**
   * How a topic is asked.
   *
   * @throws io.github.semblance.search.SearchRequestException if the weight is out of range
   */
  public SearchRequest request(Topic topic, SearchMode mode, int top) {
    return builder(topic, mode, top).build();
  }

  /** The same, to be refined. */
  SearchRequest.Builder builder(Topic topic, SearchMode mode, int top) {
    SearchRequest.Builder request = SearchRequest.builder(topic.text()).mode(mode).top(top);
    topic
        .filters()
        .forEach((field, values) -> values.forEach(value -> request.filter(field, value)));
    if (mode == SearchMode.HYBRID) {
      if (semanticWeight != null) {
        request.semanticWeight(semanticWeight);
      }
      request.feedback(feedback);
    }
    return request;
  }
}
