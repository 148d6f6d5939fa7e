package io.github.semblance.opensearch;

import java.io.IOException;
import java.util.Map;
import org.apache.lucene.search.Query;
import org.opensearch.core.common.io.stream.StreamInput;
import org.opensearch.core.common.io.stream.StreamOutput;
import org.opensearch.core.xcontent.ObjectParser;
import org.opensearch.core.xcontent.XContentBuilder;
import org.opensearch.core.xcontent.XContentParser;
import org.opensearch.index.query.AbstractQueryBuilder;
import org.opensearch.index.query.InnerHitContextBuilder;
import org.opensearch.index.query.QueryBuilder;
import org.opensearch.index.query.QueryBuilderVisitor;
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

  private final QueryNode node;
  private final VectorLeg leg;

  private SemanticQueryBuilder(QueryNode node, VectorLeg leg) {
    this.node = node;
    this.leg = leg;
  }

  SemanticQueryBuilder(StreamInput in, QueryNode node) throws IOException {
    super(in);
    this.node = node;
    this.leg = new VectorLeg(in);
  }

  static SemanticQueryBuilder parse(XContentParser parser, QueryNode node) throws IOException {
    ObjectParser<VectorLeg.Parameters, Void> fields =
        new ObjectParser<>(NAME, VectorLeg.Parameters::new);
    VectorLeg.Parameters.declare(fields, said -> said);
    VectorLeg.Parameters said = fields.parse(QueryDepth.limit(parser), null);
    return said.finish(new SemanticQueryBuilder(node, said.check(NAME)));
  }

  @Override
  protected void doWriteTo(StreamOutput out) throws IOException {
    leg.writeTo(out);
  }

  @Override
  protected void doXContent(XContentBuilder builder, Params params) throws IOException {
    builder.startObject(NAME);
    leg.toXContent(builder);
    printBoostAndQueryName(builder);
    builder.endObject();
  }

  @Override
  @SuppressWarnings("ReferenceEquality") // the same object tells that nothing is left to do
  protected QueryBuilder doRewrite(QueryRewriteContext context) throws IOException {
    VectorLeg rewritten = leg.rewrite(context, node);
    return rewritten == leg ? this : new SemanticQueryBuilder(node, rewritten);
  }

  @Override
  protected void extractInnerHitBuilders(Map<String, InnerHitContextBuilder> innerHits) {
    if (leg.filter() != null) {
      InnerHitContextBuilder.extractInnerHits(leg.filter(), innerHits);
    }
  }

  @Override
  public void visit(QueryBuilderVisitor visitor) {
    visitor.accept(this);
    leg.visitFilter(visitor);
  }

  @Override
  protected Query doToQuery(QueryShardContext context) throws IOException {
    return leg.toQuery(context, NAME, node.searches(), null);
  }

  @Override
  public String getWriteableName() {
    return NAME;
  }

  @Override
  protected boolean doEquals(SemanticQueryBuilder other) {
    return leg.equals(other.leg);
  }

  @Override
  protected int doHashCode() {
    return leg.hashCode();
  }
}
