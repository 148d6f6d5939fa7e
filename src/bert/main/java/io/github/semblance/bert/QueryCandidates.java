package io.github.semblance.bert;

import java.util.List;

/**
 * Encoders of the same vectors as an {@link Encoder}, each of which may be faster than it for short
 * texts.
 *
 * @param encoders not yet warm
 * @param reason why there are none, for people; empty if there are some
 */
record QueryCandidates(List<QueryEncoder> encoders, String reason) {
  QueryCandidates {
    encoders = List.copyOf(encoders);
  }

  static QueryCandidates none(String reason) {
    return new QueryCandidates(List.of(), reason);
  }
}
