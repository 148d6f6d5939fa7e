package io.github.semblance.langchain4j;

import dev.langchain4j.data.document.Metadata;
import dev.langchain4j.data.segment.TextSegment;
import io.github.semblance.store.StoredMatch;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Stored documents as segments. */
final class MetadataTranslation {
  private MetadataTranslation() {}

  /** The segment that a document was made of; null if it has no text. */
  static @Nullable TextSegment segment(StoredMatch match) {
    String text = match.text();
    return text == null ? null : TextSegment.from(text, metadata(match.metadata()));
  }

  /**
   * LangChain4j's metadata. It knows no booleans and no lists, which other programs may have
   * written: they become strings, the values of a list with commas between them.
   */
  static Metadata metadata(Map<String, ?> values) {
    Map<String, Object> known = new LinkedHashMap<>();
    values.forEach(
        (key, value) -> {
          switch (value) {
            case Boolean flag -> known.put(key, flag.toString());
            case List<?> list ->
                known.put(
                    key, list.stream().map(Object::toString).collect(Collectors.joining(", ")));
            default -> known.put(key, value);
          }
        });
    return Metadata.from(known);
  }
}
