package io.github.semblance.search;

import io.github.semblance.index.DateValue;
import io.github.semblance.index.NumberValue;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.function.Predicate;
import org.apache.lucene.document.DoubleField;
import org.apache.lucene.document.LongField;
import org.apache.lucene.search.MatchNoDocsQuery;
import org.apache.lucene.search.Query;
import org.jspecify.annotations.Nullable;

/**
 * A range as it is typed, whose ends may be numbers or dates. Immutable.
 *
 * @param low the lower end; null for none
 * @param high the upper end; null for none
 * @param withLow whether the lower end is in the range
 * @param withHigh whether the upper end is, as a whole where it is a day, a month or a year
 */
public record ComparableRange(
    @Nullable String low, @Nullable String high, boolean withLow, boolean withHigh) {

  private static final BigDecimal LEAST = BigDecimal.valueOf(Long.MIN_VALUE);
  private static final BigDecimal MOST = BigDecimal.valueOf(Long.MAX_VALUE);

  /** A range with its ends. */
  static ComparableRange including(@Nullable String low, @Nullable String high) {
    return new ComparableRange(low, high, true, true);
  }

  /**
   * Refuses what no request may have.
   *
   * @throws SearchRequestException if the ends are neither numbers nor dates, or it ends before it
   *     begins
   */
  void requireFor(String field) {
    if (!isComparable()) {
      throw new SearchRequestException(
          "the range of field \""
              + field
              + "\" must have ends that are numbers or ISO dates, got: "
              + this);
    }
    if (isReversed()) {
      throw new SearchRequestException(
          "the range of field \"" + field + "\" must not end before it begins, got: " + this);
    }
  }

  /** Whether it ends before it begins, so that nothing can lie in it. */
  boolean isReversed() {
    if (low == null || high == null) {
      return false;
    }
    return isOfNumbers()
        ? NumberValue.parse(low).orElseThrow() > NumberValue.parse(high).orElseThrow()
        : isOfDates()
            && DateValue.parse(low).orElseThrow().start()
                >= DateValue.parse(high).orElseThrow().end();
  }

  /**
   * How far a value lies from this range.
   *
   * @return in numbers or in milliseconds; infinite if the two cannot be compared
   */
  public double distance(String value) {
    if (isOfNumbers() && NumberValue.parse(value).isPresent()) {
      double number = NumberValue.parse(value).orElseThrow();
      double below = low == null ? 0 : NumberValue.parse(low).orElseThrow() - number;
      double above = high == null ? 0 : number - NumberValue.parse(high).orElseThrow();
      return Math.max(0, Math.max(below, above));
    }
    if (isOfDates() && DateValue.parse(value).isPresent()) {
      DateValue date = DateValue.parse(value).orElseThrow();
      long below = low == null ? 0 : DateValue.parse(low).orElseThrow().start() - date.start();
      long above = high == null ? 0 : date.start() - DateValue.parse(high).orElseThrow().end() + 1;
      return Math.max(0, Math.max(below, above));
    }
    return Double.POSITIVE_INFINITY;
  }

  /** As it is typed, {@code 20..30}; an end that is not there is empty. */
  @Override
  public String toString() {
    return (low == null ? "" : low) + ".." + (high == null ? "" : high);
  }

  /** Whether there is an end, and all are numbers, or all dates. */
  boolean isComparable() {
    return isOfNumbers() || isOfDates();
  }

  /** Whether there is an end, and each is a number. */
  boolean isOfNumbers() {
    return ends(end -> NumberValue.parse(end).isPresent());
  }

  /** Whether there is an end, and each is a date. */
  boolean isOfDates() {
    return ends(end -> DateValue.parse(end).isPresent());
  }

  private boolean ends(Predicate<String> kind) {
    return (low != null || high != null)
        && (low == null || kind.test(low))
        && (high == null || kind.test(high));
  }

  /** The range in a field of doubles. */
  Query ofNumbers(String field) {
    double from = Double.NEGATIVE_INFINITY;
    if (low != null) {
      double end = NumberValue.parse(low).orElseThrow();
      from = withLow ? end : Math.nextUp(end);
    }
    double to = Double.POSITIVE_INFINITY;
    if (high != null) {
      double end = NumberValue.parse(high).orElseThrow();
      to = withHigh ? end : Math.nextDown(end);
    }
    return from > to ? nothing() : DoubleField.newRangeQuery(field, from, to);
  }

  /** The range in a field of integers. */
  Query ofIntegers(String field) {
    BigDecimal from = LEAST;
    if (low != null) {
      BigDecimal end = new BigDecimal(low);
      from = end.setScale(0, RoundingMode.CEILING);
      from = !withLow && from.compareTo(end) == 0 ? from.add(BigDecimal.ONE) : from;
    }
    BigDecimal to = MOST;
    if (high != null) {
      BigDecimal end = new BigDecimal(high);
      to = end.setScale(0, RoundingMode.FLOOR);
      to = !withHigh && to.compareTo(end) == 0 ? to.subtract(BigDecimal.ONE) : to;
    }
    from = from.max(LEAST);
    to = to.min(MOST);
    return from.compareTo(to) > 0
        ? nothing()
        : LongField.newRangeQuery(field, from.longValueExact(), to.longValueExact());
  }

  /** The range in a field of milliseconds; an end that is in it is so as a whole, as a day is. */
  Query ofDates(String field) {
    long from = Long.MIN_VALUE;
    if (low != null) {
      DateValue end = DateValue.parse(low).orElseThrow();
      from = withLow ? end.start() : end.end();
    }
    long to = Long.MAX_VALUE;
    if (high != null) {
      DateValue end = DateValue.parse(high).orElseThrow();
      to = (withHigh ? end.end() : end.start()) - 1;
    }
    return from > to ? nothing() : LongField.newRangeQuery(field, from, to);
  }

  private static Query nothing() {
    return new MatchNoDocsQuery("a range that ends before it begins");
  }
}
