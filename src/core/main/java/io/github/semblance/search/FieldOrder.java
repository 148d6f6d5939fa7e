package io.github.semblance.search;

/**
 * An order of hits by the values of a field. Immutable.
 *
 * <p>Values that are numbers come first, by size, then dates, by time, then the others, by code
 * points; so a field of prices is in the order of its prices, with a "sold out" behind them. Of
 * several values the first one in that order counts. Documents without a value come last.
 *
 * @param field a keyword field, {@code id}, or a field with doc values of an application's own
 * @param descending whether the largest value of each of these kinds comes first
 */
public record FieldOrder(String field, boolean descending) {
  /**
   * Reads an order as it is typed: {@code price}, {@code price:asc} or {@code price:desc}.
   *
   * @throws SearchRequestException if something else stands behind the last colon
   */
  public static FieldOrder parse(String text) {
    int colon = text.lastIndexOf(':');
    if (colon < 0) {
      return new FieldOrder(text, false);
    }
    String field = text.substring(0, colon);
    return switch (text.substring(colon + 1)) {
      case "asc" -> new FieldOrder(field, false);
      case "desc" -> new FieldOrder(field, true);
      default ->
          throw new SearchRequestException(
              "the order of a field is asc or desc, as in " + field + ":desc, got: " + text);
    };
  }
}
