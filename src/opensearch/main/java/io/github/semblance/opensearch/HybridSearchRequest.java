package io.github.semblance.opensearch;

import io.github.semblance.embed.WellFormed;
import io.github.semblance.search.Fusion;
import io.github.semblance.search.SemanticQuery;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.opensearch.action.ActionRequestValidationException;
import org.opensearch.action.ValidateActions;
import org.opensearch.action.support.broadcast.BroadcastRequest;
import org.opensearch.common.unit.TimeValue;
import org.opensearch.core.ParseField;
import org.opensearch.core.common.io.stream.StreamInput;
import org.opensearch.core.common.io.stream.StreamOutput;
import org.opensearch.core.tasks.TaskId;
import org.opensearch.core.xcontent.ObjectParser;
import org.opensearch.core.xcontent.XContentParser;
import org.opensearch.index.query.AbstractQueryBuilder;
import org.opensearch.index.query.QueryBuilder;
import org.opensearch.search.fetch.subphase.FetchSourceContext;
import org.opensearch.search.internal.AliasFilter;
import org.opensearch.tasks.Task;

/** What {@code _semblance/search} is asked. For one request. */
final class HybridSearchRequest extends BroadcastRequest<HybridSearchRequest> {
  private static final int DEFAULT_SIZE = 10;

  /** How the scores of both legs become one. */
  enum FusionKind {
    CONVEX,
    RRF
  }

  private static final ObjectParser<HybridSearchRequest, Void> BODY =
      new ObjectParser<>("hybrid search");

  static {
    BODY.declareString(
        (request, value) -> request.text = WellFormed.text(value), new ParseField("query"));
    BODY.declareString((request, value) -> request.field = value, new ParseField("field"));
    BODY.declareObject(
        (request, value) -> request.lexical = value,
        (parser, none) -> AbstractQueryBuilder.parseInnerQueryBuilder(parser),
        new ParseField("lexical"));
    BODY.declareObject(
        (request, value) -> request.filter = value,
        (parser, none) -> AbstractQueryBuilder.parseInnerQueryBuilder(parser),
        new ParseField("filter"));
    BODY.declareInt((request, value) -> request.from = value, new ParseField("from"));
    BODY.declareInt((request, value) -> request.size = value, new ParseField("size"));
    BODY.declareInt((request, value) -> request.depth = value, new ParseField("depth"));
    BODY.declareFloat(
        (request, value) -> request.minSimilarity = value, new ParseField("min_similarity"));
    BODY.declareString(
        (request, value) -> request.fusion = fusion(value), new ParseField("fusion"));
    BODY.declareFloat(
        (request, value) -> request.semanticWeight = value, new ParseField("semantic_weight"));
    BODY.declareInt(
        (request, value) -> request.rankConstant = value, new ParseField("rank_constant"));
    BODY.declareString(
        (request, value) -> request.timeLimit = TimeValue.parseTimeValue(value, "timeout"),
        new ParseField("timeout"));
    BODY.declareField(
        (request, value) -> request.source = value,
        FetchSourceContext::fromXContent,
        new ParseField("_source"),
        ObjectParser.ValueType.OBJECT_ARRAY_BOOLEAN_OR_STRING);
  }

  private String text = "";
  private String field = VectorLeg.DEFAULT_FIELD;
  private @Nullable QueryBuilder lexical;
  private @Nullable QueryBuilder filter;
  private int from;
  private int size = DEFAULT_SIZE;
  private int depth = VectorLeg.DEFAULT_K;
  private float minSimilarity = SemanticQuery.ANY_SIMILARITY;
  private FusionKind fusion = FusionKind.CONVEX;
  private float semanticWeight = Fusion.DEFAULT_SEMANTIC_WEIGHT;
  private int rankConstant = 60;
  private @Nullable FetchSourceContext source;
  private @Nullable String routing;
  private @Nullable String preference;
  private @Nullable TimeValue timeLimit;

  /** When the search began, on the node that was asked. */
  private final long start = System.nanoTime();

  /** On the node that was asked, before the shards are. */
  private @Nullable QueryVector vector;

  /** By index, of the cluster's state in which the shards were chosen. */
  private Map<String, AliasFilter> aliasFilters = Map.of();

  private long nowInMillis;

  private HybridSearchRequest() {
    super(new String[0]);
  }

  HybridSearchRequest(StreamInput in) throws IOException {
    super(in);
    Wire.requireVersion(in, "a hybrid search");
    text = in.readString();
    field = in.readString();
    lexical = in.readOptionalNamedWriteable(QueryBuilder.class);
    filter = in.readOptionalNamedWriteable(QueryBuilder.class);
    from = in.readVInt();
    size = in.readVInt();
    depth = in.readVInt();
    minSimilarity = in.readFloat();
    fusion = in.readEnum(FusionKind.class);
    semanticWeight = in.readFloat();
    rankConstant = in.readVInt();
    source = in.readOptionalWriteable(FetchSourceContext::new);
    routing = in.readOptionalString();
    preference = in.readOptionalString();
    timeLimit = in.readOptionalTimeValue();
  }

