package io.github.semblance.bert.checkpoint;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * The bytes of one tensor in a file.
 *
 * @param begin first byte
 * @param end behind the last byte
 */
record Span(String name, long begin, long end) {
  static final Comparator<Span> BY_PLACE =
      Comparator.comparingLong(Span::begin).thenComparingLong(Span::end);

  /** Checks that the span lies within {@code size} bytes. */
  void requireWithin(String source, long size) throws CheckpointException {
    if (begin < 0 || end < begin || end > size) {
      throw new CheckpointException(
          String.format(
              Locale.ROOT,
              "%s: tensor %s must lie within the %d bytes of data, got: [%d, %d)",
              source,
              name,
              size,
              begin,
              end));
    }
  }

  /** Checks that no two of the spans share a byte. */
  static void requireDisjoint(String source, List<Span> spans) throws CheckpointException {
    List<Span> sorted = spans.stream().sorted(BY_PLACE).toList();
    for (int i = 1; i < sorted.size(); i++) {
      if (sorted.get(i).begin < sorted.get(i - 1).end) {
        throw new CheckpointException(
            String.format(
                Locale.ROOT,
                "%s: tensors %s and %s overlap",
                source,
                sorted.get(i - 1).name,
                sorted.get(i).name));
      }
    }
  }
}
