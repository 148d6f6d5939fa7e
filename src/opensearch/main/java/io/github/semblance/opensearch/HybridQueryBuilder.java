package io.github.semblance.opensearch;

import io.github.semblance.search.Fusion;
import io.github.semblance.search.LexicalQuery;
import java.io.IOException;
import java.util.Map;
import java.util.Objects;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.MatchNoDocsQuery;
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
import org.opensearch.index.query.Operator;
import org.opensearch.index.query.QueryBuilder;
import org.opensearch.index.query.QueryBuilderVisitor;
import org.opensearch.index.query.QueryRewriteContext;
import org.opensearch.index.query.QueryShardContext;

/**
 * The queries {@code semblance}, documents that match a text by words, by meaning or by both, and
 * {@code semantic}, by meaning alone. For one request, as all query builders are.
 *
 * <pre>{@code
 * {"semblance": {"query": "can I still enrol?", "filter": {"term": {"course": "ml"}}}}
 * }</pre>
 *
 * <p>Both have {@code field}, {@code passages.vector} by default; {@code k}, the most documents
 * that a leg finds on each shard (100); {@code filter}, what they must match, applied before the
 * search; {@code min_similarity}, the least cosine of what meaning finds; and {@code
 * min_confidence}, how likely a hit must answer, from 0 to 1. {@code semblance} has {@code lexical}
 * too, the query that scores words, by default a match of the text in {@code all} and, at a quarter
 * of the weight, in {@code all.exact}, and {@code semantic_weight}, what share of a score meaning
 * has, from 0 to 1.
 *
 * <p>A score depends on the document, the query and the statistics of words alone, and is from 0 to
 * 1. So shards, and other queries around this one, add and compare scores as they do any.
 *
 * <p>The text is embedded in the first rewrite, on or for the node that was asked; from there on
 * the vector is part of the query.
 */
final class HybridQueryBuilder extends AbstractQueryBuilder<HybridQueryBuilder> {
  static final String NAME = "semblance";
  static final String SEMANTIC = "semantic";
  private static final String ALL = "all";
  private static final String ALL_EXACT = "all.exact";
  private static final ParseField LEXICAL = new ParseField("lexical");
  private static final ParseField SEMANTIC_WEIGHT = new ParseField("semantic_weight");

  private final QueryNode node;
  private final String name;
  private final VectorLeg leg;
  private @Nullable QueryBuilder lexical;
  private @Nullable Float semanticWeight;

  private HybridQueryBuilder(QueryNode node, String name, VectorLeg leg) {
    this.node = node;
    this.name = name;
    this.leg = leg;
  }

  HybridQueryBuilder(StreamInput in, QueryNode node, String name) throws IOException {
    super(in);
    this.node = node;
    this.name = name;
    this.leg = new VectorLeg(in);
    this.lexical = in.readOptionalNamedWriteable(QueryBuilder.class);
    this.semanticWeight = in.readOptionalFloat();
  }

  static HybridQueryBuilder parse(XContentParser parser, QueryNode node, String name)
      throws IOException {
    ObjectParser<HybridQueryBuilder, Void> fields =
        new ObjectParser<>(name, () -> new HybridQueryBuilder(node, name, new VectorLeg()));
    VectorLeg.declare(fields, query -> query.leg);
    if (name.equals(NAME)) {
      fields.declareObject(
          (query, value) -> query.lexical = value, (p, none) -> parseInnerQueryBuilder(p), LEXICAL);
      fields.declareFloat((query, value) -> query.semanticWeight = value, SEMANTIC_WEIGHT);
    }
    declareStandardFields(fields);
    HybridQueryBuilder read = fields.parse(QueryDepth.limit(parser), null);
    read.leg.check(name);
    if (read.semanticWeight != null) {
      VectorLeg.requireRange(name, SEMANTIC_WEIGHT, read.semanticWeight, 0, 1);
    }
    return read;
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
    builder.startObject(name);
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
    if (rewritten == leg && words == lexical) {
      return this;
    }
    HybridQueryBuilder query = new HybridQueryBuilder(node, name, rewritten);
    query.lexical = words;
    query.semanticWeight = semanticWeight;
    return query;
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
    VectorLeg.requireRoot(context, name);
    return leg.toQuery(context, node.searches(), name.equals(SEMANTIC) ? null : words(context));
  }

  private ShardQuery.Lexical words(QueryShardContext context) throws IOException {
    Fusion fusion =
        new Fusion.Convex(
            semanticWeight == null ? leg.semanticWeight(context) : semanticWeight,
            leg.vector(context).cosineFloor());
    if (lexical != null) {
      Query none = new MatchNoDocsQuery("words of a lexical query are not the text's");
      return new ShardQuery.Lexical(Words.toQuery(lexical, context), none, fusion);
    }
    if (context.fieldMapper(ALL) == null) {
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
    return new ShardQuery.Lexical(
        LexicalQuery.byRarity(Words.toQuery(words(leg.text()), context)),
        new MatchQueryBuilder(ALL, leg.text()).operator(Operator.AND).toQuery(context),
        fusion);
  }

  @Override
  public String getWriteableName() {
    return name;
  }

  @Override
  protected boolean doEquals(HybridQueryBuilder other) {
    return name.equals(other.name)
        && leg.equals(other.leg)
        && Objects.equals(lexical, other.lexical)
        && Objects.equals(semanticWeight, other.semanticWeight);
  }

  @Override
  protected int doHashCode() {
    return Objects.hash(name, leg, lexical, semanticWeight);
  }
}
