package io.github.semblance.opensearch;

import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.opensearch.action.support.broadcast.BroadcastShardRequest;
import org.opensearch.core.common.io.stream.StreamInput;
import org.opensearch.core.common.io.stream.StreamOutput;
import org.opensearch.core.index.shard.ShardId;
import org.opensearch.core.tasks.TaskId;
import org.opensearch.index.query.QueryBuilder;
import org.opensearch.search.internal.AliasFilter;
import org.opensearch.tasks.Task;

/** What one shard is asked for a hybrid search. Immutable. */
final class HybridShardRequest extends BroadcastShardRequest {
  private final String field;
  private final QueryVector vector;
  private final QueryBuilder lexical;
  private final @Nullable QueryBuilder filter;
  private final AliasFilter aliasFilter;
  private final int depth;
  private final float minSimilarity;
  private final long nowInMillis;
  private final long millisLeft;

  HybridShardRequest(ShardId shard, AliasFilter aliasFilter, HybridSearchRequest request) {
    super(shard, request);
    this.field = request.field();
    this.vector = request.vector();
    this.lexical = request.lexical();
    this.filter = request.filter();
    this.aliasFilter = aliasFilter;
    this.depth = request.depth();
    this.minSimilarity = request.minSimilarity();
    this.nowInMillis = request.nowInMillis();
    this.millisLeft = request.millisLeft();
  }

  HybridShardRequest(StreamInput in) throws IOException {
    super(in);
    Wire.requireVersion(in, "a shard's part of a hybrid search");
    field = in.readString();
    vector = QueryVector.read(in);
    lexical = in.readNamedWriteable(QueryBuilder.class);
    filter = in.readOptionalNamedWriteable(QueryBuilder.class);
    aliasFilter = new AliasFilter(in);
    depth = in.readVInt();
    minSimilarity = in.readFloat();
    nowInMillis = in.readVLong();
    millisLeft = in.readLong();
  }

  @Override
  public void writeTo(StreamOutput out) throws IOException {
    super.writeTo(out);
    Wire.writeVersion(out);
    out.writeString(field);
    vector.writeTo(out);
    out.writeNamedWriteable(lexical);
    out.writeOptionalNamedWriteable(filter);
    aliasFilter.writeTo(out);
    out.writeVInt(depth);
    out.writeFloat(minSimilarity);
    out.writeVLong(nowInMillis);
    out.writeLong(millisLeft);
  }

  @Override
  public Task createTask(
      long id, String type, String action, TaskId parent, Map<String, String> headers) {
    return new HybridSearchTask(id, type, action, getDescription(), parent, headers);
  }

  String field() {
    return field;
  }

  QueryVector vector() {
    return vector;
  }

  QueryBuilder lexical() {
    return lexical;
  }

  @Nullable QueryBuilder filter() {
    return filter;
  }

  AliasFilter aliasFilter() {
    return aliasFilter;
  }

  int depth() {
    return depth;
  }

  float minSimilarity() {
    return minSimilarity;
  }

  long nowInMillis() {
    return nowInMillis;
  }

  /** How much time there is for the search of the shard; negative for all. */
  long millisLeft() {
    return millisLeft;
  }
}
