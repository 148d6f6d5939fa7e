package io.github.semblance.evaluate;

import io.github.semblance.evaluate.ColumnFile.LineException;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a system answered to each topic: documents with scores.
 *
 * <p>Immutable and safe for use by many threads. The order of answers is the one that {@code
 * trec_eval} gives them: by falling score, taken as a {@code float}; of equal scores, the document
 * with the greater id, by its UTF-8 bytes, comes first. Ranks in a file do not matter.
 */
public final class TrecRun {

  /** One answer. */
  public record Answer(String document, float score) {}

  private static final Comparator<Answer> TREC_ORDER =
      Comparator.comparingDouble(Answer::score)
          .thenComparing(
              answer -> answer.document().getBytes(StandardCharsets.UTF_8), Arrays::compareUnsigned)
          .reversed();

  private final String tag;
  private final Map<String, List<Answer>> answers = new LinkedHashMap<>();

  /**
   * A run from memory.
   *
   * @param tag name of the system
   * @param answers answers by topic, in any order
   * @throws EvaluationException if a document answers one topic twice or a score is not a number
   */
  public TrecRun(String tag, Map<String, List<Answer>> answers) {
    this.tag = tag;
    answers.forEach(
        (topic, given) -> {
          Set<String> seen = new HashSet<>();
          for (Answer answer : given) {
            if (!seen.add(answer.document())) {
              throw new EvaluationException(
                  "document \"" + answer.document() + "\" answers topic \"" + topic + "\" twice");
            }
            if (Float.isNaN(answer.score())) {
              throw new EvaluationException(
                  "the score of document \""
                      + answer.document()
                      + "\" for topic \""
                      + topic
                      + "\" must be a number, got: NaN");
            }
          }
          this.answers.put(topic, given.stream().sorted(TREC_ORDER).toList());
        });
  }

  /**
   * Reads a run file: {@code topic Q0 document rank score tag}, between white space.
   *
   * @throws EvaluationException if the file is missing, empty or malformed, or has a document twice
   *     for one topic
   */
  public static TrecRun read(Path file) {
    Map<String, List<Answer>> answers = new LinkedHashMap<>();
    String[] tag = {""};
    ColumnFile.read(
        file,
        line -> line.strip().split("\\s+"),
        (number, columns) -> {
          if (columns.length != 6) {
            throw new LineException("a run must have 6 columns, got: " + columns.length);
          }
          try {
            answers
                .computeIfAbsent(columns[0], key -> new ArrayList<>())
                .add(new Answer(columns[2], Float.parseFloat(columns[4])));
          } catch (NumberFormatException e) {
            throw new LineException("a score must be a number, got: \"" + columns[4] + "\"");
          }
          tag[0] = columns[5];
        });
    if (answers.isEmpty()) {
      throw new EvaluationException(file + " holds no answers");
    }
    try {
      return new TrecRun(tag[0], answers);
    } catch (EvaluationException e) {
      throw new EvaluationException(file + ": " + e.getMessage(), e);
    }
  }

  /**
   * Writes a run file that {@code trec_eval} and {@link #read} take.
   *
   * @throws EvaluationException if an id or the tag is empty or has white space, which the format
   *     cannot hold, or the file cannot be written
   */
  public void write(Path file) {
    checkWord("the tag", tag);
    answers.forEach(
        (topic, ranked) -> {
          checkWord("a topic", topic);
          ranked.forEach(answer -> checkWord("a document", answer.document()));
        });
    try (BufferedWriter out = Files.newBufferedWriter(file)) {
      for (Map.Entry<String, List<Answer>> topic : answers.entrySet()) {
        int rank = 0;
        for (Answer answer : topic.getValue()) {
          rank++;
          out.write(
              topic.getKey()
                  + " Q0 "
                  + answer.document()
                  + " "
                  + rank
                  + " "
                  + answer.score()
                  + " "
                  + tag
                  + "\n");
        }
      }
    } catch (IOException e) {
      throw new EvaluationException(file + " cannot be written: " + e, e);
    }
  }

  private static void checkWord(String what, String word) {
    if (!word.matches("\\S+")) {
      throw new EvaluationException(
          what + " in a TREC run must be one word without white space, got: \"" + word + "\"");
    }
  }

  /** Name of the system. */
  public String tag() {
    return tag;
  }

  /** The ids of one topic's answers, best first, each once; empty if there are none. */
  public List<String> ranking(String topic) {
    return answers.getOrDefault(topic, List.of()).stream().map(Answer::document).toList();
  }
}
