package io.github.semblance.opensearch;

import io.github.semblance.embed.WellFormed;
import io.github.semblance.search.Fusion;
import io.github.semblance.search.SemanticQuery;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.apache.lucene.search.BooleanClause;
import org.jspecify.annotations.Nullable;
import org.opensearch.action.support.GroupedActionListener;
import org.opensearch.common.logging.HeaderWarning;
import org.opensearch.core.ParseField;
import org.opensearch.core.action.ActionListener;
import org.opensearch.core.common.io.stream.StreamInput;
import org.opensearch.core.common.io.stream.StreamOutput;
import org.opensearch.core.common.io.stream.Writeable;
import org.opensearch.core.xcontent.ObjectParser;
import org.opensearch.core.xcontent.XContentBuilder;
import org.opensearch.index.query.AbstractQueryBuilder;
import org.opensearch.index.query.QueryBuilder;
import org.opensearch.index.query.QueryBuilderVisitor;
import org.opensearch.index.query.QueryRewriteContext;
import org.opensearch.index.query.QueryShardContext;

/**
 * What {@code semantic} and {@code semblance} have in common: a text that is embedded once, on or
 * for the node that was asked, and how to search with its vector. Unchanged once it was read, but
 * that the vector comes while a request is rewritten; all copies of a leg get the same.
 */
final class VectorLeg implements Writeable {
  /** More would be collected and compared on each shard than any page shows. */
  static final int MAX_K = 10_000;

  private static final ParseField FIELD = new ParseField("field");
  private static final ParseField QUERY = new ParseField("query");
  private static final ParseField K = new ParseField("k");
  private static final ParseField FILTER = new ParseField("filter");
  private static final ParseField MIN_SIMILARITY = new ParseField("min_similarity");
  private static final ParseField MIN_CONFIDENCE = new ParseField("min_confidence");

  private String field = "passages." + EmbedProcessor.VECTOR_FIELD;
  private String text = "";
  private int k = 100;
  private @Nullable QueryBuilder filter;
  private float minSimilarity = SemanticQuery.ANY_SIMILARITY;
  private float minConfidence;
  private final AtomicReference<@Nullable List<QueryVector>> vectors;

  /** Whether the vector was asked for. */
  private final boolean embedding;

  /** With defaults, for what {@link #declare} reads. */
  VectorLeg() {
    this.vectors = new AtomicReference<>();
    this.embedding = false;
  }

  /** On the way to being embedded. */
  private VectorLeg(VectorLeg that, @Nullable QueryBuilder filter, boolean embedding) {
    this.field = that.field;
    this.text = that.text;
    this.k = that.k;
    this.filter = filter;
    this.minSimilarity = that.minSimilarity;
    this.minConfidence = that.minConfidence;
    this.vectors = that.vectors;
    this.embedding = embedding;
  }

  VectorLeg(StreamInput in) throws IOException {
    Wire.requireVersion(in, "a query by meaning");
    this.field = in.readString();
    this.text = in.readString();
    this.k = in.readVInt();
    this.filter = in.readOptionalNamedWriteable(QueryBuilder.class);
    this.minSimilarity = in.readFloat();
    this.minConfidence = in.readFloat();
    this.vectors =
        new AtomicReference<>(
            in.readBoolean() ? List.copyOf(in.readList(QueryVector::read)) : null);
    this.embedding = false;
  }

  @Override
  public void writeTo(StreamOutput out) throws IOException {
    Wire.writeVersion(out);
    out.writeString(field);
    out.writeString(text);
    out.writeVInt(k);
    out.writeOptionalNamedWriteable(filter);
    out.writeFloat(minSimilarity);
    out.writeFloat(minConfidence);
    List<QueryVector> embedded = vectors.get();
    out.writeBoolean(embedded != null);
    if (embedded != null) {
      out.writeCollection(embedded);
    }
  }

  /** Lets a parser of a query read its leg. */
  static <T> void declare(ObjectParser<T, Void> fields, Function<T, VectorLeg> of) {
    fields.declareString((query, value) -> of.apply(query).field = value, FIELD);
    fields.declareString((query, value) -> of.apply(query).text = WellFormed.text(value), QUERY);
    fields.declareInt((query, value) -> of.apply(query).k = value, K);
    fields.declareObject(
        (query, value) -> of.apply(query).filter = value,
        (parser, none) -> AbstractQueryBuilder.parseInnerQueryBuilder(parser),
        FILTER);
    fields.declareFloat((query, value) -> of.apply(query).minSimilarity = value, MIN_SIMILARITY);
    fields.declareFloat((query, value) -> of.apply(query).minConfidence = value, MIN_CONFIDENCE);
  }

  /**
   * Checks what was read.
   *
   * @param name of the query, for messages
   */
  void check(String name) {
    if (text.isBlank()) {
      throw new IllegalArgumentException("[" + name + "] needs a [query] that is not blank");
    }
    requireRange(name, K, k, 1, MAX_K);
    requireRange(name, MIN_SIMILARITY, minSimilarity, -1, 1);
    requireRange(name, MIN_CONFIDENCE, minConfidence, 0, 1);
  }

