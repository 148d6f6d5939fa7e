package io.github.semblance.index;

import java.io.IOException;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.KnnByteVectorField;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.index.ByteVectorValues;
import org.apache.lucene.index.FieldInfo;
import org.apache.lucene.index.FloatVectorValues;
import org.apache.lucene.index.KnnVectorValues.DocIndexIterator;
import org.apache.lucene.index.LeafReader;

/** An application's own vector of a document, to be given to it once more. Stateless. */
final class VectorsCopy {
  private VectorsCopy() {}

  static void copy(LeafReader leaf, FieldInfo field, int doc, Document document)
      throws IOException {
    if (!field.hasVectorValues()) {
      return;
    }
    switch (field.getVectorEncoding()) {
      case FLOAT32 -> {
        FloatVectorValues vectors = leaf.getFloatVectorValues(field.name);
        DocIndexIterator docs = vectors == null ? null : vectors.iterator();
        if (docs != null && docs.advance(doc) == doc) {
          document.add(
              new KnnFloatVectorField(
                  field.name,
                  vectors.vectorValue(docs.index()).clone(),
                  field.getVectorSimilarityFunction()));
        }
      }
      case BYTE -> {
        ByteVectorValues vectors = leaf.getByteVectorValues(field.name);
        DocIndexIterator docs = vectors == null ? null : vectors.iterator();
        if (docs != null && docs.advance(doc) == doc) {
          document.add(
              new KnnByteVectorField(
                  field.name,
                  vectors.vectorValue(docs.index()).clone(),
                  field.getVectorSimilarityFunction()));
        }
      }
    }
  }
}
