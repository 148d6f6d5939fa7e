package io.github.semblance.corpus;

import io.github.semblance.corpus.RawRecord.Fields;
import io.github.semblance.corpus.RawRecord.Kind;
import io.github.semblance.corpus.RawRecord.Value;
import io.github.semblance.index.SourceDocument;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Makes documents of fields. */
final class DocumentMapper {

  private final FieldMapping mapping;

  DocumentMapper(FieldMapping mapping) {
    this.mapping = mapping;
  }

  /**
   * The first of the candidates that the record has and that is not blank, else the first that it
   * has. Upper and lower case count as one where the candidate itself is missing or blank.
   */
  static @Nullable String present(List<String> candidates, Fields record) {
    String blank = null;
    for (boolean anyCase : new boolean[] {false, true}) {
      for (String candidate : candidates) {
        String field = anyCase ? inAnyCase(candidate, record) : candidate;
        Value value = field == null ? null : record.byName().get(field);
        if (value != null && !isBlank(value)) {
          return field;
        }
        blank = blank == null && value != null ? field : blank;
      }
    }
    return blank;
  }

  private static @Nullable String inAnyCase(String candidate, Fields record) {
    for (String field : record.byName().keySet()) {
      if (field.equalsIgnoreCase(candidate)) {
        return field;
      }
    }
    return null;
  }

  private static boolean isBlank(Value value) {
    return isScalar(value) && value.values().get(0).isBlank();
  }

  private static boolean isScalar(Value value) {
    return value.kind() == Kind.STRING || value.kind() == Kind.LITERAL;
  }

  /** What to do about an object that has its records within; empty for any other. */
  static String wrapped(Fields record) {
    for (Map.Entry<String, Value> field : record.byName().entrySet()) {
      if (field.getValue().kind() == Kind.RECORDS) {
        return "; if the objects in field \""
            + field.getKey()
            + "\" are the records, give that array alone, or call the field \"documents\"";
      }
    }
    return "";
  }

  /** Whether the record has an id of its own. */
  boolean hasId(Fields record) {
    String field = present(mapping.idFields(), record);
    return field != null && !String.join("", value(field, record).values()).isBlank();
  }

  /**
   * Maps one record.
   *
   * @param deriveId whether a record without an id gets one from its content
   */
  CorpusRecord map(Fields record, boolean deriveId) {
    try {
      boolean derived = deriveId && !hasId(record);
      String id = derived ? hash(record) : scalar("id", mapping.idFields(), record);
      if (id.isBlank()) {
        throw new Rejection("the id is blank");
      }
      int bytes = id.length() > FieldMapping.LONGEST_ID / 3 ? utf8(id).length : 0;
      if (bytes > FieldMapping.LONGEST_ID) {
        throw new Rejection(
            "the id must be at most " + FieldMapping.LONGEST_ID + " bytes of UTF-8, got: " + bytes);
      }
      String titleField = present(mapping.titleFields(), record);
      String title = titleField == null ? "" : scalar("title", mapping.titleFields(), record);
      String text = text(record);
      // Collections hold abstracts that are missing; a text of white space is a mistake.
      if (text.isBlank() && !(text.isEmpty() && !title.isBlank())) {
        throw new Rejection("the text is " + (text.isEmpty() ? "empty" : "only white space"));
      }
      SourceDocument document = new SourceDocument(id, title, text, keywords(record, used()));
      return new CorpusRecord.Document(record.location(), document, derived);
    } catch (Rejection e) {
      return new CorpusRecord.Rejected(record.location(), e.getMessage());
    }
  }

  /** Makes the document of a whole file: its fields are for filters, but for the title. */
  CorpusRecord map(RawRecord.Whole file) {
    ReadText content = file.content();
    Fields fields = new Fields(file.location(), content.fields());
    try {
      Map<String, List<String>> keywords = keywords(fields, List.of(List.of("title")));
      return new CorpusRecord.Document(
          file.location(),
          new SourceDocument(file.id(), file.title(), content.text(), keywords, content.outline()),
          false);
    } catch (Rejection e) {
      return new CorpusRecord.Rejected(file.location(), e.getMessage());
    }
  }

