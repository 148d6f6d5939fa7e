package io.github.semblance.index;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How much meaning weighs in the answers of one index, and what says so: kept in the user data of
 * its commits. Immutable.
 *
 * @param semanticWeight the share of meaning in a hybrid score, in [0, 1]
 * @param origin where the weight comes from
 * @param questions how many questions were asked to find it, at least 1
 * @param measure what their answers were measured by, for people, as in {@code ndcg@10}
 * @param before its mean with the default weight
 * @param after its mean with this weight
 * @param error the standard error of the difference between the two means, at least 0; 0 if both
 *     weights are the same
 */
public record Tuning(
    float semanticWeight,
    Origin origin,
    int questions,
    String measure,
    double before,
    double after,
    double error) {
  private static final String PREFIX = "semblance.tuning.";

  /** Where a weight comes from. */
  public enum Origin {
    /** The index's own titles, each asked of the texts. */
    TITLES,
    /** Queries of which somebody has judged the answers. */
    JUDGEMENTS
  }

  /** Checks the ranges stated above. */
  public Tuning {
    if (!(semanticWeight >= 0 && semanticWeight <= 1)) {
      throw new IllegalArgumentException(
          "semanticWeight must be in [0, 1], got: " + semanticWeight);
    }
    if (questions < 1) {
      throw new IllegalArgumentException("questions must be at least 1, got: " + questions);
    }
    if (!Double.isFinite(before) || !Double.isFinite(after)) {
      throw new IllegalArgumentException(
          "before and after must be finite, got: " + before + " and " + after);
    }
    if (!(error >= 0 && error < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("error must be at least 0, got: " + error);
    }
  }

  /** The form in which a commit carries this. */
  Map<String, String> toUserData() {
    Map<String, String> userData = new TreeMap<>();
    userData.put(PREFIX + "semantic_weight", Float.toString(semanticWeight));
    userData.put(PREFIX + "origin", origin.name());
    userData.put(PREFIX + "questions", Integer.toString(questions));
    userData.put(PREFIX + "measure", measure);
    userData.put(PREFIX + "before", Double.toString(before));
    userData.put(PREFIX + "after", Double.toString(after));
    userData.put(PREFIX + "error", Double.toString(error));
    return userData;
  }

  /**
   * Finds a tuning in a commit's user data.
   *
   * @return null if the index was never tuned
   * @throws IllegalArgumentException if an entry is missing or out of range
   */
  static @Nullable Tuning of(Map<String, String> userData) {
    if (userData.keySet().stream().noneMatch(key -> key.startsWith(PREFIX))) {
      return null;
    }
    return new Tuning(
        Float.parseFloat(require(userData, "semantic_weight")),
        Origin.valueOf(require(userData, "origin")),
        Integer.parseInt(require(userData, "questions")),
        require(userData, "measure"),
        Double.parseDouble(require(userData, "before")),
        Double.parseDouble(require(userData, "after")),
        Double.parseDouble(require(userData, "error")));
  }

  private static String require(Map<String, String> userData, String key) {
    String value = userData.get(PREFIX + key);
    if (value == null) {
      throw new IllegalArgumentException("\"" + PREFIX + key + "\" is missing");
    }
    return value;
  }
}
