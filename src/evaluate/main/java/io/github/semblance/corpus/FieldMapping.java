package io.github.semblance.corpus;

import java.util.List;

/**
 * Which fields of a record become the id, the title, the text and the keywords of its document.
 *
 * <p>Immutable and safe for use by many threads.
 *
 * <p>Of the candidates for id, title and text, the first that the record has and that is not blank
 * is taken; if there is none of that spelling, upper and lower case do not matter. Text fields of
 * the caller's choice are no candidates: those that the record has are joined. Fields of a nested
 * object are named with a dot, one level deep: {@code metadata.url}. Without keyword fields, every
 * other field that holds something short is a keyword: a string of one line and at most {@value
 * #SHORT} characters, a number, a boolean, or an array of these. With keyword fields, those are the
 * only ones, and their strings may have any length up to {@value #LONGEST_KEYWORD}.
 *
 * @param idFields candidates for the id
 * @param titleFields candidates for the title, which may be missing
 * @param textFields candidates for the text, or its parts
 * @param keywordFields the keyword fields, or none to have the short fields
 * @param joinsTexts whether the text is made of all text fields that are not blank, in their order
 *     and with an empty line between them, instead of the first
 */
public record FieldMapping(
    List<String> idFields,
    List<String> titleFields,
    List<String> textFields,
    List<String> keywordFields,
    boolean joinsTexts) {

  /**
   * The field names of the usual collections: BEIR, question and answer lists, CMS exports,
   * catalogues of products and packages.
   */
  public static final FieldMapping DEFAULT =
      new FieldMapping(
          List.of("id", "_id", "doc_id"),
          List.of("title", "question", "name", "headline", "subject"),
          List.of("text", "body", "content", "answer", "description", "abstract", "summary"),
          List.of(),
          false);

  static final int SHORT = 256;

  // Four bytes of UTF-8 each, and it still fits into a term of 32,766 bytes.
  static final int LONGEST_KEYWORD = 8191;

  /** In bytes of UTF-8: what a term can hold. */
  static final int LONGEST_ID = 32_766;

  /** Copies the lists. */
  public FieldMapping {
    idFields = candidates("idFields", idFields);
    titleFields = candidates("titleFields", titleFields);
    textFields = candidates("textFields", textFields);
    keywordFields = List.copyOf(keywordFields);
  }

  /** This mapping with the id in one field only. Records without it are rejected. */
  public FieldMapping withIdField(String field) {
    return new FieldMapping(List.of(field), titleFields, textFields, keywordFields, joinsTexts);
  }

  /** This mapping with the title in one field only. */
  public FieldMapping withTitleField(String field) {
    return new FieldMapping(idFields, List.of(field), textFields, keywordFields, joinsTexts);
  }

  /**
   * This mapping with the text in these fields only: those that are not blank are joined by empty
   * lines.
   */
  public FieldMapping withTextFields(List<String> fields) {
    return new FieldMapping(idFields, titleFields, fields, keywordFields, true);
  }

  /** This mapping with the text in one field only. */
  public FieldMapping withTextField(String field) {
    return withTextFields(List.of(field));
  }

  /** This mapping with these keyword fields and no others. */
  public FieldMapping withKeywordFields(List<String> fields) {
    return new FieldMapping(idFields, titleFields, textFields, fields, joinsTexts);
  }

  private static List<String> candidates(String name, List<String> fields) {
    if (fields.isEmpty()) {
      throw new IllegalArgumentException(name + " must hold at least one field, got: " + fields);
    }
    return List.copyOf(fields);
  }
}
