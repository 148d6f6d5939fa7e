package io.github.semblance.index;

import java.io.IOException;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.FieldType;
import org.apache.lucene.index.BinaryDocValues;
import org.apache.lucene.index.FieldInfo;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.index.SortedDocValues;
import org.apache.lucene.index.SortedNumericDocValues;
import org.apache.lucene.index.SortedSetDocValues;
import org.apache.lucene.util.BytesRef;

/** The doc values of one field, to be given to a document once more. For one thread. */
final class DocValuesCopy {
  private final LeafReader leaf;
  private final FieldInfo field;
  private final FieldType type;

  DocValuesCopy(LeafReader leaf, FieldInfo field) {
    this.leaf = leaf;
    this.field = field;
    this.type = new FieldType();
    type.setDocValuesType(field.getDocValuesType());
    type.setDocValuesSkipIndexType(field.docValuesSkipIndexType());
  }

  void copy(int doc, Document document) throws IOException {
    switch (field.getDocValuesType()) {
      case NONE -> {}
      case NUMERIC -> {
        NumericDocValues values = leaf.getNumericDocValues(field.name);
        if (values != null && values.advanceExact(doc)) {
          document.add(new NumberField(field.name, type, values.longValue()));
        }
      }
      case SORTED_NUMERIC -> {
        SortedNumericDocValues values = leaf.getSortedNumericDocValues(field.name);
        if (values != null && values.advanceExact(doc)) {
          for (int i = 0; i < values.docValueCount(); i++) {
            document.add(new NumberField(field.name, type, values.nextValue()));
          }
        }
      }
      case BINARY -> {
        BinaryDocValues values = leaf.getBinaryDocValues(field.name);
        if (values != null && values.advanceExact(doc)) {
          add(document, values.binaryValue());
        }
      }
      case SORTED -> {
        SortedDocValues values = leaf.getSortedDocValues(field.name);
        if (values != null && values.advanceExact(doc)) {
          add(document, values.lookupOrd(values.ordValue()));
        }
      }
      case SORTED_SET -> {
        SortedSetDocValues values = leaf.getSortedSetDocValues(field.name);
        if (values != null && values.advanceExact(doc)) {
          for (int i = 0; i < values.docValueCount(); i++) {
            add(document, values.lookupOrd(values.nextOrd()));
          }
        }
      }
    }
  }

  private void add(Document document, BytesRef value) {
    document.add(new Field(field.name, BytesRef.deepCopyOf(value), type));
  }

  /** Of any type of numbers. */
  private static final class NumberField extends Field {
    NumberField(String name, FieldType type, long value) {
      super(name, type);
      fieldsData = value;
    }
  }
}