  @Override
  public void writeTo(StreamOutput out) throws IOException {
    super.writeTo(out);
    Wire.writeVersion(out);
    out.writeString(text);
    out.writeString(field);
    out.writeOptionalNamedWriteable(lexical);
    out.writeOptionalNamedWriteable(filter);
    out.writeVInt(from);
    out.writeVInt(size);
    out.writeVInt(depth);
    out.writeFloat(minSimilarity);
    out.writeEnum(fusion);
    out.writeFloat(semanticWeight);
    out.writeVInt(rankConstant);
    out.writeOptionalWriteable(source);
    out.writeOptionalString(routing);
    out.writeOptionalString(preference);
    out.writeOptionalTimeValue(timeLimit);
  }

  @Override
  public Task createTask(
      long id, String type, String action, TaskId parent, Map<String, String> headers) {
    return new HybridSearchTask(id, type, action, getDescription(), parent, headers);
  }

  /** Reads a request's body. */
  static HybridSearchRequest parse(XContentParser parser) throws IOException {
    return BODY.parse(QueryDepth.limit(parser), new HybridSearchRequest(), null);
  }

  private static FusionKind fusion(String name) {
    for (FusionKind kind : FusionKind.values()) {
      if (kind.name().toLowerCase(Locale.ROOT).equals(name)) {
        return kind;
      }
    }
    throw new IllegalArgumentException("[fusion] must be convex or rrf, got: " + name);
  }

  @Override
  public @Nullable ActionRequestValidationException validate() {
    ActionRequestValidationException problems = null;
    if (text.isBlank()) {
      problems = ValidateActions.addValidationError("[query] must not be blank", problems);
    }
    if (from < 0 || size < 0) {
      problems =
          ValidateActions.addValidationError(
              "[from] and [size] must be at least 0, got: " + from + " and " + size, problems);
    }
    if (depth < 1 || depth > VectorLeg.MAX_K) {
      problems =
          ValidateActions.addValidationError(
              "[depth] must be from 1 to " + VectorLeg.MAX_K + ", got: " + depth, problems);
    }
    if ((long) from + size > depth) {
      problems =
          ValidateActions.addValidationError(
              "[depth] must be at least [from] + [size], so that pages fit together, got: "
                  + depth
                  + " for "
                  + from
                  + " + "
                  + size,
              problems);
    }
    if (!(minSimilarity >= -1 && minSimilarity <= 1)) {
      problems =
          ValidateActions.addValidationError(
              "[min_similarity] must be a cosine from -1 to 1, got: " + minSimilarity, problems);
    }
    if (timeLimit != null && timeLimit.nanos() <= 0) {
      problems =
          ValidateActions.addValidationError(
              "[timeout] must be more than 0, got: " + timeLimit, problems);
    }
    try {
      Fusion unused = fusion(0);
    } catch (IllegalArgumentException e) {
      problems = ValidateActions.addValidationError(e.getMessage(), problems);
    }
    return problems;
  }

  String text() {
    return text;
  }

  String field() {
    return field;
  }

  /**
   * What was asked for, or the text in the field that documents are best copied to, and as it was
   * written where the field keeps that too.
   */
  QueryBuilder lexical() {
    return lexical == null ? HybridQueryBuilder.words(text) : lexical;
  }

  void lexical(QueryBuilder rewritten) {
    lexical = rewritten;
  }

  @Nullable QueryBuilder filter() {
    return filter;
  }

  void filter(@Nullable QueryBuilder rewritten) {
    filter = rewritten;
  }

  int from() {
    return from;
  }

  int size() {
    return size;
  }

  int depth() {
    return depth;
  }

  float minSimilarity() {
    return minSimilarity;
  }

  /**
   * The fusion asked for.
   *
   * @param cosineFloor of the model
   */
  Fusion fusion(float cosineFloor) {
    return switch (fusion) {
      case CONVEX -> new Fusion.Convex(semanticWeight, cosineFloor);
      case RRF -> new Fusion.ReciprocalRank(rankConstant, 1, 1);
    };
  }

  /** What to show of the documents: by default all but the vectors. */
  FetchSourceContext source() {
    if (source != null) {
      return source;
    }
    int dot = field.lastIndexOf('.');
    String vectors = dot < 0 ? field : field.substring(0, dot);
    return new FetchSourceContext(true, new String[0], new String[] {vectors});
  }

  @Nullable String routing() {
    return routing;
  }

  void routing(@Nullable String value) {
    routing = value;
  }

  /**
   * Which copies of the shards to ask. By default the same for the same question: copies may number
   * their documents differently, and pages of one ranking should come from one of them.
   */
  String preference() {
    return preference == null
        ? Integer.toHexString(Objects.hash(text, String.valueOf(lexical), String.valueOf(filter)))
        : preference;
  }

  void preference(@Nullable String value) {
    preference = value;
  }

  QueryVector vector() {
    return Objects.requireNonNull(vector);
  }

  void vector(QueryVector embedded) {
    vector = embedded;
  }

  AliasFilter aliasFilter(String index) {
    return Objects.requireNonNull(aliasFilters.get(index));
  }

  void aliasFilters(Map<String, AliasFilter> filters) {
    aliasFilters = filters;
  }

  /** How much of the time limit is left; negative if there is no limit. */
  long millisLeft() {
    return timeLimit == null
        ? -1
        : Math.max(0, timeLimit.millis() - (System.nanoTime() - start) / 1_000_000);
  }

  long nowInMillis() {
    return nowInMillis;
  }

  void nowInMillis(long millis) {
    nowInMillis = millis;
  }
}
