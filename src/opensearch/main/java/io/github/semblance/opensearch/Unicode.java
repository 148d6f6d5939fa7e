package io.github.semblance.opensearch;

import io.github.semblance.embed.WellFormed;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Documents without half a surrogate pair, which has no form in UTF-8. Stateless. */
final class Unicode {
  private Unicode() {}

  /**
   * Refuses what could not be written again after a pipeline has changed it.
   *
   * @throws IllegalArgumentException that names the field
   */
  static void requireWellFormed(Map<String, Object> document) {
    document.forEach(Unicode::require);
  }

  private static void require(String path, @Nullable Object value) {
    requireText(path, path);
    if (value instanceof String text) {
      requireText(path, text);
    } else if (value instanceof Map<?, ?> object) {
      object.forEach((name, inner) -> require(path + "." + name, inner));
    } else if (value instanceof List<?> list) {
      list.forEach(inner -> require(path, inner));
    }
  }

  private static void requireText(String path, String text) {
    String mended = WellFormed.text(text);
    if (!mended.equals(text)) {
      int at = Arrays.mismatch(text.toCharArray(), mended.toCharArray());
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "field [%s] must be well-formed Unicode, got half a surrogate pair, \\u%04x, at %d",
              path.replaceAll("[\\ud800-\\udfff]", "?"),
              (int) text.charAt(at),
              at));
    }
  }
}
