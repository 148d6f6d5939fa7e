package io.github.semblance.server;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Indexes by name; the first is the one meant where a request names none. Immutable. */
final class ServedIndexes {
  private final Map<String, ServedIndex> byName = new LinkedHashMap<>();

  /**
   * Holds these.
   *
   * @throws IllegalArgumentException if there are none, or two have one name
   */
  ServedIndexes(List<ServedIndex> indexes) {
    if (indexes.isEmpty()) {
      throw new IllegalArgumentException("at least one index must be served, got none");
    }
    for (ServedIndex index : indexes) {
      if (byName.put(index.name(), index) != null) {
        throw new IllegalArgumentException("two indexes have the name \"" + index.name() + "\"");
      }
    }
  }

  List<ServedIndex> all() {
    return List.copyOf(byName.values());
  }

  /**
   * One of them.
   *
   * @param name null for the first
   * @throws RequestRefused if there is none of that name
   */
  ServedIndex get(@Nullable String name) {
    ServedIndex index = name == null ? byName.values().iterator().next() : byName.get(name);
    if (index == null) {
      throw new RequestRefused(
          404, "no index \"" + name + "\"; there are: " + String.join(", ", byName.keySet()));
    }
    return index;
  }
}
