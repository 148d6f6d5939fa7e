package io.github.semblance.cli;

import io.github.semblance.index.Tuning;
import io.github.semblance.search.Fusion;
import java.util.Locale;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Shows how much meaning weighs in an index, and why. Stateless. */
final class TuningText {
  private TuningText() {}

  /** One line for a person. */
  static String line(Tuning tuning) {
    float usual = Fusion.DEFAULT_SEMANTIC_WEIGHT;
    String asked =
        switch (tuning.origin()) {
          case TITLES ->
              String.format(Locale.ROOT, "%,d titles asked of the texts", tuning.questions());
          case JUDGEMENTS -> String.format(Locale.ROOT, "%,d judged queries", tuning.questions());
        };
    return tuning.semanticWeight() == usual
        ? String.format(
            Locale.ROOT,
            "Meaning weighs %.2f, the default: %s give no reason for another weight (%s %.3f).",
            usual,
            asked,
            tuning.measure(),
            tuning.before())
        : String.format(
            Locale.ROOT,
            "Meaning weighs %.2f instead of %.2f: %s give %s %.3f instead of %.3f (standard error of"
                + " the difference %.3f).",
            tuning.semanticWeight(),
            usual,
            asked,
            tuning.measure(),
            tuning.after(),
            tuning.before(),
            tuning.error());
  }

  /** The same for programs. */
  static ObjectNode json(Tuning tuning) {
    return JsonMapper.shared()
        .createObjectNode()
        .put("semantic_weight", rounded(tuning.semanticWeight()))
        .put("origin", tuning.origin().name().toLowerCase(Locale.ROOT))
        .put("questions", tuning.questions())
        .put("measure", tuning.measure())
        .put("before", rounded(tuning.before()))
        .put("after", rounded(tuning.after()))
        .put("error", rounded(tuning.error()));
  }

  private static double rounded(double value) {
    return Math.round(value * 1e5) / 1e5;
  }
}
