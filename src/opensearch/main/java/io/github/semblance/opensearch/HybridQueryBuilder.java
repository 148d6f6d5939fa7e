package io.github.semblance.opensearch;

import io.github.semblance.search.Fusion;
import io.github.semblance.search.LexicalQuery;
import java.io.IOException;
import java.util.Map;
import java.util.Objects;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.Query;
import org.jspecify.annotations.Nullable;
import org.opensearch.core.ParseField;
import org.opensearch.core.common.io.stream.StreamInput;
import org.opensearch.core.common.io.stream.StreamOutput;
import org.opensearch.core.xcontent.ObjectParser;
import org.opensearch.core.xcontent.XContentBuilder;
import org.opensearch.core.xcontent.XContentParser;
import org.opensearch.index.query.AbstractQueryBuilder;
import org.opensearch.index.query.BoolQueryBuilder;
import org.opensearch.index.query.InnerHitContextBuilder;
import org.opensearch.index.query.MatchQueryBuilder;
import org.opensearch.index.query.QueryBuilder;
import org.opensearch.index.query.QueryBuilderVisitor;
import org.opensearch.index.query.QueryRewriteContext;
import org.opensearch.index.query.QueryShardContext;

/**
 * The query {@code semblance}: documents that match a text by words, by meaning or by both. For one
 * request, as all query builders are.
 *
 * <pre>{@code
 * {"semblance": {"query": "can I still enrol?", "filter": {"term": {"course": "ml"}}}}
 * }</pre>
 *
 * <p>{@code lexical} is the query that scores words, by default a match of the text in {@code all}
 * and, at a quarter of the weight, in {@code all.exact}; {@code semantic_weight} is what share of a
 * score meaning has, from 0 to 1. The rest is as in {@link SemanticQueryBuilder}, where {@code k}
 * and {@code filter} are for both legs.
 *
 * <p>A score depends on the document, the query and the statistics of words alone, and is from 0 to
 * 1. So shards, and other queries around this one, add and compare scores as they do any.
 */
final class HybridQueryBuilder extends AbstractQueryBuilder<HybridQueryBuilder> {
  static final String NAME = "semblance";
  private static final String ALL = "all";
  private static final String ALL_EXACT = "all.exact";
  private static final ParseField LEXICAL = new ParseField("lexical");
  private static final ParseField SEMANTIC_WEIGHT = new ParseField("semantic_weight");

  private final QueryNode node;
  private final VectorLeg leg;
  private final @Nullable QueryBuilder lexical;
  private final @Nullable Float semanticWeight;

  private HybridQueryBuilder(
      QueryNode node,
      VectorLeg leg,
      @Nullable QueryBuilder lexical,
      @Nullable Float semanticWeight) {
    this.node = node;
    this.leg = leg;
    this.lexical = lexical;
    this.semanticWeight = semanticWeight;
  }

  HybridQueryBuilder(StreamInput in, QueryNode node) throws IOException {
    super(in);
    this.node = node;
    this.leg = new VectorLeg(in);
    this.lexical = in.readOptionalNamedWriteable(QueryBuilder.class);
    this.semanticWeight = in.readOptionalFloat();
  }

  /** What the JSON says. */
  private static final class Parameters {
    private final VectorLeg.Parameters leg = new VectorLeg.Parameters();
    private @Nullable QueryBuilder lexical;
    private @Nullable Float semanticWeight;
  }

  static HybridQueryBuilder parse(XContentParser parser, QueryNode node) throws IOException {
    ObjectParser<Parameters, Void> fields = new ObjectParser<>(NAME, Parameters::new);
    VectorLeg.Parameters.declare(fields, said -> said.leg);
    fields.declareObject(
        (said, value) -> said.lexical = value, (p, none) -> parseInnerQueryBuilder(p), LEXICAL);
    fields.declareFloat((said, value) -> said.semanticWeight = value, SEMANTIC_WEIGHT);
    Parameters said = fields.parse(QueryDepth.limit(parser), null);
    Float weight = said.semanticWeight;
    if (weight != null && !(weight >= 0 && weight <= 1)) {
      throw new IllegalArgumentException(
          "[" + NAME + "] semantic_weight must be from 0 to 1, got: " + weight);
    }
    return said.leg.finish(
        new HybridQueryBuilder(node, said.leg.check(NAME), said.lexical, said.semanticWeight));
  }

