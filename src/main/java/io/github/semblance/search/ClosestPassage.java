package io.github.semblance.search;

import io.github.semblance.index.IndexSchema;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.lucene.index.FloatVectorValues;
import org.apache.lucene.index.KnnVectorValues.DocIndexIterator;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.ReaderUtil;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.util.BitSet;
import org.apache.lucene.util.VectorUtil;

/**
 * A document and which of its passages is closest to a query. Immutable.
 *
 * @param doc the document's number in its index
 * @param passage the number of the passage's Lucene document; -1 if the document has no vector
 * @param cosine of the query and that passage, exact, from -1 to 1; -1 if there is none
 */
record ClosestPassage(int doc, int passage, float cosine) {

  /**
   * Compares the query with every passage of some documents, in full precision however the index
   * keeps its vectors.
   *
   * @param docs numbers of parent documents
   * @return one per document, in ascending order of their numbers
   */
  static List<ClosestPassage> of(IndexSearcher searcher, float[] query, int[] docs)
      throws IOException {
    int[] sorted = docs.clone();
    Arrays.sort(sorted);
    List<LeafReaderContext> leaves = searcher.getIndexReader().leaves();
    List<ClosestPassage> closest = new ArrayList<>(sorted.length);
    int from = 0;
    while (from < sorted.length) {
      LeafReaderContext leaf = leaves.get(ReaderUtil.subIndex(sorted[from], leaves));
      int leafEnd = leaf.docBase + leaf.reader().maxDoc();
      int to = from;
      while (to < sorted.length && sorted[to] < leafEnd) {
        to++;
      }
      ofLeaf(leaf, query, Arrays.copyOfRange(sorted, from, to), closest);
      from = to;
    }
    return closest;
  }

  private static void ofLeaf(
      LeafReaderContext leaf, float[] query, int[] docs, List<ClosestPassage> closest)
      throws IOException {
    FloatVectorValues vectors = leaf.reader().getFloatVectorValues(IndexSchema.VECTOR);
    BitSet parents = IndexSchema.parents().getBitSet(leaf);
    DocIndexIterator children = vectors == null ? null : vectors.iterator();
    for (int doc : docs) {
      int passage = -1;
      float best = -1;
      if (vectors != null && children != null && parents != null) {
        int parent = doc - leaf.docBase;
        int first = parent == 0 ? 0 : parents.prevSetBit(parent - 1) + 1;
        int child = children.docID() < first ? children.advance(first) : children.docID();
        while (child < parent && child != DocIdSetIterator.NO_MORE_DOCS) {
          float cosine = VectorUtil.cosine(query, vectors.vectorValue(children.index()));
          if (passage < 0 || cosine > best) {
            passage = leaf.docBase + child;
            best = cosine;
          }
          child = children.nextDoc();
        }
      }
      closest.add(new ClosestPassage(doc, passage, best));
    }
  }
}
