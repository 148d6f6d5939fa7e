package io.github.semblance.index;

import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.tokenattributes.TermToBytesRefAttribute;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.FieldType;
import org.apache.lucene.index.FieldInfo;
import org.apache.lucene.index.IndexOptions;
import org.apache.lucene.index.IndexableField;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.PointValues;
import org.apache.lucene.index.PostingsEnum;
import org.apache.lucene.index.Terms;
import org.apache.lucene.index.TermsEnum;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.util.BytesRef;
import org.apache.lucene.util.FixedBitSet;
import org.apache.lucene.util.NumericUtils;
import org.jspecify.annotations.Nullable;

/** One field of a segment's documents, to be indexed once more. For one thread. */
final class StoredColumn {
  private final LeafReader leaf;
  private final FieldInfo field;
  private final Analyzer analyzer;
  private final DocValuesCopy docValues;

  /** Which documents have terms in this field; null if it has no terms. */
  private final @Nullable FixedBitSet withTerms;

  /** Which documents have points in this field; null if it has no points. */
  private final @Nullable FixedBitSet withPoints;

  StoredColumn(LeafReader leaf, FieldInfo field, Analyzer analyzer) throws IOException {
    this.leaf = leaf;
    this.field = field;
    this.analyzer = analyzer;
    this.docValues = new DocValuesCopy(leaf, field);
    this.withTerms = field.getIndexOptions() == IndexOptions.NONE ? null : docsWithTerms();
    this.withPoints = field.getPointDimensionCount() == 0 ? null : docsWithPoints();
  }

  void copy(int doc, Document stored, Document document) throws IOException {
    IndexableField[] values = stored.getFields(field.name);
    boolean terms = withTerms != null && withTerms.get(doc);
    boolean points = withPoints != null && withPoints.get(doc);
    if ((terms || points) && values.length == 0) {
      throw refusal("is indexed and not stored");
    }
    if (terms) {
      addTerms(doc, values, document);
    } else {
      for (IndexableField value : values) {
        document.add(StoredDocuments.storedField(field.name, value));
      }
    }
    if (points) {
      for (IndexableField value : values) {
        document.add(new Field(field.name, point(value), pointType()));
      }
    }
    docValues.copy(doc, document);
    VectorsCopy.copy(leaf, field, doc, document);
  }

  private IllegalArgumentException refusal(String reason) {
    return new IllegalArgumentException(
        "field \""
            + field.name
            + "\" "
            + reason
            + ": making the documents again from their stored fields would lose it; give them from"
            + " where they came, with Adoption.DocumentSource");
  }

  private void addTerms(int doc, IndexableField[] values, Document document) throws IOException {
    if (field.hasPayloads()) {
      throw refusal("has payloads, which are not stored");
    }
    FieldType type = termType(doc);
    Set<BytesRef> expected = new HashSet<>();
    for (IndexableField value : values) {
      if (value.stringValue() == null || value.numericValue() != null) {
        throw refusal("is indexed by terms and its stored value is no text");
      }
      document.add(new Field(field.name, value.stringValue(), type));
      addTermsOf(value.stringValue(), type.tokenized(), expected);
    }
    Terms terms = leaf.terms(field.name);
    TermsEnum each = terms == null ? TermsEnum.EMPTY : terms.iterator();
    PostingsEnum docs = null;
    for (BytesRef term : expected) {
      boolean there = each.seekExact(term);
      if (there) {
        docs = each.postings(docs, PostingsEnum.NONE);
        there = docs.advance(doc) == doc;
      }
      if (!there) {
        throw refusal(
            "is indexed by other terms than its stored value and the writer's analyzer give");
      }
    }
  }

  private void addTermsOf(String value, boolean tokenized, Set<BytesRef> terms) throws IOException {
    if (!tokenized) {
      terms.add(new BytesRef(value));
      return;
    }
    try (TokenStream tokens = analyzer.tokenStream(field.name, value)) {
      TermToBytesRefAttribute term = tokens.getAttribute(TermToBytesRefAttribute.class);
      tokens.reset();
      while (tokens.incrementToken()) {
        terms.add(BytesRef.deepCopyOf(term.getBytesRef()));
      }
      tokens.end();
    }
  }

  /** An index does not keep whether a field was tokenized; one without norms and counts was not. */
  private FieldType termType(int doc) throws IOException {
    FieldType type = new FieldType();
    type.setStored(true);
    type.setIndexOptions(field.getIndexOptions());
    type.setOmitNorms(field.omitsNorms());
    type.setTokenized(!DocumentIdQuery.isOneTerm(field));
    Terms vector = field.hasTermVectors() ? leaf.termVectors().get(doc, field.name) : null;
    if (vector != null) {
      type.setStoreTermVectors(true);
      type.setStoreTermVectorPositions(vector.hasPositions());
      type.setStoreTermVectorOffsets(vector.hasOffsets());
    }
    return type;
  }

  private FieldType pointType() {
    FieldType type = new FieldType();
    type.setDimensions(1, field.getPointNumBytes());
    return type;
  }

  private byte[] point(IndexableField value) {
    Number number = value.numericValue();
    if (number == null) {
      throw refusal("has points, and its stored value is no number");
    }
    byte[] bytes = new byte[number instanceof Integer || number instanceof Float ? 4 : 8];
    if (field.getPointDimensionCount() != 1 || field.getPointNumBytes() != bytes.length) {
      throw refusal("has points, which its stored value does not give");
    }
    switch (number) {
      case Integer i -> NumericUtils.intToSortableBytes(i, bytes, 0);
      case Float f -> NumericUtils.intToSortableBytes(NumericUtils.floatToSortableInt(f), bytes, 0);
      case Long l -> NumericUtils.longToSortableBytes(l, bytes, 0);
      case Double d ->
          NumericUtils.longToSortableBytes(NumericUtils.doubleToSortableLong(d), bytes, 0);
      default -> throw refusal("has points, and its stored value is no number");
    }
    return bytes;
  }

  private FixedBitSet docsWithTerms() throws IOException {
    FixedBitSet found = new FixedBitSet(leaf.maxDoc());
    Terms terms = leaf.terms(field.name);
    TermsEnum each = terms == null ? TermsEnum.EMPTY : terms.iterator();
    PostingsEnum docs = null;
    while (each.next() != null) {
      docs = each.postings(docs, PostingsEnum.NONE);
      while (docs.nextDoc() != DocIdSetIterator.NO_MORE_DOCS) {
        found.set(docs.docID());
      }
    }
    return found;
  }

  private FixedBitSet docsWithPoints() throws IOException {
    FixedBitSet found = new FixedBitSet(leaf.maxDoc());
    PointValues points = leaf.getPointValues(field.name);
    if (points != null) {
      points.intersect(
          new PointValues.IntersectVisitor() {
            @Override
            public void visit(int doc) {
              found.set(doc);
            }

            @Override
            public void visit(int doc, byte[] packed) {
              found.set(doc);
            }

            @Override
            public PointValues.Relation compare(byte[] least, byte[] most) {
              return PointValues.Relation.CELL_INSIDE_QUERY;
            }
          });
    }
    return found;
  }
}
