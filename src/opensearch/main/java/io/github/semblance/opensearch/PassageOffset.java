package io.github.semblance.opensearch;

import java.io.IOException;
import java.util.List;
import org.apache.lucene.index.DocValues;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.index.ReaderUtil;
import org.apache.lucene.search.IndexSearcher;

/** Where a passage is in the text of its document. Stateless. */
final class PassageOffset {
  private PassageOffset() {}

  /**
   * Reads one offset.
   *
   * @param passage its Lucene document; negative for none
   * @param field of the offset
   * @return -1 if there is none
   */
  static int of(IndexSearcher searcher, int passage, String field) throws IOException {
    if (passage < 0) {
      return -1;
    }
    List<LeafReaderContext> leaves = searcher.getIndexReader().leaves();
    LeafReaderContext leaf = leaves.get(ReaderUtil.subIndex(passage, leaves));
    NumericDocValues offsets = DocValues.getNumeric(leaf.reader(), field);
    return offsets.advanceExact(passage - leaf.docBase) ? (int) offsets.longValue() : -1;
  }
}
