package io.github.semblance.evaluate;

import io.github.semblance.evaluate.ColumnFile.LineException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Which documents answer which topics, and how well (qrels).
 *
 * <p>Immutable and safe for use by many threads. A grade above 0 means relevant, the higher the
 * more so; 0 or less means judged and found not relevant; a document without a grade counts as not
 * relevant.
 */
public final class Judgements {

  private final Map<String, Map<String, Integer>> grades;

  /**
   * Judgements from memory.
   *
   * @param grades grades by document, by topic
   */
  public Judgements(Map<String, Map<String, Integer>> grades) {
    Map<String, Map<String, Integer>> copy = new LinkedHashMap<>();
    grades.forEach(
        (topic, documents) ->
            copy.put(topic, Collections.unmodifiableMap(new LinkedHashMap<>(documents))));
    this.grades = Collections.unmodifiableMap(copy);
  }

  /**
   * Reads a file of TREC's format, four columns {@code topic iteration document grade} between
   * white space, or of BEIR's, three columns {@code query-id corpus-id score} between tabs, with
   * its header or without.
   *
   * @throws EvaluationException if the file is missing, empty or malformed, or judges a document
   *     twice for one topic
   */
  public static Judgements read(Path file) {
    Map<String, Map<String, Integer>> grades = new LinkedHashMap<>();
    ColumnFile.read(
        file,
        line -> line.strip().split(line.strip().split("\t", -1).length == 3 ? "\t" : "\\s+", -1),
        (number, columns) -> {
          if (columns.length != 3 && columns.length != 4) {
            throw new LineException(
                "a judgement must have 3 columns between tabs (BEIR) or 4 (TREC), got: "
                    + columns.length);
          }
          String grade = columns[columns.length - 1];
          if (number == 1 && columns.length == 3 && grade.equals("score")) {
            return;
          }
          add(grades, columns[0], columns[columns.length - 2], grade);
        });
    if (grades.isEmpty()) {
      throw new EvaluationException(file + " holds no judgements");
    }
    return new Judgements(grades);
  }

  private static void add(
      Map<String, Map<String, Integer>> grades, String topic, String document, String grade)
      throws LineException {
    int value;
    try {
      value = Integer.parseInt(grade);
    } catch (NumberFormatException e) {
      throw new LineException("a grade must be a whole number, got: \"" + grade + "\"");
    }
    if (grades.computeIfAbsent(topic, key -> new LinkedHashMap<>()).put(document, value) != null) {
      throw new LineException(
          "document \"" + document + "\" is judged twice for topic \"" + topic + "\"");
    }
  }

  /** The topics that have judgements. */
  public Set<String> topics() {
    return grades.keySet();
  }

  /** The grades by document of one topic; empty if it has no judgements. */
  public Map<String, Integer> grades(String topic) {
    return grades.getOrDefault(topic, Map.of());
  }
}
