package io.github.semblance.index;

import java.util.OptionalDouble;
import java.util.regex.Pattern;

/** Tells the keywords that are numbers. Stateless. */
public final class NumberValue {
  private static final Pattern NUMBER =
      Pattern.compile("[+-]?[0-9]{1,400}(\\.[0-9]{1,400})?([eE][+-]?[0-9]{1,4})?");

  private NumberValue() {}

  /**
   * The number that a text is: digits with at most a sign, a point and an exponent, as in {@code
   * -3}, {@code 20.0} and {@code 6.02e23}. As numbers are compared as doubles, those beyond 2^53
   * are compared by their first 15 digits or so.
   *
   * @return empty if the text is no number, or one beyond what a double holds
   */
  public static OptionalDouble parse(String text) {
    if (!NUMBER.matcher(text).matches()) {
      return OptionalDouble.empty();
    }
    double number = Double.parseDouble(text) + 0.0; // -0 is 0
    return Double.isFinite(number) ? OptionalDouble.of(number) : OptionalDouble.empty();
  }
}