  private static Value value(String field, Fields record) {
    return Objects.requireNonNull(record.byName().get(field));
  }

  private static String scalar(String role, List<String> candidates, Fields record)
      throws Rejection {
    String field = present(candidates, record);
    if (field == null) {
      throw new Rejection(
          "no "
              + role
              + ": there is no field "
              + String.join(" or ", candidates)
              + wrapped(record));
    }
    Value value = value(field, record);
    if (!isScalar(value)) {
      throw new Rejection(
          "field \""
              + field
              + "\" must be a string to be the "
              + role
              + ", got "
              + value.kind().words);
    }
    return value.values().get(0);
  }

  private String text(Fields record) throws Rejection {
    if (!mapping.joinsTexts()) {
      return scalar("text", mapping.textFields(), record);
    }
    List<String> parts = new ArrayList<>();
    for (String field : mapping.textFields()) {
      if (present(List.of(field), record) != null) {
        parts.add(scalar("text", List.of(field), record));
      }
    }
    List<String> filled = filled(parts);
    return !filled.isEmpty()
        ? String.join("\n\n", filled)
        : scalar("text", mapping.textFields(), record);
  }

  /** Candidates for what is no keyword unless it is named as one. */
  private List<List<String>> used() {
    List<List<String>> used =
        new ArrayList<>(List.of(mapping.idFields(), mapping.titleFields(), mapping.textFields()));
    if (mapping.joinsTexts()) {
      mapping.textFields().forEach(field -> used.add(List.of(field)));
    }
    return used;
  }

  private Map<String, List<String>> keywords(Fields record, List<List<String>> used)
      throws Rejection {
    Map<String, List<String>> keywords = new LinkedHashMap<>();
    for (String field : mapping.keywordFields()) {
      if (record.byName().containsKey(field)) {
        List<String> values = filled(named(field, value(field, record)));
        if (!values.isEmpty()) {
          keywords.put(field, values);
        }
      }
    }
    if (mapping.keywordFields().isEmpty()) {
      record
          .byName()
          .forEach(
              (field, value) -> {
                List<String> values = filled(value.values());
                if (!field.isBlank()
                    && !values.isEmpty()
                    && values.stream().allMatch(DocumentMapper::isShort)) {
                  keywords.put(field, values);
                }
              });
      for (List<String> candidates : used) {
        String field = present(candidates, record);
        if (field != null) {
          keywords.remove(field);
        }
      }
    }
    return keywords;
  }

  private static List<String> named(String field, Value value) throws Rejection {
    if (value.kind() == Kind.NESTED || value.kind() == Kind.RECORDS) {
      throw new Rejection(
          "field \"" + field + "\" cannot be a keyword, it holds " + value.kind().words);
    }
    for (String string : value.values()) {
      if (string.length() > FieldMapping.LONGEST_KEYWORD) {
        throw new Rejection(
            "field \""
                + field
                + "\" must have at most "
                + FieldMapping.LONGEST_KEYWORD
                + " characters to be a keyword, got: "
                + string.length());
      }
    }
    return value.values();
  }

  private static List<String> filled(List<String> values) {
    return values.stream().filter(value -> !value.isBlank()).toList();
  }

  private static boolean isShort(String value) {
    return value.length() <= FieldMapping.SHORT
        && value.indexOf('\n') < 0
        && value.indexOf('\r') < 0;
  }

  /** The first 64 bits of a SHA-256 over all fields by name, whatever their order. */
  private static String hash(Fields record) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      new TreeMap<>(record.byName())
          .forEach(
              (field, value) -> {
                update(digest, field);
                digest.update((byte) value.values().size());
                value.values().forEach(string -> update(digest, string));
              });
      return HexFormat.of().formatHex(digest.digest(), 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static void update(MessageDigest digest, String string) {
    byte[] bytes = utf8(string);
    digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).flip());
    digest.update(bytes);
  }

  private static byte[] utf8(String string) {
    return string.getBytes(StandardCharsets.UTF_8);
  }

  private static final class Rejection extends Exception {
    private static final long serialVersionUID = 1L;

    Rejection(String message) {
      super(message);
    }

    @Override
    public String getMessage() {
      return Objects.requireNonNull(super.getMessage());
    }
  }
}
