package io.github.semblance.index;

import java.io.IOException;
import java.util.concurrent.Executor;
import org.apache.lucene.index.CodecReader;
import org.apache.lucene.index.FilterCodecReader;
import org.apache.lucene.index.MergePolicy;
import org.apache.lucene.index.OneMergeWrappingMergePolicy;
import org.apache.lucene.index.SegmentCommitInfo;
import org.apache.lucene.index.Sorter;
import org.apache.lucene.store.Directory;
import org.apache.lucene.util.BitSet;
import org.apache.lucene.util.Bits;
import org.apache.lucene.util.FixedBitSet;
import org.jspecify.annotations.Nullable;

/**
 * Leaves out of a merged segment the passages that belong to no live document: those that Lucene's
 * own calls leave behind when an application deletes or updates a document without its passages.
 * What is merged, and when, remains the other policy's decision. As thread-safe as that is.
 *
 * <p>Searches pass orphans over with and without this policy; with it, they go with the documents
 * that they belonged to, instead of staying until {@link SemanticIndexWriter#deleteOrphans}. In an
 * index with a sort it is more than that: there Lucene fails to merge a segment that ends with
 * orphans, and closes its writer.
 *
 * <p>It drops nothing where soft deletes are configured, because Lucene does not allow that there.
 * An application with soft deletes and a sort must delete documents through the {@link
 * SemanticIndexWriter}, or whole blocks.
 */
public final class DropOrphansMergePolicy extends OneMergeWrappingMergePolicy {

  /** Merges as another policy says. */
  public DropOrphansMergePolicy(MergePolicy in) {
    super(in, Merge::new);
  }

  /** This policy around another, unless that is one already. */
  static MergePolicy around(MergePolicy policy) {
    return policy instanceof DropOrphansMergePolicy ? policy : new DropOrphansMergePolicy(policy);
  }

  private static final class Merge extends MergePolicy.OneMerge {
    private final MergePolicy.OneMerge in;

    Merge(MergePolicy.OneMerge in) {
      super(in.segments);
      this.in = in;
    }

    @Override
    public CodecReader wrapForMerge(CodecReader reader) throws IOException {
      CodecReader wrapped = in.wrapForMerge(reader);
      if (wrapped.getFieldInfos().getSoftDeletesField() != null) {
        return wrapped; // Lucene counts soft deletes by what a merge leaves out
      }
      SegmentBlocks blocks = SegmentBlocks.of(wrapped.getContext());
      return blocks.hasOrphans() ? new WithoutOrphans(wrapped, blocks.orphans(wrapped)) : wrapped;
    }

    @Override
    public Sorter.@Nullable DocMap reorder(CodecReader reader, Directory dir, Executor executor)
        throws IOException {
      return in.reorder(reader, dir, executor);
    }

    @Override
    public void setMergeInfo(SegmentCommitInfo info) {
      super.setMergeInfo(info);
      in.setMergeInfo(info);
    }

    @Override
    public void mergeInit() throws IOException {
      super.mergeInit();
      in.mergeInit();
    }

    @Override
    public void mergeFinished(boolean success, boolean segmentDropped) throws IOException {
      super.mergeFinished(success, segmentDropped);
      in.mergeFinished(success, segmentDropped);
    }
  }

  private static final class WithoutOrphans extends FilterCodecReader {
    private final FixedBitSet live;
    private final int numDocs;

    WithoutOrphans(CodecReader in, BitSet orphans) {
      super(in);
      Bits before = in.getLiveDocs();
      this.live = new FixedBitSet(in.maxDoc());
      for (int doc = 0; doc < in.maxDoc(); doc++) {
        if ((before == null || before.get(doc)) && !orphans.get(doc)) {
          live.set(doc);
        }
      }
      this.numDocs = live.cardinality();
    }

    @Override
    public Bits getLiveDocs() {
      return live;
    }

    @Override
    public int numDocs() {
      return numDocs;
    }

    @Override
    public CacheHelper getCoreCacheHelper() {
      return in.getCoreCacheHelper();
    }

    @Override
    public @Nullable CacheHelper getReaderCacheHelper() {
      return null;
    }
  }
}
