package io.github.semblance.opensearch;

import io.github.semblance.embed.WellFormed;
import io.github.semblance.search.SemanticQuery;
import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.lucene.search.Query;
import org.jspecify.annotations.Nullable;
import org.opensearch.core.ParseField;
import org.opensearch.core.action.ActionListener;
import org.opensearch.core.common.io.stream.StreamInput;
import org.opensearch.core.common.io.stream.StreamOutput;
import org.opensearch.core.xcontent.ObjectParser;
import org.opensearch.core.xcontent.XContentBuilder;
import org.opensearch.core.xcontent.XContentParser;
import org.opensearch.index.query.AbstractQueryBuilder;
import org.opensearch.index.query.QueryBuilder;
import org.opensearch.index.query.QueryRewriteContext;
import org.opensearch.index.query.QueryShardContext;

/**
 * The query {@code semantic}: documents with the passages closest in meaning to a text. For one
 * request, as all query builders are.
 *
 * <pre>{@code
 * {"semantic": {"query": "can I still enrol?", "k": 100, "filter": {"term": {"course": "ml"}}}}
 * }</pre>
 *
 * <p>{@code field} is {@code passages.vector} by default, {@code k} the most documents that each
 * shard finds (100), {@code filter} what they must match, applied before the search, and {@code
 * min_similarity} the least cosine, from -1 to 1.
 *
 * <p>The text is embedded in the first rewrite, on the node that was asked; from there on the
 * vector is part of the query.
 */
final class SemanticQueryBuilder extends AbstractQueryBuilder<SemanticQueryBuilder> {
  static final String NAME = "semantic";
  static final String DEFAULT_FIELD = "passages." + EmbedProcessor.VECTOR_FIELD;
  static final int DEFAULT_K = 100;

  /** More would be collected and compared on each shard than any page shows. */
  static final int MAX_K = 10_000;

  private static final ParseField FIELD = new ParseField("field");
  private static final ParseField QUERY = new ParseField("query");
  private static final ParseField K = new ParseField("k");
  private static final ParseField FILTER = new ParseField("filter");
  private static final ParseField MIN_SIMILARITY = new ParseField("min_similarity");

  private final NodeModel model;
  private String field = DEFAULT_FIELD;
  private @Nullable String text;
  private int k = DEFAULT_K;
  private @Nullable QueryBuilder filter;
  private float minSimilarity = SemanticQuery.ANY_SIMILARITY;

  /** Filled by the first rewrite, while others may look. */
  private AtomicReference<@Nullable QueryVector> vector = new AtomicReference<>();

  private boolean embedding;

  private SemanticQueryBuilder(NodeModel model) {
    this.model = model;
  }

  SemanticQueryBuilder(StreamInput in, NodeModel model) throws IOException {
    super(in);
    this.model = model;
    field = in.readString();
    text = in.readString();
    k = in.readVInt();
    filter = in.readOptionalNamedWriteable(QueryBuilder.class);
    minSimilarity = in.readFloat();
    vector = new AtomicReference<>(in.readOptionalWriteable(QueryVector::read));
  }

  static SemanticQueryBuilder parse(XContentParser parser, NodeModel model) throws IOException {
    ObjectParser<SemanticQueryBuilder, Void> fields =
        new ObjectParser<>(NAME, () -> new SemanticQueryBuilder(model));
    fields.declareString((query, value) -> query.field = value, FIELD);
    fields.declareString((query, value) -> query.text = WellFormed.text(value), QUERY);
    fields.declareInt((query, value) -> query.k = value, K);
    fields.declareObject(
        (query, value) -> query.filter = value, (p, none) -> parseInnerQueryBuilder(p), FILTER);
    fields.declareFloat((query, value) -> query.minSimilarity = value, MIN_SIMILARITY);
    declareStandardFields(fields);
    SemanticQueryBuilder query = fields.parse(parser, null);
    if (query.text == null || query.text.isBlank()) {
      throw new IllegalArgumentException("[semantic] needs a [query] that is not blank");
    }
    if (query.k < 1 || query.k > MAX_K) {
      throw new IllegalArgumentException(
          "[semantic] k must be from 1 to " + MAX_K + ", got: " + query.k);
    }
    if (!(query.minSimilarity >= -1 && query.minSimilarity <= 1)) {
      throw new IllegalArgumentException(
          "[semantic] min_similarity must be a cosine from -1 to 1, got: " + query.minSimilarity);
    }
    return query;
  }

