package io.github.semblance.search;

import io.github.semblance.index.DateValue;
import io.github.semblance.index.NumberValue;
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
 * @param withHigh whether the upper end is
 */
record ComparableRange(
    @Nullable String low, @Nullable String high, boolean withLow, boolean withHigh) {

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
