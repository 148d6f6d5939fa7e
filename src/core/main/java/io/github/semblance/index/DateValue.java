package io.github.semblance.index;

import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The time that an ISO 8601 date stands for: as long as it says, a day for {@code 2024-02-29}, a
 * second for {@code 2024-02-29T10:00:00Z}. Immutable.
 *
 * <p>A year, a month, a day, a minute, a second or fractions of one can be said; of a fraction the
 * milliseconds count. A space may stand in place of the T. A time without an offset is in UTC.
 *
 * @param start in milliseconds since 1970 in UTC
 * @param end the first millisecond after it
 */
public record DateValue(long start, long end) {
  private static final Pattern ISO =
      Pattern.compile(
          "(?<year>[0-9]{4})(-(?<month>[0-9]{2})(-(?<day>[0-9]{2})"
              + "([T ](?<hour>[0-9]{2}):(?<minute>[0-9]{2})"
              + "(:(?<second>[0-9]{2})([.,](?<fraction>[0-9]{1,9}))?)?"
              + "(?<zone>Z|[+-][0-9]{2}(:?[0-9]{2})?)?)?)?)?");

  /**
   * Reads a date.
   *
   * @return empty if the text is none, or one that no calendar has
   */
  public static Optional<DateValue> parse(String text) {
    Matcher parts = ISO.matcher(text);
    if (!parts.matches()) {
      return Optional.empty();
    }
    try {
      LocalDateTime local =
          LocalDateTime.of(
              number(parts, "year", 0),
              number(parts, "month", 1),
              number(parts, "day", 1),
              number(parts, "hour", 0),
              number(parts, "minute", 0),
              number(parts, "second", 0),
              nanos(parts));
      String zone = parts.group("zone");
      OffsetDateTime start = local.atOffset(zone == null ? ZoneOffset.UTC : ZoneOffset.of(zone));
      return Optional.of(
          new DateValue(
              start.toInstant().toEpochMilli(),
              start.plus(1, precision(parts)).toInstant().toEpochMilli()));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  private static int number(Matcher parts, String name, int otherwise) {
    String digits = parts.group(name);
    return digits == null ? otherwise : Integer.parseInt(digits);
  }

  private static int nanos(Matcher parts) {
    String digits = parts.group("fraction");
    return digits == null ? 0 : Integer.parseInt((digits + "00000000").substring(0, 9));
  }

  private static ChronoUnit precision(Matcher parts) {
    if (parts.group("month") == null) {
      return ChronoUnit.YEARS;
    } else if (parts.group("day") == null) {
      return ChronoUnit.MONTHS;
    } else if (parts.group("hour") == null) {
      return ChronoUnit.DAYS;
    } else if (parts.group("second") == null) {
      return ChronoUnit.MINUTES;
    }
    return parts.group("fraction") == null ? ChronoUnit.SECONDS : ChronoUnit.MILLIS;
  }
}
