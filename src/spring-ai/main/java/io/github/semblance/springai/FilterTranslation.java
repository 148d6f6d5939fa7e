package io.github.semblance.springai;

import io.github.semblance.store.MetadataFilter;
import io.github.semblance.store.MetadataFilter.Order;
import java.util.Date;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.vectorstore.filter.Filter;

/** Spring AI's portable filter expressions as those of the store. */
final class FilterTranslation {
  private FilterTranslation() {}

  /**
   * The same filter.
   *
   * @throws IllegalArgumentException if an operand is not what its operation takes
   */
  static MetadataFilter of(Filter.Expression expression) {
    Filter.Operand left = expression.left();
    Filter.Operand right = expression.right();
    return switch (expression.type()) {
      case AND -> new MetadataFilter.And(List.of(nested(left), nested(right)));
      case OR -> new MetadataFilter.Or(List.of(nested(left), nested(right)));
      case NOT -> new MetadataFilter.Not(nested(left));
      case EQ -> MetadataFilter.equal(key(left), value(right));
      case NE -> MetadataFilter.notEqual(key(left), value(right));
      case GT -> new MetadataFilter.Compared(key(left), Order.GREATER, value(right));
      case GTE -> new MetadataFilter.Compared(key(left), Order.GREATER_OR_EQUAL, value(right));
      case LT -> new MetadataFilter.Compared(key(left), Order.LESS, value(right));
      case LTE -> new MetadataFilter.Compared(key(left), Order.LESS_OR_EQUAL, value(right));
      case IN -> new MetadataFilter.In(key(left), values(right));
      case NIN -> new MetadataFilter.Not(new MetadataFilter.In(key(left), values(right)));
      case ISNULL -> new MetadataFilter.Not(new MetadataFilter.Exists(key(left)));
      case ISNOTNULL -> new MetadataFilter.Exists(key(left));
    };
  }

  private static MetadataFilter nested(Filter.@Nullable Operand operand) {
    if (operand instanceof Filter.Expression expression) {
      return of(expression);
    }
    if (operand instanceof Filter.Group group) {
      return of(group.content());
    }
    throw unexpected("an expression", operand);
  }

  /** Names that are no identifiers are written in quotes, and the quotes are no part of them. */
  private static String key(Filter.@Nullable Operand operand) {
    if (operand instanceof Filter.Key key) {
      String name = key.key();
      boolean quoted =
          name.length() > 1
              && name.charAt(0) == name.charAt(name.length() - 1)
              && (name.startsWith("\"") || name.startsWith("'"));
      return quoted ? name.substring(1, name.length() - 1) : name;
    }
    throw unexpected("a key", operand);
  }

  private static Object value(Filter.@Nullable Operand operand) {
    if (operand instanceof Filter.Value given) {
      Object value = given.value();
      if (value instanceof Date) {
        throw new IllegalArgumentException(
            "a date has no type of its own in the index; store it as a number or as a string that"
                + " sorts, and compare with that, got: "
                + value);
      }
      return value;
    }
    throw unexpected("a value", operand);
  }

  private static List<Object> values(Filter.@Nullable Operand operand) {
    return value(operand) instanceof List<?> list ? List.copyOf(list) : List.of(value(operand));
  }

  private static IllegalArgumentException unexpected(
      String wanted, Filter.@Nullable Operand operand) {
    return new IllegalArgumentException(
        "a filter expression must have " + wanted + " here, got: " + operand);
  }
}
