package io.github.semblance.evaluate;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One query of a test collection.
 *
 * <p>Immutable and safe for use by many threads.
 *
 * @param id unique in the collection
 * @param text the query as a person would type it
 * @param filters keyword values by field that an answer must have, often none
 */
public record Topic(String id, String text, Map<String, List<String>> filters) {

  /** Copies the filters. */
  public Topic {
    filters = Collections.unmodifiableMap(new LinkedHashMap<>(filters));
  }
}