  /** Refuses a value of a query, no number included. */
  static void requireRange(String name, ParseField field, Number value, int least, int most) {
    if (!(value.doubleValue() >= least && value.doubleValue() <= most)) {
      String rule = "[" + name + "] " + field.getPreferredName() + " must be from ";
      throw new IllegalArgumentException(rule + least + " to " + most + ", got: " + value);
    }
  }

  /** Shows the filter to who looks at a whole query. */
  void visitFilter(QueryBuilderVisitor visitor) {
    if (filter != null) {
      filter.visit(visitor.getChildVisitor(BooleanClause.Occur.FILTER));
    }
  }

  void toXContent(XContentBuilder builder) throws IOException {
    builder.field(FIELD.getPreferredName(), field);
    builder.field(QUERY.getPreferredName(), text);
    builder.field(K.getPreferredName(), k);
    if (filter != null) {
      builder.field(FILTER.getPreferredName(), filter);
    }
    builder.field(MIN_SIMILARITY.getPreferredName(), minSimilarity);
    builder.field(MIN_CONFIDENCE.getPreferredName(), minConfidence);
  }

  /** Asks for the vectors, once; the same leg if there is nothing left to do. */
  @SuppressWarnings("ReferenceEquality") // the same object tells that nothing is left to do
  VectorLeg rewrite(QueryRewriteContext context, QueryNode node) throws IOException {
    QueryBuilder rewritten = filter == null ? null : filter.rewrite(context);
    boolean ask = vectors.get() == null && !embedding;
    if (ask) {
      Set<String> names = node.modelsOf(context, field);
      context.registerAsyncAction(
          (client, listener) -> {
            GroupedActionListener<QueryVector> all =
                new GroupedActionListener<>(
                    ActionListener.wrap(
                        embedded -> {
                          embedded.forEach(this::requireCalibration);
                          vectors.set(List.copyOf(embedded));
                          embedded.forEach(VectorLeg::warn);
                          listener.onResponse(null);
                        },
                        listener::onFailure),
                    names.size());
            names.forEach(name -> node.embed(name, text, all));
          });
    }
    return ask || rewritten != filter ? new VectorLeg(this, rewritten, embedding || ask) : this;
  }

  private void requireCalibration(QueryVector embedded) {
    if (minConfidence > 0 && embedded.calibration() == null) {
      throw new IllegalArgumentException(
          "the model ["
              + embedded.model()
              + "] has no calibration that would tell a confidence; leave min_confidence out, or"
              + " limit the cosine with min_similarity, got: "
              + minConfidence);
    }
  }

  /** Nothing is left out without a word: the answer has a header {@code Warning}. */
  private static void warn(QueryVector embedded) {
    if (embedded.droppedTokens() > 0) {
      HeaderWarning.addWarning(
          "the query has "
              + embedded.droppedTokens()
              + " word pieces more than the model "
              + embedded.model()
              + " reads; they count as words, and not for the meaning");
    }
  }

  String text() {
    return text;
  }

  /**
   * The vector that those of a shard are compared with.
   *
   * @throws IllegalArgumentException if the field is none of vectors, or of a model that did not
   *     embed the query
   */
  QueryVector vector(QueryShardContext context) {
    List<QueryVector> embedded =
        Objects.requireNonNull(
            vectors.get(), "the query was not rewritten before it reached a shard");
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
    for (QueryVector one : embedded) {
      if (type.isOf(one.fingerprint())) {
        return one.in(type.foreignCosine());
      }
    }
    QueryVector other = embedded.getFirst();
    type.requireModel(other.model(), other.fingerprint(), "The query's vector");
    return other;
  }

  /** What share of a score meaning has in an index, by its mapping. */
  float semanticWeight(QueryShardContext context) {
    return context.fieldMapper(field) instanceof VectorFieldMapper.VectorFieldType type
        ? type.semanticWeight()
        : Fusion.DEFAULT_SEMANTIC_WEIGHT;
  }

  @Nullable QueryBuilder filter() {
    return filter;
  }

  /**
   * The query of a shard.
   *
   * @param lexical the other leg; null for none
   * @throws IllegalArgumentException if the shard's vectors cannot be compared with the query's
   */
  ShardQuery toQuery(
      QueryShardContext context, ShardSearches searches, ShardQuery.@Nullable Lexical lexical)
      throws IOException {
    return new ShardQuery(
        field,
        context.getIndexSettings().getNumberOfShards() > 1,
        vector(context),
        k,
        filter == null ? null : filter.toQuery(context),
        minSimilarity,
        minConfidence,
        lexical,
        searches);
  }

  /**
   * Refuses a query among the documents of a nested field.
   *
   * @param name of the query, for messages
   */
  static void requireRoot(QueryShardContext context, String name) {
    if (context.nestedScope().getObjectMapper() != null) {
      throw new IllegalArgumentException(
          "["
              + name
              + "] finds documents by their passages, so it cannot be in a [nested] query; put it"
              + " beside or around the [nested] query");
    }
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof VectorLeg that
        && field.equals(that.field)
        && text.equals(that.text)
        && k == that.k
        && Objects.equals(filter, that.filter)
        && minSimilarity == that.minSimilarity
        && minConfidence == that.minConfidence;
  }

  @Override
  public int hashCode() {
    return Objects.hash(field, text, k, filter, minSimilarity, minConfidence);
  }
}
