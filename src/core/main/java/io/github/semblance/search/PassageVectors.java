package io.github.semblance.search;

import io.github.semblance.index.IndexSchema;
import io.github.semblance.index.SegmentBlocks;
import java.io.IOException;
import java.util.List;
import org.apache.lucene.index.FloatVectorValues;
import org.apache.lucene.index.KnnVectorValues.DocIndexIterator;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.ReaderUtil;
import org.apache.lucene.search.IndexSearcher;

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
   * Shows the live passages of some documents, in the order of the index.
   *
   * @param docs numbers of documents, ascending; those without passages of their own are passed
   *     over
   */
  static void visit(IndexSearcher searcher, int[] docs, Visitor visitor) throws IOException {
    List<LeafReaderContext> leaves = searcher.getIndexReader().leaves();
    int at = 0;
    while (at < docs.length) {
      LeafReaderContext leaf = leaves.get(ReaderUtil.subIndex(docs[at], leaves));
      int leafEnd = leaf.docBase + leaf.reader().maxDoc();
      FloatVectorValues vectors = leaf.reader().getFloatVectorValues(IndexSchema.VECTOR);
      SegmentBlocks blocks = SegmentBlocks.of(leaf);
      DocIndexIterator children = vectors == null ? null : vectors.iterator();
      for (; at < docs.length && docs[at] < leafEnd; at++) {
        if (vectors != null && children != null) {
          int parent = docs[at] - leaf.docBase;
          int child = firstChild(blocks.firstChild(parent), children);
          for (; child < parent; child = children.nextDoc()) {
            if (blocks.parent(child) == parent) {
              visitor.visit(at, leaf.docBase + child, vectors.vectorValue(children.index()));
            }
          }
        }
      }
    }
  }

  /** Moves to the first passage from a document on. */
  private static int firstChild(int first, DocIndexIterator children) throws IOException {
    return children.docID() < first ? children.advance(first) : children.docID();
  }
}
