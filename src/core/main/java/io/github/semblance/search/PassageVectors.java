package io.github.semblance.search;

import io.github.semblance.index.IndexSchema;
import java.io.IOException;
import java.util.List;
import org.apache.lucene.index.FloatVectorValues;
import org.apache.lucene.index.KnnVectorValues.DocIndexIterator;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.ReaderUtil;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.util.BitSet;

/** Reads the vectors of documents' passages, in full precision however the index keeps them. */
final class PassageVectors {
  private PassageVectors() {}

  /** Is shown each passage. */
  @FunctionalInterface
  interface Visitor {
    /**
     * Looks at one passage.
     *
     * @param at the document's place in the array that was asked for
     * @param passage the number of the passage's Lucene document
     * @param vector to be read before the next passage is shown
     */
    void visit(int at, int passage, float[] vector);
  }

  /**
   * Shows the passages of some documents, in the order of the index.
   *
   * @param docs numbers of parent documents, ascending
   */
  static void visit(IndexSearcher searcher, int[] docs, Visitor visitor) throws IOException {
    List<LeafReaderContext> leaves = searcher.getIndexReader().leaves();
    int at = 0;
    while (at < docs.length) {
      LeafReaderContext leaf = leaves.get(ReaderUtil.subIndex(docs[at], leaves));
      int leafEnd = leaf.docBase + leaf.reader().maxDoc();
      FloatVectorValues vectors = leaf.reader().getFloatVectorValues(IndexSchema.VECTOR);
      BitSet parents = IndexSchema.parents().getBitSet(leaf);
      DocIndexIterator children = vectors == null ? null : vectors.iterator();
      for (; at < docs.length && docs[at] < leafEnd; at++) {
        if (vectors != null && children != null && parents != null) {
          int parent = docs[at] - leaf.docBase;
          int child = firstChild(parent, parents, children);
          for (; child < parent; child = children.nextDoc()) {
            visitor.visit(at, leaf.docBase + child, vectors.vectorValue(children.index()));
          }
        }
      }
    }
  }

  /** Moves to the first passage of a document, or beyond the document if it has none. */
  private static int firstChild(int parent, BitSet parents, DocIndexIterator children)
      throws IOException {
    int first = parent == 0 ? 0 : parents.prevSetBit(parent - 1) + 1;
    return children.docID() < first ? children.advance(first) : children.docID();
  }
}
