package io.github.semblance.index;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One document as its source gives it, before analysis and embedding.
 *
 * <p>Immutable and safe for use by many threads.
 *
 * @param id unique in a corpus; not blank
 * @param title may be empty
 * @param text may be blank only if the title is not
 * @param keywords exact values by field name, in source order, for filters and facets; each field
 *     has at least one value
 * @param outline how the text is divided
 */
public record SourceDocument(
    String id, String title, String text, Map<String, List<String>> keywords, Outline outline) {

  /** A document whose text is all one. */
  public SourceDocument(String id, String title, String text, Map<String, List<String>> keywords) {
    this(id, title, text, keywords, Outline.NONE);
  }

  /** Checks the rules stated above and copies the keywords. */
  public SourceDocument {
    if (id.isBlank()) {
      throw new IllegalArgumentException("id must not be blank, got: \"" + id + "\"");
    }
    if (title.isBlank() && text.isBlank()) {
      throw new IllegalArgumentException(
          "title or text must not be blank, got neither in document \"" + id + "\"");
    }
    Map<String, List<String>> copy = new LinkedHashMap<>();
    keywords.forEach(
        (field, values) -> {
          if (field.isBlank() || values.isEmpty()) {
            throw new IllegalArgumentException(
                "a keyword field must have a name and at least one value, got: \""
                    + field
                    + "\" = "
                    + values
                    + " in document \""
                    + id
                    + "\"");
          }
          copy.put(field, List.copyOf(values));
        });
    keywords = Collections.unmodifiableMap(copy);
  }
}
