package io.github.semblance.opensearch;

import io.github.semblance.index.PassageEmbedder.TitledText;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.opensearch.common.hash.MessageDigests;
import org.opensearch.common.xcontent.support.XContentMapValues;
import org.opensearch.ingest.IngestDocument;

/**
 * Which fields of a document are embedded. Immutable.
 *
 * @param texts joined by line feeds and cut to passages
 * @param title stands before each passage; may be absent in a document
 */
record TextFields(List<String> texts, String title) {
  /** Enough that no two texts of one document have the same. */
  private static final int HASH_BYTES = 16;

  /** Copies the list. */
  TextFields {
    texts = List.copyOf(texts);
  }

  /**
   * Those that a document says its passages are of.
   *
   * @param vectors the field of the vectors, full name
   * @return null if it has none
   */
  static @Nullable TextFields of(Map<String, Object> source, String vectors) {
    Object value = XContentMapValues.extractValue(vectors, source);
    Object first = value instanceof List<?> several && !several.isEmpty() ? several.get(0) : value;
    return first instanceof Map<?, ?> vector ? IngestedVector.fieldsOf(vector) : null;
  }

  /**
   * What the fields of a document say.
   *
   * @throws IllegalArgumentException if one holds what has no plain form
   */
  TitledText read(Map<String, Object> source) {
    IngestDocument document = new IngestDocument(source, Collections.emptyMap());
    List<String> values = new ArrayList<>();
    texts.forEach(field -> addStrings(document, field, values));
    return new TitledText(text(document, title), String.join("\n", values));
  }

  /**
   * Where what one of the fields says is in the text of all.
   *
   * @param start in the text of all
   */
  record Part(int start, String text) {}

  /** The part of one of the fields. */
  Part part(Map<String, Object> source, String field) {
    IngestDocument document = new IngestDocument(source, Collections.emptyMap());
    List<String> before = new ArrayList<>();
    texts.subList(0, texts.indexOf(field)).forEach(other -> addStrings(document, other, before));
    int start = before.stream().mapToInt(one -> one.length() + 1).sum();
    return new Part(start, text(document, field));
  }

  private static String text(IngestDocument document, String field) {
    List<String> values = new ArrayList<>();
    addStrings(document, field, values);
    return String.join("\n", values);
  }

  /** Adds what a field says, as it is spelt in the document. */
  static void addStrings(IngestDocument document, String field, List<String> values) {
    Object value = document.getFieldValue(field, Object.class, true);
    for (Object one :
        value instanceof List<?> several ? several : Collections.singletonList(value)) {
      switch (one) {
        case null -> {}
        case String text -> values.add(text);
        case Number number -> values.add(number.toString());
        case Boolean truth -> values.add(truth.toString());
        default ->
            throw new IllegalArgumentException(
                "field ["
                    + field
                    + "] must hold strings, numbers or booleans to be embedded, got "
                    + (one instanceof Map ? "an object" : "an array within an array"));
      }
    }
  }

  /** Tells texts apart. */
  static String hash(TitledText text) {
    MessageDigest digest = MessageDigests.sha256();
    digest.update(text.title().getBytes(StandardCharsets.UTF_8));
    digest.update((byte) 0xff); // no UTF-8 has it
    digest.update(text.text().getBytes(StandardCharsets.UTF_8));
    return Base64.getEncoder().encodeToString(Arrays.copyOf(digest.digest(), HASH_BYTES));
  }
}
