package io.github.semblance.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ComparableValuesTest {

  @ParameterizedTest
  @CsvSource({"5.5, 5.5", "-3, -3", "+7, 7", "007, 7", "6.02e23, 6.02e23", "1E-3, 0.001", "-0, 0"})
  void numbers(String text, double number) {
    assertEquals(OptionalDouble.of(number), NumberValue.parse(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-",
        ".5",
        "5.",
        "1,000",
        "NaN",
        "Infinity",
        "1e999",
        "0x1F",
        "1f",
        "1d",
        " 1",
        "\u0661"
      })
  void noNumbers(String text) {
    assertTrue(NumberValue.parse(text).isEmpty(), text);
  }

  @ParameterizedTest
  @CsvSource({
    "2024, 2024-01-01T00:00:00Z, 2025-01-01T00:00:00Z",
    "2024-02, 2024-02-01T00:00:00Z, 2024-03-01T00:00:00Z",
    "2024-02-29, 2024-02-29T00:00:00Z, 2024-03-01T00:00:00Z",
    "1969-12-31T23:59, 1969-12-31T23:59:00Z, 1970-01-01T00:00:00Z",
    "2024-02-29 10:00:01, 2024-02-29T10:00:01Z, 2024-02-29T10:00:02Z",
    "2024-02-29T10:00:01.5Z, 2024-02-29T10:00:01.500Z, 2024-02-29T10:00:01.501Z",
    "2024-02-29T10:00+05:30, 2024-02-29T04:30:00Z, 2024-02-29T04:31:00Z",
    "2024-02-29T10:00:00-0800, 2024-02-29T18:00:00Z, 2024-02-29T18:00:01Z"
  })
  void dates(String text, Instant start, Instant end) {
    DateValue expected = new DateValue(start.toEpochMilli(), end.toEpochMilli());
    assertEquals(Optional.of(expected), DateValue.parse(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "24",
        "2024-13",
        "2024-02-30",
        "2023-02-29",
        "2024-2-9",
        "29.02.2024",
        "2024-02-29T",
        "2024-02-29T24:00",
        "2024-02-29T10",
        "2024-02-29T10:00+99:00",
        "2024-02-29Z",
        "x2024-02-29"
      })
  void noDates(String text) {
    assertTrue(DateValue.parse(text).isEmpty(), text);
  }

  @Test
  void keywordFieldsHaveNamesOfTheirOwnForWhatCompares() {
    assertEquals("_number.price", IndexSchema.numberField("price"));
    assertEquals("_date.day", IndexSchema.dateField("day"));
  }
}
