package io.github.semblance.store;

import io.github.semblance.index.MetadataFields;
import io.github.semblance.store.MetadataFilter.Order;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Arrays;
import java.util.List;
import org.apache.lucene.document.DoubleField;
import org.apache.lucene.document.LongField;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.MatchNoDocsQuery;
import org.apache.lucene.search.Query;

/**
 * Compares the numbers of a key, which lie in one field of integers and one of fractions, with
 * numbers of any type: exactly, as decimals, so that no large integer is mistaken for its
 * neighbour. Nothing is equal to, more or less than NaN.
 */
final class NumberQueries {
  private static final BigDecimal LEAST_LONG = BigDecimal.valueOf(Long.MIN_VALUE);
  private static final BigDecimal MOST_LONG = BigDecimal.valueOf(Long.MAX_VALUE);

  private NumberQueries() {}

  static Query in(String key, List<Number> numbers) {
    BooleanQuery.Builder any = new BooleanQuery.Builder();
    long[] whole =
        numbers.stream()
            .filter(NumberQueries::isFinite)
            .map(NumberQueries::decimal)
            .filter(NumberQueries::isLong)
            .mapToLong(BigDecimal::longValueExact)
            .toArray();
    double[] fractions = numbers.stream().mapToDouble(NumberQueries::equalDouble).toArray();
    if (whole.length > 0) {
      any.add(LongField.newSetQuery(MetadataFields.wholeField(key), whole), Occur.SHOULD);
    }
    double[] comparable =
        Arrays.stream(fractions).filter(number -> !Double.isNaN(number)).toArray();
    if (comparable.length > 0) {
      any.add(DoubleField.newSetQuery(MetadataFields.fractionField(key), comparable), Occur.SHOULD);
    }
    return any.build();
  }

  static Query compared(String key, Order order, Number bound) {
    double approximate = bound.doubleValue();
    if (Double.isNaN(approximate)) {
      return new MatchNoDocsQuery("nothing is more or less than NaN");
    }
    boolean upwards = order == Order.GREATER || order == Order.GREATER_OR_EQUAL;
    boolean inclusive = order == Order.LESS_OR_EQUAL || order == Order.GREATER_OR_EQUAL;
    return new BooleanQuery.Builder()
        .add(whole(key, upwards, inclusive, bound), Occur.SHOULD)
        .add(fractions(key, upwards, inclusive, bound), Occur.SHOULD)
        .build();
  }

  private static Query whole(String key, boolean upwards, boolean inclusive, Number bound) {
    long least = Long.MIN_VALUE;
    long most = Long.MAX_VALUE;
    if (!isFinite(bound)) {
      return upwards == bound.doubleValue() > 0
          ? new MatchNoDocsQuery("no integer is infinite")
          : LongField.newRangeQuery(MetadataFields.wholeField(key), least, most);
    }
    BigDecimal decimal = decimal(bound);
    BigDecimal edge = decimal.setScale(0, upwards ? RoundingMode.CEILING : RoundingMode.FLOOR);
    if (!inclusive && edge.compareTo(decimal) == 0) {
      edge = upwards ? edge.add(BigDecimal.ONE) : edge.subtract(BigDecimal.ONE);
    }
    if (upwards) {
      if (edge.compareTo(MOST_LONG) > 0) {
        return new MatchNoDocsQuery("no integer is more");
      }
      least = edge.max(LEAST_LONG).longValueExact();
    } else {
      if (edge.compareTo(LEAST_LONG) < 0) {
        return new MatchNoDocsQuery("no integer is less");
      }
      most = edge.min(MOST_LONG).longValueExact();
    }
    return LongField.newRangeQuery(MetadataFields.wholeField(key), least, most);
  }

  private static Query fractions(String key, boolean upwards, boolean inclusive, Number bound) {
    double edge = bound.doubleValue();
    if (isFinite(bound)) {
      edge = nearest(bound);
      int difference = decimal(edge).compareTo(decimal(bound));
      boolean beyond = upwards ? difference > 0 : difference < 0;
      if (!beyond && !(inclusive && difference == 0)) {
        edge = upwards ? Math.nextUp(edge) : Math.nextDown(edge);
      }
    } else if (!inclusive) {
      if (upwards == edge > 0) {
        return new MatchNoDocsQuery("nothing is beyond infinity");
      }
      edge = upwards ? Math.nextUp(edge) : Math.nextDown(edge);
    }
    // Points order -0.0 before 0.0; stored is only the latter.
    edge = edge == 0 ? 0 : edge;
    return upwards
        ? DoubleField.newRangeQuery(
            MetadataFields.fractionField(key), edge, Double.POSITIVE_INFINITY)
        : DoubleField.newRangeQuery(
            MetadataFields.fractionField(key), Double.NEGATIVE_INFINITY, edge);
  }

  /** The double that is written with the number's digits; NaN if there is none. */
  private static double equalDouble(Number number) {
    if (!isFinite(number)) {
      return number.doubleValue();
    }
    double nearest = nearest(number);
    return decimal(nearest).compareTo(decimal(number)) == 0
        ? (nearest == 0 ? 0 : nearest)
        : Double.NaN;
  }

  private static double nearest(Number number) {
    return Double.parseDouble(number.toString());
  }

  private static boolean isFinite(Number number) {
    return Double.isFinite(number.doubleValue());
  }

  private static boolean isLong(BigDecimal decimal) {
    return decimal.stripTrailingZeros().scale() <= 0
        && decimal.compareTo(LEAST_LONG) >= 0
        && decimal.compareTo(MOST_LONG) <= 0;
  }

  private static BigDecimal decimal(Number number) {
    return new BigDecimal(number.toString());
  }
}
