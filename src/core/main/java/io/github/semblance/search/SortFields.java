package io.github.semblance.search;

import io.github.semblance.index.IndexSchema;
import io.github.semblance.index.MetadataFields;
import java.util.ArrayList;
import java.util.List;
import org.apache.lucene.index.FieldInfo;
import org.apache.lucene.index.FieldInfos;
import org.apache.lucene.search.SortField;
import org.apache.lucene.search.SortedNumericSelector;
import org.apache.lucene.search.SortedNumericSortField;
import org.apache.lucene.search.SortedSetSelector;
import org.apache.lucene.search.SortedSetSortField;

/** What Lucene sorts by where a request names a field. Stateless. */
final class SortFields {
  private SortFields() {}

  /**
   * The parts of an order, most important first; none if the index has no such values.
   *
   * @throws SearchRequestException if the values cannot be compared with each other
   */
  static List<SortField> of(FieldInfos infos, FieldOrder order) {
    String name = order.field();
    boolean down = order.descending();
    String field = name.equals(IndexSchema.ID) ? name : IndexSchema.keywordField(name);
    List<SortField> parts = new ArrayList<>();
    boolean whole = infos.fieldInfo(MetadataFields.wholeField(name)) != null;
    boolean fractions = infos.fieldInfo(MetadataFields.fractionField(name)) != null;
    if (whole && fractions) {
      throw new SearchRequestException(
          "metadata \""
              + name
              + "\" is an integer in some documents and a fraction in others, which cannot be"
              + " sorted by together; store it as one of the two");
    }
    if (whole) {
      parts.add(numbers(MetadataFields.wholeField(name), SortField.Type.LONG, down));
    }
    if (fractions) {
      parts.add(numbers(MetadataFields.fractionField(name), SortField.Type.DOUBLE, down));
    }
    if (infos.fieldInfo(IndexSchema.numberField(field)) != null) {
      parts.add(numbers(IndexSchema.numberField(field), SortField.Type.DOUBLE, down));
    }
    if (infos.fieldInfo(IndexSchema.dateField(field)) != null) {
      parts.add(numbers(IndexSchema.dateField(field), SortField.Type.LONG, down));
    }
    FieldInfo own = infos.fieldInfo(field);
    if (own != null) {
      switch (own.getDocValuesType()) {
        case SORTED, SORTED_SET -> parts.add(terms(field, down));
        case NUMERIC, SORTED_NUMERIC ->
            // An application's own. Lucene's fractions are in the order of their bits.
            parts.add(
                numbers(
                    field,
                    own.getPointNumBytes() == Integer.BYTES
                        ? SortField.Type.INT
                        : SortField.Type.LONG,
                    down));
        case NONE, BINARY -> {}
      }
    }
    return parts;
  }

  private static SortField numbers(String field, SortField.Type type, boolean descending) {
    double last = descending ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
    Number missing =
        switch (type) {
          case INT -> Integer.valueOf((int) last);
          case LONG -> Long.valueOf((long) last);
          default -> Double.valueOf(last);
        };
    return new SortedNumericSortField(
        field,
        type,
        descending,
        descending ? SortedNumericSelector.Type.MAX : SortedNumericSelector.Type.MIN,
        missing);
  }

  private static SortField terms(String field, boolean descending) {
    return new SortedSetSortField(
        field,
        descending,
        descending ? SortedSetSelector.Type.MAX : SortedSetSelector.Type.MIN,
        descending ? SortField.STRING_FIRST : SortField.STRING_LAST);
  }
}
