package io.github.semblance.search;

/**
 * How many of the documents found have a value of a keyword field. Immutable.
 *
 * @param value one of the field's exact values
 * @param count at least 1
 */
public record FacetCount(String value, long count) {}
