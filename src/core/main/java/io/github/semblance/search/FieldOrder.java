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
public record FieldOrder(String field, boolean descending) {}
