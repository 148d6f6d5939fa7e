package io.github.semblance.index;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.index.FieldInfo;
import org.apache.lucene.index.IndexableField;
import org.apache.lucene.index.LeafReader;

/**
 * Makes documents of a segment again from what the index holds of them, for indexing once more. For
 * one thread.
 *
 * <p>Doc values and vectors are copied as they are. Terms and points are made from stored values,
 * and what comes out is compared with what is there: it is refused if a field is indexed and not
 * stored, or if its stored value would be indexed in another way.
 */
final class StoredDocuments {
  private final LeafReader leaf;
  private final List<StoredColumn> columns = new ArrayList<>();
  private final Set<String> indexed = new HashSet<>();

  StoredDocuments(LeafReader leaf, Analyzer analyzer) throws IOException {
    this.leaf = leaf;
    for (FieldInfo field : leaf.getFieldInfos()) {
      if (!IndexSchema.isOurs(field.name)
          && !field.isParentField()
          && !field.isSoftDeletesField()) {
        columns.add(new StoredColumn(leaf, field, analyzer));
        indexed.add(field.name);
      }
    }
  }

  /**
   * Makes one document.
   *
   * @param doc its number in the segment
   * @throws IllegalArgumentException if a field cannot be made again, naming it and what to do
   */
  Document document(int doc) throws IOException {
    Document stored = leaf.storedFields().document(doc);
    Document document = new Document();
    for (StoredColumn column : columns) {
      column.copy(doc, stored, document);
    }
    for (IndexableField field : stored) {
      if (!indexed.contains(field.name())) {
        document.add(storedField(field.name(), field));
      }
    }
    return document;
  }

  /** The value of a stored field that is not indexed. */
  static StoredField storedField(String name, IndexableField field) {
    Number number = field.numericValue();
    if (number != null) {
      return switch (number) {
        case Integer value -> new StoredField(name, value);
        case Long value -> new StoredField(name, value);
        case Float value -> new StoredField(name, value);
        default -> new StoredField(name, number.doubleValue());
      };
    }
    return field.binaryValue() == null
        ? new StoredField(name, field.stringValue())
        : new StoredField(name, field.binaryValue());
  }
}
