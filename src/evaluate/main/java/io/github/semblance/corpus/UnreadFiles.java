package io.github.semblance.corpus;

import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Files that the folders among the inputs hold and that are not read, because they are of no kind
 * that is read there.
 *
 * <p>Immutable and safe for use by many threads.
 *
 * @param byExtension how many there are of each extension, which is in lower case and begins with a
 *     dot; it is empty for files without one
 */
public record UnreadFiles(Map<String, Long> byExtension) {
  private static final int KINDS_SHOWN = 10;

  /** Copies the map. */
  public UnreadFiles {
    byExtension = Map.copyOf(byExtension);
  }

  /** How many there are. */
  public long total() {
    return byExtension.values().stream().mapToLong(Long::longValue).sum();
  }

  /** As in {@code 10 .pdf, 2 without extension}: the most frequent first. */
  @Override
  public String toString() {
    String kinds =
        new TreeMap<>(byExtension)
            .entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                .limit(KINDS_SHOWN)
                .map(kind -> kind.getValue() + " " + words(kind.getKey()))
                .collect(Collectors.joining(", "));
    int more = byExtension.size() - KINDS_SHOWN;
    return more > 0 ? kinds + " and files of " + more + " more extensions" : kinds;
  }

  private static String words(String extension) {
    return extension.isEmpty() ? "without extension" : extension;
  }
}