  /**
   * The text in the field that documents are best copied to, and as it was written where the field
   * keeps that too.
   */
  static QueryBuilder words(String text) {
    return new BoolQueryBuilder()
        .must(new MatchQueryBuilder(ALL, text))
        .should(new MatchQueryBuilder(ALL_EXACT, text).boost(LexicalQuery.EXACT_BOOST));
  }

  @Override
  protected void doWriteTo(StreamOutput out) throws IOException {
    leg.writeTo(out);
    out.writeOptionalNamedWriteable(lexical);
    out.writeOptionalFloat(semanticWeight);
  }

  @Override
  protected void doXContent(XContentBuilder builder, Params params) throws IOException {
    builder.startObject(NAME);
    leg.toXContent(builder);
    if (lexical != null) {
      builder.field(LEXICAL.getPreferredName(), lexical);
    }
    if (semanticWeight != null) {
      builder.field(SEMANTIC_WEIGHT.getPreferredName(), semanticWeight);
    }
    printBoostAndQueryName(builder);
    builder.endObject();
  }

  @Override
  @SuppressWarnings("ReferenceEquality") // the same object tells that nothing is left to do
  protected QueryBuilder doRewrite(QueryRewriteContext context) throws IOException {
    VectorLeg rewritten = leg.rewrite(context, node);
    QueryBuilder words = lexical == null ? null : lexical.rewrite(context);
    return rewritten == leg && words == lexical
        ? this
        : new HybridQueryBuilder(node, rewritten, words, semanticWeight);
  }

  @Override
  protected void extractInnerHitBuilders(Map<String, InnerHitContextBuilder> innerHits) {
    if (lexical != null) {
      InnerHitContextBuilder.extractInnerHits(lexical, innerHits);
    }
    if (leg.filter() != null) {
      InnerHitContextBuilder.extractInnerHits(leg.filter(), innerHits);
    }
  }

  @Override
  public void visit(QueryBuilderVisitor visitor) {
    visitor.accept(this);
    if (lexical != null) {
      lexical.visit(visitor.getChildVisitor(Occur.MUST));
    }
    leg.visitFilter(visitor);
  }

  @Override
  protected Query doToQuery(QueryShardContext context) throws IOException {
    VectorLeg.requireRoot(context, NAME);
    if (lexical == null && context.fieldMapper(ALL) == null) {
      throw new IllegalArgumentException(
          "["
              + NAME
              + "] asks for words in the field ["
              + ALL
              + "], which index ["
              + context.index().getName()
              + "] does not map; copy the fields that shall be searched to it (copy_to), or give a"
              + " [lexical] query");
    }
    Query words =
        lexical == null
            ? LexicalQuery.byRarity(Words.toQuery(words(leg.text()), context))
            : Words.toQuery(lexical, context);
    return leg.toQuery(
        context,
        NAME,
        node.searches(),
        new ShardQuery.Lexical(
            words,
            new Fusion.Convex(
                semanticWeight == null ? leg.semanticWeight(context) : semanticWeight,
                leg.vector(context).cosineFloor())));
  }

  @Override
  public String getWriteableName() {
    return NAME;
  }

  @Override
  protected boolean doEquals(HybridQueryBuilder other) {
    return leg.equals(other.leg)
        && Objects.equals(lexical, other.lexical)
        && Objects.equals(semanticWeight, other.semanticWeight);
  }

  @Override
  protected int doHashCode() {
    return Objects.hash(leg, lexical, semanticWeight);
  }
}
