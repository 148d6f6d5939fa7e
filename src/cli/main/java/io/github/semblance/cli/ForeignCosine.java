package io.github.semblance.cli;

import io.github.semblance.embed.TextEmbedder;
import io.github.semblance.search.ForeignQuestions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How close an index comes to questions that it does not answer, and what follows from that.
 *
 * @param median the cosine of the closest passage, in the median of those questions
 * @param limit the cosine from which a question seems to be answered
 */
record ForeignCosine(float median, float limit) {
  /**
   * Measures the latest commit of an index.
   *
   * @return null if the model has no calibration, or the index no vector
   */
  static @Nullable ForeignCosine of(Path folder, TextEmbedder embedder) throws IOException {
    Optional<Float> median = ForeignQuestions.cosine(folder, embedder);
    return median
        .map(
            cosine ->
                new ForeignCosine(
                    cosine,
                    embedder
                        .calibration()
                        .orElseThrow()
                        .in(cosine)
                        .leastCosine(Search.USUAL_CONFIDENCE)))
        .orElse(null);
  }

  /** One line for a person. */
  String line() {
    return String.format(
        Locale.ROOT,
        "A question seems to be answered from a cosine of %.2f on: a hundred about other things come"
            + " as close as %.2f in the median.",
        limit,
        median);
  }
}