  private String text() {
    return Objects.requireNonNull(text);
  }

  @Override
  protected void doWriteTo(StreamOutput out) throws IOException {
    out.writeString(field);
    out.writeString(text());
    out.writeVInt(k);
    out.writeOptionalNamedWriteable(filter);
    out.writeFloat(minSimilarity);
    out.writeOptionalWriteable(vector.get());
  }

  @Override
  protected void doXContent(XContentBuilder builder, Params params) throws IOException {
    builder.startObject(NAME);
    builder.field(FIELD.getPreferredName(), field);
    builder.field(QUERY.getPreferredName(), text());
    builder.field(K.getPreferredName(), k);
    if (filter != null) {
      builder.field(FILTER.getPreferredName(), filter);
    }
    builder.field(MIN_SIMILARITY.getPreferredName(), minSimilarity);
    printBoostAndQueryName(builder);
    builder.endObject();
  }

  @Override
  protected QueryBuilder doRewrite(QueryRewriteContext context) throws IOException {
    QueryBuilder rewrittenFilter = filter == null ? null : filter.rewrite(context);
    if (vector.get() == null && !embedding) {
      SemanticQueryBuilder waiting = copy(rewrittenFilter);
      waiting.embedding = true;
      context.registerAsyncAction(
          (client, listener) ->
              model.embedQuery(
                  text(),
                  ActionListener.wrap(
                      embedded -> {
                        waiting.vector.set(embedded);
                        listener.onResponse(null);
                      },
                      listener::onFailure)));
      return waiting;
    }
    return Objects.equals(rewrittenFilter, filter) ? this : copy(rewrittenFilter);
  }

  private SemanticQueryBuilder copy(@Nullable QueryBuilder otherFilter) {
    SemanticQueryBuilder copy = new SemanticQueryBuilder(model);
    copy.boost(boost()).queryName(queryName());
    copy.field = field;
    copy.text = text;
    copy.k = k;
    copy.filter = otherFilter;
    copy.minSimilarity = minSimilarity;
    copy.vector = vector;
    copy.embedding = embedding;
    return copy;
  }

  @Override
  protected Query doToQuery(QueryShardContext context) throws IOException {
    QueryVector embedded = vector.get();
    if (embedded == null) {
      throw new IllegalStateException("[semantic] was not rewritten before it reached a shard");
    }
    requireModel(context, field, embedded);
    return new SemanticQuery(
        embedded.vector(), k, filter == null ? null : filter.toQuery(context), minSimilarity);
  }

  /** Refuses a query that the vectors of a shard cannot be compared with. */
  static void requireModel(QueryShardContext context, String field, QueryVector vector) {
    if (!(context.fieldMapper(field) instanceof VectorFieldMapper.VectorFieldType type)) {
      throw new IllegalArgumentException(
          "index ["
              + context.index().getName()
              + "] must map the field ["
              + field
              + "] as ["
              + VectorFieldMapper.TYPE
              + "] to be searched by meaning");
    }
    type.requireModel(vector.model(), vector.fingerprint(), "The query's vector");
  }

  @Override
  public String getWriteableName() {
    return NAME;
  }

  @Override
  protected boolean doEquals(SemanticQueryBuilder other) {
    return field.equals(other.field)
        && Objects.equals(text, other.text)
        && k == other.k
        && Objects.equals(filter, other.filter)
        && minSimilarity == other.minSimilarity;
  }

  @Override
  protected int doHashCode() {
    return Objects.hash(field, text, k, filter, minSimilarity);
  }
}
