package io.github.semblance.opensearch;

import io.github.semblance.search.Candidate;
import io.github.semblance.search.FusedHit;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.opensearch.action.ActionType;
import org.opensearch.action.support.broadcast.BroadcastResponse;
import org.opensearch.common.xcontent.XContentHelper;
import org.opensearch.core.action.support.DefaultShardOperationFailedException;
import org.opensearch.core.common.bytes.BytesReference;
import org.opensearch.core.common.io.stream.StreamInput;
import org.opensearch.core.common.io.stream.StreamOutput;
import org.opensearch.core.common.io.stream.Writeable;
import org.opensearch.core.index.shard.ShardId;
import org.opensearch.core.xcontent.ToXContentObject;
import org.opensearch.core.xcontent.XContentBuilder;
import org.opensearch.rest.action.RestActions;

/** One page of a hybrid search, in the form of OpenSearch's own search responses. Immutable. */
final class HybridSearchResponse extends BroadcastResponse {
  static final ActionType<HybridSearchResponse> ACTION =
      new ActionType<>("indices:data/read/semblance/search", HybridSearchResponse::new);

  /**
   * One document.
   *
   * @param shard of the index; with a routing of their own, two documents may have one id
   * @param start offset in the text of the closest passage; -1 if the document has no vector
   * @param end offset after it
   * @param source null if it was not asked for, or the document was deleted meanwhile
   */
  record Hit(
      String index,
      int shard,
      String id,
      float score,
      int lexicalRank,
      float bm25,
      int semanticRank,
      float cosine,
      int start,
      int end,
      @Nullable BytesReference source)
      implements Writeable, ToXContentObject {

    static Hit of(FusedHit fused, ShardId shard, String id, int start, int end) {
      Candidate candidate = fused.candidate();
      return new Hit(
          shard.getIndexName(),
          shard.id(),
          id,
          fused.score(),
          fused.lexicalRank(),
          candidate.bm25(),
          fused.semanticRank(),
          candidate.cosine(),
          start,
          end,
          null);
    }

    static Hit read(StreamInput in) throws IOException {
      return new Hit(
          in.readString(),
          in.readVInt(),
          in.readString(),
          in.readFloat(),
          in.readVInt(),
          in.readFloat(),
          in.readVInt(),
          in.readFloat(),
          in.readInt(),
          in.readInt(),
          in.readOptionalBytesReference());
    }

    @Override
    public void writeTo(StreamOutput out) throws IOException {
      out.writeString(index);
      out.writeVInt(shard);
      out.writeString(id);
      out.writeFloat(score);
      out.writeVInt(lexicalRank);
      out.writeFloat(bm25);
      out.writeVInt(semanticRank);
      out.writeFloat(cosine);
      out.writeInt(start);
      out.writeInt(end);
      out.writeOptionalBytesReference(source);
    }

    Hit withSource(@Nullable BytesReference found) {
      return new Hit(
          index, shard, id, score, lexicalRank, bm25, semanticRank, cosine, start, end, found);
    }

    @Override
    @SuppressWarnings("deprecation") // detects the type of the source, as search hits do
    public XContentBuilder toXContent(XContentBuilder builder, Params params) throws IOException {
      builder.startObject();
      builder.field("_index", index).field("_id", id).field("_score", score);
      leg(builder, "lexical", lexicalRank, bm25);
      leg(builder, "semantic", semanticRank, cosine);
      if (start >= 0) {
        builder.startObject("passage").field("start", start).field("end", end).endObject();
      }
      if (source != null) {
        XContentHelper.writeRawField("_source", source, builder, params);
      }
      return builder.endObject();
    }

    /**
     * The rank is null in a leg that did not find the document; its score is exact all the same.
     */
    private static void leg(XContentBuilder builder, String name, int rank, float score)
        throws IOException {
      builder.startObject(name);
      if (rank > 0) {
        builder.field("rank", rank);
      } else {
        builder.nullField("rank");
      }
      builder.field("score", score).endObject();
    }
  }

  private final long tookMillis;
  private final int found;
  private final int droppedTokens;
  private final boolean timedOut;
  private final List<Hit> hits;

  /**
   * Makes a page.
   *
   * @param failures of shards that were asked; more may have had no copy to ask
   * @param found how many documents were ranked
   * @param droppedTokens word pieces of the query that the model did not read
   * @param timedOut whether time was up before all were found
   */
  HybridSearchResponse(
      int shards,
      int successful,
      List<DefaultShardOperationFailedException> failures,
      long tookMillis,
      int found,
      int droppedTokens,
      boolean timedOut,
      List<Hit> hits) {
    super(shards, successful, shards - successful, failures);
    this.tookMillis = tookMillis;
    this.found = found;
    this.droppedTokens = droppedTokens;
    this.timedOut = timedOut;
    this.hits = hits;
  }

  HybridSearchResponse(StreamInput in) throws IOException {
    super(in);
    Wire.requireVersion(in, "the hits of a hybrid search");
    tookMillis = in.readVLong();
    found = in.readVInt();
    droppedTokens = in.readVInt();
    timedOut = in.readBoolean();
    hits = in.readList(Hit::read);
  }

  @Override
  public void writeTo(StreamOutput out) throws IOException {
    super.writeTo(out);
    Wire.writeVersion(out);
    out.writeVLong(tookMillis);
    out.writeVInt(found);
    out.writeVInt(droppedTokens);
    out.writeBoolean(timedOut);
    out.writeCollection(hits);
  }

  List<Hit> hits() {
    return hits;
  }

  /** This response with the documents' sources. */
  HybridSearchResponse with(List<Hit> complete, long millis) {
    return new HybridSearchResponse(
        getTotalShards(),
        getSuccessfulShards(),
        List.of(getShardFailures()),
        millis,
        found,
        droppedTokens,
        timedOut,
        complete);
  }

  @Override
  public XContentBuilder toXContent(XContentBuilder builder, Params params) throws IOException {
    builder.startObject();
    builder.field("took", tookMillis).field("timed_out", timedOut);
    RestActions.buildBroadcastShardsHeader(builder, params, this);
    if (droppedTokens > 0) {
      builder.field("query_word_pieces_beyond_window", droppedTokens);
    }
    builder.startObject("hits");
    builder
        .startObject("total")
        .field("value", found)
        .field("relation", timedOut ? "gte" : "eq")
        .endObject();
    builder.startArray("hits");
    for (Hit hit : hits) {
      hit.toXContent(builder, params);
    }
    return builder.endArray().endObject().endObject();
  }
}
