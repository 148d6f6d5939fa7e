package io.github.semblance.opensearch;

import io.github.semblance.search.Candidate;
import java.io.IOException;
import java.util.List;
import org.opensearch.action.support.broadcast.BroadcastShardResponse;
import org.opensearch.core.common.io.stream.StreamInput;
import org.opensearch.core.common.io.stream.StreamOutput;
import org.opensearch.core.common.io.stream.Writeable;
import org.opensearch.core.index.shard.ShardId;

/** The candidates of one shard, with all that their fusion and their display need. Immutable. */
final class HybridShardResponse extends BroadcastShardResponse {

  /**
   * One candidate.
   *
   * @param candidate whose shard is not numbered yet
   * @param id of the document
   * @param start offset in the text of the closest passage; -1 if the document has no vector
   * @param end offset after it
   */
  record Found(Candidate candidate, String id, int start, int end) implements Writeable {

    static Found read(StreamInput in) throws IOException {
      return new Found(
          new Candidate(
              0,
              in.readVInt(),
              in.readInt(),
              in.readFloat(),
              in.readFloat(),
              in.readFloat(),
              in.readBoolean(),
              in.readBoolean()),
          in.readString(),
          in.readInt(),
          in.readInt());
    }

    @Override
    public void writeTo(StreamOutput out) throws IOException {
      out.writeVInt(candidate.doc());
      out.writeInt(candidate.passage());
      out.writeFloat(candidate.bm25());
      out.writeFloat(candidate.bm25Limit());
      out.writeFloat(candidate.cosine());
      out.writeBoolean(candidate.lexicallyFound());
      out.writeBoolean(candidate.semanticallyFound());
      out.writeString(id);
      out.writeInt(start);
      out.writeInt(end);
    }

    /** The candidate with its shard's number. */
    Candidate of(int shard) {
      return new Candidate(
          shard,
          candidate.doc(),
          candidate.passage(),
          candidate.bm25(),
          candidate.bm25Limit(),
          candidate.cosine(),
          candidate.lexicallyFound(),
          candidate.semanticallyFound());
    }
  }

  private final List<Found> found;
  private final boolean timedOut;

  HybridShardResponse(ShardId shard, List<Found> found, boolean timedOut) {
    super(shard);
    this.found = found;
    this.timedOut = timedOut;
  }

  HybridShardResponse(StreamInput in) throws IOException {
    super(in);
    Wire.requireVersion(in, "a shard's candidates");
    found = in.readList(Found::read);
    timedOut = in.readBoolean();
  }

  @Override
  public void writeTo(StreamOutput out) throws IOException {
    super.writeTo(out);
    Wire.writeVersion(out);
    out.writeCollection(found);
    out.writeBoolean(timedOut);
  }

  List<Found> found() {
    return found;
  }

  /** Whether time was up before all candidates were found. */
  boolean timedOut() {
    return timedOut;
  }
}
