package io.github.semblance.index;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.DoubleField;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.KeywordField;
import org.apache.lucene.document.LongField;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.index.IndexableField;
import org.jspecify.annotations.Nullable;

/**
 * How the typed metadata of an {@link EmbeddedDocument} lies in an index, and how it is read back.
 * Stateless.
 *
 * <p>Lucene wants a field to be of one kind in all documents, and metadata may have a number under
 * a key in one document and a word in the next. So each kind has a field of its own:
 *
 * <ul>
 *   <li>strings, booleans and UUIDs are exact terms in {@link #exactField}, where the keywords of a
 *       {@link SourceDocument} are, so that the same filters find both;
 *   <li>{@code Integer} and {@code Long} are points and doc values in {@link #wholeField};
 *   <li>{@code Float} and {@code Double} are the same in {@link #fractionField}, a float as the
 *       double that is written with the same digits.
 * </ul>
 *
 * <p>Stored values keep their types. What a term does not tell, that it was a boolean, a UUID or in
 * a list, is stored beside it.
 */
public final class MetadataFields {
  private static final String WHOLE = "_long.";
  private static final String FRACTION = "_double.";
  private static final String TYPE = "_type.";
  private static final String KEYWORD = "keyword.";

  private static final String LIST = "list ";

  private MetadataFields() {}

  /** Where the strings, booleans and UUIDs of a key are indexed, as terms. */
  public static String exactField(String key) {
    return IndexSchema.keywordField(key);
  }

  /** Where the integers of a key are indexed, as {@code long} points and doc values. */
  public static String wholeField(String key) {
    return WHOLE + key;
  }

  /** Where the fractions of a key are indexed, as {@code double} points and doc values. */
  public static String fractionField(String key) {
    return FRACTION + key;
  }

  /**
   * The key whose values lie in a field.
   *
   * @return null if it is another of the schema's fields
   */
  public static @Nullable String key(String field) {
    if (field.startsWith(WHOLE)) {
      return field.substring(WHOLE.length());
    }
    if (field.startsWith(FRACTION)) {
      return field.substring(FRACTION.length());
    }
    if (field.startsWith(KEYWORD)) {
      String name = field.substring(KEYWORD.length());
      return IndexSchema.keywordField(name).equals(field) ? name : field;
    }
    return IndexSchema.keywordField(field).equals(field) ? field : null;
  }

  /**
   * What a hit calls a stored field: numbers go by their key, other fields keep their name.
   *
   * @return null if it is not for people
   */
  public static @Nullable String shownAs(String field) {
    if (field.startsWith(TYPE)) {
      return null;
    }
    return field.startsWith(WHOLE) || field.startsWith(FRACTION) ? key(field) : field;
  }

  /**
   * Reads the metadata of a document from its stored fields.
   *
   * @return values by key, of the types they were given with
   */
  public static Map<String, Object> read(Document stored) {
    Map<String, List<Object>> values = new LinkedHashMap<>();
    Map<String, String> types = new LinkedHashMap<>();
    for (IndexableField field : stored) {
      String name = field.name();
      if (name.startsWith(TYPE)) {
        String key = name.substring(TYPE.length());
        types.put(key, field.stringValue());
        values.computeIfAbsent(key, none -> new ArrayList<>()); // of an empty list
        continue;
      }
      String key = key(name);
      Object value = field.numericValue() == null ? field.stringValue() : field.numericValue();
      if (key != null && value != null) {
        values.computeIfAbsent(key, none -> new ArrayList<>()).add(value);
      }
    }
    Map<String, Object> metadata = new LinkedHashMap<>();
    values.forEach(
        (key, list) -> {
          String type = types.getOrDefault(key, "");
          boolean isList = type.startsWith(LIST) || list.size() > 1;
          List<Object> typed = list.stream().map(value -> typed(type, value)).toList();
          metadata.put(key, isList ? typed : typed.getFirst());
        });
    return metadata;
  }

  private static Object typed(String type, Object value) {
    String kind = type.startsWith(LIST) ? type.substring(LIST.length()) : type;
    return switch (kind) {
      case "uuid" -> UUID.fromString(value.toString());
      case "boolean" -> Boolean.valueOf(value.toString());
      default -> value;
    };
  }

  /** Refuses what {@link EmbeddedDocument} says that it refuses. */
  static void check(String id, Map<String, Object> metadata) {
    metadata.forEach(
        (key, value) -> {
          if (key.isBlank() || key.startsWith(KEYWORD)) {
            throw new IllegalArgumentException(
                "a metadata key must not be blank or begin with \""
                    + KEYWORD
                    + "\", got: \""
                    + key
                    + "\" in document \""
                    + id
                    + "\"");
          }
          if (value instanceof List<?> list) {
            list.forEach(element -> requireKind(id, key, element));
            if (list.stream().map(MetadataFields::kind).distinct().count() > 1) {
              throw new IllegalArgumentException(
                  "a list must have values of one type, got: metadata \""
                      + key
                      + "\" = "
                      + list
                      + " in document \""
                      + id
                      + "\"");
            }
          } else {
            requireKind(id, key, value);
          }
        });
  }

  private static void requireKind(String id, String key, @Nullable Object value) {
    if (kind(value).isEmpty()) {
      throw new IllegalArgumentException(
          "metadata must be a String, Boolean, Integer, Long, Float, Double or UUID, or a list of"
              + " one of these, got: \""
              + key
              + "\" = "
              + value
              + (value == null ? "" : " (" + value.getClass().getName() + ")")
              + " in document \""
              + id
              + "\"; give it as a string or as a number");
    }
  }

  /** Empty for what is not stored. */
  private static String kind(@Nullable Object value) {
    if (value == null) {
      return "";
    }
    return switch (value) {
      case String text -> "string";
      case UUID uuid -> "uuid";
      case Boolean flag -> "boolean";
      case Integer number -> "number";
      case Long number -> "number";
      case Float number -> "number";
      case Double number -> "number";
      default -> "";
    };
  }

  /** Makes the fields of checked metadata. */
  static void addTo(Document parent, Map<String, Object> metadata) {
    metadata.forEach(
        (key, value) -> {
          if (value instanceof List<?> list) {
            String kind = list.isEmpty() ? "string" : kind(list.getFirst());
            parent.add(new StoredField(TYPE + key, LIST + kind));
            list.forEach(element -> add(parent, key, element));
          } else {
            if (value instanceof UUID || value instanceof Boolean) {
              parent.add(new StoredField(TYPE + key, kind(value)));
            }
            add(parent, key, value);
          }
        });
  }

  private static void add(Document parent, String key, Object value) {
    switch (value) {
      case Integer number -> {
        parent.add(new LongField(wholeField(key), number, Field.Store.NO));
        parent.add(new StoredField(wholeField(key), number));
      }
      case Long number -> parent.add(new LongField(wholeField(key), number, Field.Store.YES));
      case Float number -> {
        double digits = Double.parseDouble(number.toString());
        parent.add(new DoubleField(fractionField(key), unsigned(digits), Field.Store.NO));
        parent.add(new StoredField(fractionField(key), number));
      }
      case Double number -> {
        parent.add(new DoubleField(fractionField(key), unsigned(number), Field.Store.NO));
        parent.add(new StoredField(fractionField(key), number));
      }
      default -> {
        String field = exactField(key);
        String term = IndexSchema.requireTerm(field, value.toString());
        parent.add(new KeywordField(field, term, Field.Store.YES));
      }
    }
  }

  /** Points order -0.0 before 0.0, which are one number. */
  private static double unsigned(double number) {
    return number == 0 ? 0 : number;
  }
}
