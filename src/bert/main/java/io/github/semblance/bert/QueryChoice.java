package io.github.semblance.bert;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What answers short queries, by their length, and the measurements that say so. Immutable.
 *
 * @param lengths by rising length; what is longer than the last is left to libtorch
 */
record QueryChoice(List<Length> lengths) {
  /** What libtorch is called among candidates. */
  static final String LIBTORCH = "libtorch";

  private static final Pattern LINE =
      Pattern.compile("(\\d{1,4}): (.{1,60}) (\\S{1,12}) (\\S{1,12}) (\\S{1,12}) (\\S{1,12})");

  /** On an idle machine the 90th percentile is 1.05 to 1.2 times the median. */
  private static final double CALM = 1.5;

  QueryChoice {
    lengths = List.copyOf(lengths);
  }

  /** What a candidate took, in milliseconds. */
  record Times(double median, double tail) {
    /** What candidates are compared by: a slow tail weighs as much as a slow middle. */
    double both() {
      return median + tail;
    }

    @Override
    public String toString() {
      return String.format(Locale.ROOT, "%.2f/%.2f", median, tail);
    }
  }

  /**
   * The outcome for some lengths.
   *
   * @param upTo the longest text, in word pieces
   * @param best the name of the fastest candidate
   * @param times its times
   * @param libtorch the times of libtorch
   */
  record Length(int upTo, String best, Times times, Times libtorch) {}

  /** The name of what answers a text of so many word pieces. */
  String of(int length) {
    for (Length each : lengths) {
      if (length <= each.upTo) {
        return each.best;
      }
    }
    return LIBTORCH;
  }

  /** Whether all that it names is among these candidates, or libtorch. */
  boolean isAmong(List<String> candidates) {
    return lengths.stream()
        .allMatch(each -> each.best.equals(LIBTORCH) || candidates.contains(each.best));
  }

  /** Whether nothing else seems to have kept the processors busy meanwhile. */
  boolean isCalm() {
    long calm =
        lengths.stream().filter(each -> each.times.tail <= CALM * each.times.median).count();
    return 3 * calm >= 2L * lengths.size();
  }

  /** In one line for people. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("median/90th percentile in ms by word pieces: ");
    for (Length each : lengths) {
      text.append("up to ").append(each.upTo).append(' ').append(each.best).append(' ');
      text.append(each.times);
      if (!each.best.equals(LIBTORCH)) {
        text.append(", libtorch ").append(each.libtorch);
      }
      text.append("; ");
    }
    return text + "more libtorch";
  }

  /** Lines that {@link #parse} reads. */
  List<String> lines() {
    return lengths.stream()
        .map(
            each ->
                String.format(
                    Locale.ROOT,
                    "%d: %s %.3f %.3f %.3f %.3f",
                    each.upTo,
                    each.best,
                    each.times.median,
                    each.times.tail,
                    each.libtorch.median,
                    each.libtorch.tail))
        .toList();
  }

  /** What lines say, unless one of them is damaged. */
  static Optional<QueryChoice> parse(List<String> lines) {
    List<Length> lengths = new ArrayList<>();
    for (String line : lines) {
      Matcher matcher = LINE.matcher(line);
      if (!matcher.matches()) {
        return Optional.empty();
      }
      try {
        lengths.add(
            new Length(
                Integer.parseInt(matcher.group(1)),
                matcher.group(2),
                new Times(number(matcher, 3), number(matcher, 4)),
                new Times(number(matcher, 5), number(matcher, 6))));
      } catch (NumberFormatException e) {
        return Optional.empty();
      }
    }
    return lengths.isEmpty() ? Optional.empty() : Optional.of(new QueryChoice(lengths));
  }

  private static double number(Matcher matcher, int group) {
    return Double.parseDouble(matcher.group(group));
  }
}
