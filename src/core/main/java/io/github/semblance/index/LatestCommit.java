package io.github.semblance.index;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.lucene.index.BinaryDocValues;
import org.apache.lucene.index.CorruptIndexException;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.DocValues;
import org.apache.lucene.index.FloatVectorValues;
import org.apache.lucene.index.KnnVectorValues.DocIndexIterator;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.index.PostingsEnum;
import org.apache.lucene.index.Terms;
import org.apache.lucene.index.TermsEnum;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.store.Directory;
import org.apache.lucene.util.Bits;
import org.apache.lucene.util.BytesRef;
import org.apache.lucene.util.IOUtils;
import org.jspecify.annotations.Nullable;

/**
 * The blocks that an index has committed, whose vectors need not be computed again. Safe for use by
 * many threads, except while it is refreshed or closed.
 */
final class LatestCommit implements Closeable {
  /**
   * A block as it is stored.
   *
   * @param embedded hash of what its vectors were made of
   * @param contentHash see {@link IncomingDocument}
   */
  record Block(BytesRef embedded, @Nullable BytesRef contentHash, List<PassageVector> passages) {}

  /** Null as long as there is no commit to look at. */
  private volatile @Nullable DirectoryReader reader;

  private LatestCommit(@Nullable DirectoryReader reader) {
    this.reader = reader;
  }

  /** Of an index that is new, or made anew. */
  static LatestCommit none() {
    return new LatestCommit(null);
  }

  static LatestCommit of(Directory directory) throws IOException {
    LatestCommit latest = none();
    if (DirectoryReader.indexExists(directory)) {
      latest.refresh(directory);
    }
    return latest;
  }

  /** Looks at the commit that is now the latest, and lets the files go that only the other had. */
  void refresh(Directory directory) throws IOException {
    DirectoryReader old = reader;
    if (old == null) {
      reader = DirectoryReader.open(directory);
      return;
    }
    DirectoryReader newer = DirectoryReader.openIfChanged(old);
    if (newer != null) {
      reader = newer;
      old.close();
    }
  }

  /**
   * Finds a document's block.
   *
   * @param embedded hash of what its vectors must have been made of
   * @return null if there is none, one of other vectors, or one that has lost a passage
   */
  @Nullable Block find(String id, BytesRef embedded) throws IOException {
    for (LeafReaderContext context : leaves()) {
      LeafReader leaf = context.reader();
      SegmentBlocks blocks = SegmentBlocks.of(context);
      int[] block = liveDocs(leaf, leaf.postings(IndexSchema.block(id), PostingsEnum.NONE));
      int parent = lastParent(block, blocks);
      if (parent >= 0) {
        int[] children =
            IntStream.of(block)
                .filter(child -> child < parent && blocks.parent(child) == parent)
                .toArray();
        NumericDocValues count = DocValues.getNumeric(leaf, IndexSchema.PASSAGES);
        boolean whole = count.advanceExact(parent) && count.longValue() == children.length;
        return whole && embedded.equals(binaryValue(leaf, IndexSchema.EMBEDDED, parent))
            ? new Block(
                embedded, binaryValue(leaf, IndexSchema.CONTENT, parent), passages(leaf, children))
            : null;
      }
    }
    return null;
  }

  /** Whether there is a document of that id with passages, whatever they were made of. */
  boolean has(String id) throws IOException {
    for (LeafReaderContext context : leaves()) {
      LeafReader leaf = context.reader();
      int[] block = liveDocs(leaf, leaf.postings(IndexSchema.block(id), PostingsEnum.NONE));
      if (lastParent(block, SegmentBlocks.of(context)) >= 0) {
        return true;
      }
    }
    return false;
  }

  /** The document among the Lucene documents of one id; -1 if only its passages are left. */
  private static int lastParent(int[] docs, SegmentBlocks blocks) {
    for (int i = docs.length - 1; i >= 0; i--) {
      if (blocks.parents().get(docs[i])) {
        return docs[i];
      }
    }
    return -1;
  }

  /** The ids of all documents. */
  List<BytesRef> ids() throws IOException {
    List<BytesRef> ids = new ArrayList<>();
    for (LeafReaderContext context : leaves()) {
      Terms terms = context.reader().terms(IndexSchema.BLOCK);
      TermsEnum each = terms == null ? TermsEnum.EMPTY : terms.iterator();
      SegmentBlocks blocks = SegmentBlocks.of(context);
      PostingsEnum docs = null;
      for (BytesRef id = each.next(); id != null; id = each.next()) {
        docs = each.postings(docs, PostingsEnum.NONE);
        if (lastParent(liveDocs(context.reader(), docs), blocks) >= 0) {
          ids.add(BytesRef.deepCopyOf(id));
        }
      }
    }
    return ids;
  }

  /** Whether there are documents that are neither passages nor have a block of their own. */
  boolean holdsOthers() throws IOException {
    DirectoryReader open = reader;
    return open != null && new IndexSearcher(open).count(IndexSchema.withoutBlock()) > 0;
  }

  private List<LeafReaderContext> leaves() {
    DirectoryReader open = reader;
    return open == null ? List.of() : open.leaves();
  }

  private static int[] liveDocs(LeafReader leaf, @Nullable PostingsEnum docs) throws IOException {
    IntStream.Builder found = IntStream.builder();
    if (docs != null) {
      Bits live = leaf.getLiveDocs();
      for (int doc = docs.nextDoc(); doc != DocIdSetIterator.NO_MORE_DOCS; doc = docs.nextDoc()) {
        if (live == null || live.get(doc)) {
          found.add(doc);
        }
      }
    }
    return found.build().toArray();
  }

  private static @Nullable BytesRef binaryValue(LeafReader leaf, String field, int doc)
      throws IOException {
    BinaryDocValues values = DocValues.getBinary(leaf, field);
    return values.advanceExact(doc) ? BytesRef.deepCopyOf(values.binaryValue()) : null;
  }

  /** The vectors of children, in full precision however the index compares its vectors. */
  private static List<PassageVector> passages(LeafReader leaf, int[] docs) throws IOException {
    FloatVectorValues vectors = leaf.getFloatVectorValues(IndexSchema.VECTOR);
    List<PassageVector> passages = new ArrayList<>(docs.length);
    if (vectors != null) {
      DocIndexIterator children = vectors.iterator();
      NumericDocValues starts = DocValues.getNumeric(leaf, IndexSchema.PASSAGE_START);
      NumericDocValues ends = DocValues.getNumeric(leaf, IndexSchema.PASSAGE_END);
      for (int child : docs) {
        if (children.advance(child) != child
            || !starts.advanceExact(child)
            || !ends.advanceExact(child)) {
          throw new CorruptIndexException("passage " + child + " is incomplete", leaf.toString());
        }
        passages.add(
            new PassageVector(
                Math.toIntExact(starts.longValue()),
                Math.toIntExact(ends.longValue()),
                vectors.vectorValue(children.index()).clone()));
      }
    }
    return passages;
  }

  @Override
  public void close() throws IOException {
    IOUtils.close(reader);
  }
}
