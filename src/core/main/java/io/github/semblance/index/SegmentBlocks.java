package io.github.semblance.index;

import java.io.IOException;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import org.apache.lucene.index.DocValues;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.search.Query;
import org.apache.lucene.util.ArrayUtil;
import org.apache.lucene.util.BitSet;
import org.apache.lucene.util.Bits;
import org.apache.lucene.util.FixedBitSet;
import org.apache.lucene.util.SparseFixedBitSet;
import org.jspecify.annotations.Nullable;

/**
 * Which passages of a segment belong to which of its documents. Immutable and safe for use by many
 * threads; kept for as long as the segment's reader is.
 *
 * <p>An application may delete or replace a document through its own {@code IndexWriter}, which
 * knows nothing of blocks: its passages stay, and after a merge they stand right before somebody
 * else's document. So standing before a document is not enough to belong to it. A passage belongs
 * to the next document if both have the same {@link IndexSchema#OWNER} and it is among the last
 * {@link IndexSchema#PASSAGES} such before it. The count alone tells in blocks without an owner, as
 * other hosts write them. Passages that belong to no live document are orphans: nothing finds them.
 */
public final class SegmentBlocks {
  private static final int NOWHERE = DocIdSetIterator.NO_MORE_DOCS;

  /** What stands for "no owner"; {@link IndexSchema} gives it to no block. */
  private static final long NO_OWNER = 0;

  /** Caches by what a segment holds, whatever was deleted from it since. */
  private static final Map<IndexReader.CacheKey, Segment> SEGMENTS =
      Collections.synchronizedMap(new WeakHashMap<>());

  /** Caches by what a reader sees of a segment. */
  private static final Map<IndexReader.CacheKey, SegmentBlocks> READERS =
      Collections.synchronizedMap(new WeakHashMap<>());

  /**
   * What deletions do not change.
   *
   * @param owned the passages that belong to a document; null if all do
   */
  private record Segment(BitSet parents, @Nullable FixedBitSet owned) {}

  private final BitSet parents;
  private final @Nullable Bits live;

  /** The live passages that belong to a live document; null if all live ones do. */
  private final @Nullable FixedBitSet accepted;

  private SegmentBlocks(BitSet parents, @Nullable Bits live, @Nullable FixedBitSet accepted) {
    this.parents = parents;
    this.live = live;
    this.accepted = accepted;
  }

  /** Reads, or finds in the cache, the blocks of a segment. */
  public static SegmentBlocks of(LeafReaderContext leaf) throws IOException {
    IndexReader.CacheHelper helper = leaf.reader().getReaderCacheHelper();
    SegmentBlocks blocks = helper == null ? null : READERS.get(helper.getKey());
    if (blocks == null) {
      blocks = read(leaf.reader(), segment(leaf));
      if (helper != null) {
        READERS.put(helper.getKey(), blocks);
      }
    }
    return blocks;
  }

  /** Matches the live passages of live documents. */
  public static Query passages() {
    return OwnedPassagesQuery.INSTANCE;
  }

  /** The documents with passages of their own, deleted ones included, as a block join wants it. */
  public BitSet parents() {
    return parents;
  }

  /** Whether there are live passages that belong to no live document. */
  public boolean hasOrphans() {
    return accepted != null;
  }

  /** The live passages that belong to a live document; null if all live ones do. */
  @Nullable FixedBitSet accepted() {
    return accepted;
  }

  /** The live passages that belong to no live document, of the segment that this was read from. */
  FixedBitSet orphans(LeafReader reader) throws IOException {
    FixedBitSet orphans = new FixedBitSet(reader.maxDoc());
    NumericDocValues passages = DocValues.getNumeric(reader, IndexSchema.PASSAGE_START);
    for (int passage = passages.nextDoc(); passage != NOWHERE; passage = passages.nextDoc()) {
      if ((live == null || live.get(passage)) && parent(passage) < 0) {
        orphans.set(passage);
      }
    }
    return orphans;
  }

  /**
   * The document that a passage belongs to.
   *
   * @param passage the number of a passage's Lucene document in this segment
   * @return -1 if the passage is deleted or an orphan
   */
  public int parent(int passage) {
    boolean belongs = accepted == null ? live == null || live.get(passage) : accepted.get(passage);
    return belongs ? parents.nextSetBit(passage) : -1;
  }

  /**
   * Where the block of a document may begin.
   *
   * @param doc a document of this segment
   * @return {@code doc} itself if it is not the parent of a block
   */
  public int firstChild(int doc) {
    if (!parents.get(doc)) {
      return doc;
    }
    return doc == 0 ? 0 : parents.prevSetBit(doc - 1) + 1;
  }

