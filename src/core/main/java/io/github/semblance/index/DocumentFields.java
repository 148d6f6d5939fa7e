package io.github.semblance.index;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.lucene.document.Document;
import org.apache.lucene.index.IndexOptions;
import org.apache.lucene.index.IndexableField;
import org.jspecify.annotations.Nullable;

/**
 * Which fields of an application's own Lucene documents are embedded. Immutable.
 *
 * <p>A field may have several values, and they may be stored, indexed or both: of a name that is
 * indexed, the indexed values are read, else the stored ones. Values must be strings.
 *
 * @param id names the field whose one value identifies a document: adding another document of the
 *     same id replaces it
 * @param title names the field that every passage is embedded with, such as a heading; null for
 *     none
 * @param text names the fields that are cut to passages, at least one. A passage's offsets count in
 *     their values, in this order, joined by line feeds; a search shows passages from the stored
 *     values, which must be the same
 */
public record DocumentFields(String id, @Nullable String title, List<String> text) {
  private static final String SEPARATOR = "\n";

  /** Checks that there is a text field. */
  public DocumentFields {
    text = List.copyOf(text);
    if (text.isEmpty()) {
      throw new IllegalArgumentException("text must name at least one field, got none");
    }
  }

  /** Embeds text fields, without a title. */
  public static DocumentFields of(String id, String... text) {
    return new DocumentFields(id, null, List.of(text));
  }

  /** These fields with a title. */
  public DocumentFields withTitle(String field) {
    return new DocumentFields(id, field, text);
  }

  /** The document's text as it is embedded: what the offsets of a passage count in. */
  public String text(Document document) {
    return text.stream()
        .flatMap(field -> values(document, field))
        .collect(Collectors.joining(SEPARATOR));
  }

  /**
   * The document's id.
   *
   * @throws IllegalArgumentException if it has none, or several
   */
  String id(Document document) {
    List<String> ids = values(document, id).toList();
    if (ids.size() != 1 || ids.get(0).isBlank()) {
      throw new IllegalArgumentException(
          "field \"" + id + "\" must have one value that is not blank, got: " + ids);
    }
    return ids.get(0);
  }

  /** The document's title as it is embedded; empty if it has none. */
  public String title(Document document) {
    return title == null ? "" : values(document, title).collect(Collectors.joining(SEPARATOR));
  }

  private static Stream<String> values(Document document, String name) {
    IndexableField[] fields = document.getFields(name);
    boolean indexed = Stream.of(fields).anyMatch(DocumentFields::isIndexed);
    return Stream.of(fields)
        .filter(field -> indexed ? isIndexed(field) : field.fieldType().stored())
        .map(DocumentFields::value);
  }

  private static boolean isIndexed(IndexableField field) {
    return field.fieldType().indexOptions() != IndexOptions.NONE;
  }

  private static String value(IndexableField field) {
    String value = field.stringValue();
    if (value == null) {
      throw new IllegalArgumentException(
          "field \"" + field.name() + "\" must hold a string to be embedded, got: " + field);
    }
    return value;
  }
}
