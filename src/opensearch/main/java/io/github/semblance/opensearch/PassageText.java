package io.github.semblance.opensearch;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.opensearch.common.xcontent.support.XContentMapValues;

/** The text that the passages of a document are of, from its source. Stateless. */
final class PassageText {
  private PassageText() {}

  /**
   * Finds the text that offsets of passages count in.
   *
   * @param source of the document
   * @param field of the vectors, full name
   * @return null if the source has no vectors or no longer the fields that were embedded
   */
  static @Nullable String of(Map<String, Object> source, String field) {
    TextFields fields = fields(source, field);
    return fields == null ? null : fields.read(source).text();
  }

  /** Which fields were embedded; null if the source has no vectors. */
  static @Nullable TextFields fields(Map<String, Object> source, String field) {
    Object vectors = XContentMapValues.extractValue(field, source);
    Object first =
        vectors instanceof List<?> several && !several.isEmpty() ? several.getFirst() : vectors;
    return first instanceof Map<?, ?> vector ? IngestedVector.fieldsOf(vector) : null;
  }
}