  private static Segment segment(LeafReaderContext leaf) throws IOException {
    IndexReader.CacheHelper helper = leaf.reader().getCoreCacheHelper();
    Segment segment = helper == null ? null : SEGMENTS.get(helper.getKey());
    if (segment == null) {
      BitSet marked = IndexSchema.parents().getBitSet(leaf);
      BitSet parents = marked == null ? new SparseFixedBitSet(leaf.reader().maxDoc()) : marked;
      segment = new Segment(parents, new Run(leaf.reader(), parents).owned());
      if (helper != null) {
        SEGMENTS.put(helper.getKey(), segment);
      }
    }
    return segment;
  }

  private static SegmentBlocks read(LeafReader reader, Segment segment) throws IOException {
    BitSet parents = segment.parents();
    FixedBitSet owned = segment.owned();
    Bits live = reader.getLiveDocs();
    if (live == null) {
      return new SegmentBlocks(parents, null, owned);
    }
    if (owned == null && !maySurviveTheirDocument(reader, parents, live)) {
      return new SegmentBlocks(parents, live, null);
    }
    FixedBitSet accepted = new FixedBitSet(reader.maxDoc());
    boolean orphans = false;
    NumericDocValues passages = DocValues.getNumeric(reader, IndexSchema.PASSAGE_START);
    for (int passage = passages.nextDoc(); passage != NOWHERE; passage = passages.nextDoc()) {
      if (live.get(passage)) {
        int parent = parents.nextSetBit(passage);
        if (parent != NOWHERE && live.get(parent) && (owned == null || owned.get(passage))) {
          accepted.set(passage);
        } else {
          orphans = true;
        }
      }
    }
    return new SegmentBlocks(parents, live, orphans ? accepted : null);
  }

  /** Whether anything lives where the passages of a deleted document stood; looks at no passage. */
  private static boolean maySurviveTheirDocument(LeafReader reader, BitSet parents, Bits live)
      throws IOException {
    NumericDocValues counts = DocValues.getNumeric(reader, IndexSchema.PASSAGES);
    int before = -1;
    for (int parent = firstAfter(parents, before);
        parent != NOWHERE;
        parent = firstAfter(parents, parent)) {
      if (!live.get(parent) && counts.advanceExact(parent)) {
        long first = Math.max(before + 1, parent - counts.longValue());
        for (int child = parent - 1; child >= first; child--) {
          if (live.get(child)) {
            return true;
          }
        }
      }
      before = parent;
    }
    return false;
  }

  private static int firstAfter(BitSet bits, int doc) {
    return doc + 1 < bits.length() ? bits.nextSetBit(doc + 1) : NOWHERE;
  }

  /** The passages between one document with passages and the next, in a walk over a segment. */
  private static final class Run {
    private final int maxDoc;
    private final BitSet parents;
    private final NumericDocValues passages;
    private final NumericDocValues counts;
    private final NumericDocValues owners;
    private int[] docs = new int[16];
    private long[] ownersOfDocs = new long[16];
    private int size;

    Run(LeafReader reader, BitSet parents) throws IOException {
      this.maxDoc = reader.maxDoc();
      this.parents = parents;
      this.passages = DocValues.getNumeric(reader, IndexSchema.PASSAGE_START);
      this.counts = DocValues.getNumeric(reader, IndexSchema.PASSAGES);
      this.owners = DocValues.getNumeric(reader, IndexSchema.OWNER);
    }

    /** All passages of the segment that belong to a document; null if all do. */
    @Nullable FixedBitSet owned() throws IOException {
      FixedBitSet owned = new FixedBitSet(maxDoc);
      int orphans = 0;
      int passage = passages.nextDoc();
      while (passage != NOWHERE) {
        int parent = parents.nextSetBit(passage);
        size = 0;
        for (; passage < parent; passage = passages.nextDoc()) {
          add(passage);
        }
        orphans += parent == NOWHERE ? size : size - own(parent, owned);
        if (passage == parent && parent != NOWHERE) {
          passage = passages.nextDoc(); // a host's parent that has an offset of its own
        }
      }
      return orphans == 0 ? null : owned;
    }

    private void add(int passage) throws IOException {
      docs = ArrayUtil.grow(docs, size + 1);
      ownersOfDocs = ArrayUtil.grow(ownersOfDocs, size + 1);
      docs[size] = passage;
      ownersOfDocs[size] = owner(passage);
      size++;
    }

    /** Marks the passages of one document, nearest first, and returns how many there are. */
    private int own(int parent, FixedBitSet owned) throws IOException {
      long count = counts.advanceExact(parent) ? counts.longValue() : 0;
      long owner = owner(parent);
      int found = 0;
      for (int i = size - 1; i >= 0 && found < count; i--) {
        if (ownersOfDocs[i] == owner) {
          owned.set(docs[i]);
          found++;
        }
      }
      return found;
    }

    private long owner(int doc) throws IOException {
      return owners.advanceExact(doc) ? owners.longValue() : NO_OWNER;
    }
  }

  @Override
  public String toString() {
    return "SegmentBlocks("
        + parents.cardinality()
        + " documents"
        + (accepted == null ? "" : ", orphans beside " + accepted.cardinality() + " passages")
        + ")";
  }
}
