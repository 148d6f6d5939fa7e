package io.github.semblance.opensearch;

import io.github.semblance.embed.EmbeddingModel;
import io.github.semblance.index.IndexSchema;
import io.github.semblance.index.PassageVector;
import io.github.semblance.search.Fusion;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.lucene.search.FieldExistsQuery;
import org.apache.lucene.search.Query;
import org.jspecify.annotations.Nullable;
import org.opensearch.common.xcontent.support.XContentMapValues;
import org.opensearch.core.xcontent.XContentParser;
import org.opensearch.index.mapper.FieldMapper;
import org.opensearch.index.mapper.MappedFieldType;
import org.opensearch.index.mapper.Mapper;
import org.opensearch.index.mapper.MappingLookup;
import org.opensearch.index.mapper.ParametrizedFieldMapper;
import org.opensearch.index.mapper.ParseContext;
import org.opensearch.index.mapper.SourceFieldMapper;
import org.opensearch.index.mapper.SourceValueFetcher;
import org.opensearch.index.mapper.TextSearchInfo;
import org.opensearch.index.mapper.ValueFetcher;
import org.opensearch.index.query.QueryShardContext;
import org.opensearch.search.lookup.SearchLookup;

/**
 * The field type {@code semblance_vector}: the vector of one passage, in a nested document.
 * Thread-safe.
 *
 * <p>It writes the Lucene fields of {@link IndexSchema}, whatever it is called itself, and marks
 * the document that the passages belong to. So an index has one set of passages.
 *
 * <p>The mapping holds which model the vectors are of, by default {@code semblance.model} of the
 * node on which the field was mapped first. Vectors of another model are refused.
 */
final class VectorFieldMapper extends ParametrizedFieldMapper {
  static final String TYPE = "semblance_vector";
  private static final String SEMANTIC_WEIGHT = "semantic_weight";
  private static final String FOREIGN_COSINE = "foreign_cosine";

  private final NodeModels models;
  private final VectorFieldType type;

  private VectorFieldMapper(
      String simpleName,
      VectorFieldType type,
      MultiFields multiFields,
      CopyTo copyTo,
      NodeModels models) {
    super(simpleName, type, multiFields, copyTo);
    this.type = type;
    this.models = models;
  }

  static Mapper.TypeParser parser(NodeModels models) {
    return new TypeParser((name, context) -> new Builder(name, models));
  }

  @Override
  public Builder getMergeBuilder() {
    Builder builder = new Builder(simpleName(), models);
    builder.init(this);
    return builder;
  }

  @Override
  protected void parseCreateField(ParseContext context) throws IOException {
    if (context.doc().getParent() == null) {
      throw new IllegalArgumentException(notNested());
    }
    XContentParser parser = context.parser();
    if (parser.currentToken() != XContentParser.Token.START_OBJECT) {
      throw new IllegalArgumentException(
          "a vector must be an object, as the ingest processor writes it, got: "
              + parser.currentToken());
    }
    IngestedVector vector = IngestedVector.parse(parser.map());
    type.requireModel(vector.model(), vector.fingerprint(), "The vector of field [" + name() + "]");
    PassageVector passage = vector.passage();
    if (passage.vector().length != type.dimension) {
      throw new IllegalArgumentException(
          "a vector must have " + type.dimension + " dimensions, got: " + passage.vector().length);
    }
    PassagesMark mark = PassagesMark.count(context, vector);
    if (context.indexSettings().getValue(SemblancePlugin.STALE_VECTORS) == StaleVectors.REFUSE) {
      mark.requireSameText(vector, context.sourceToParse());
    }
    context.doc().addAll(IndexSchema.passageFields(passage));
  }

  /** When the field is mapped, before a document comes. */
  @Override
  protected void doValidate(MappingLookup mappers) {
    if (mappers.getNestedScope(name()) == null) {
      throw new IllegalArgumentException(notNested());
    }
    for (Mapper other : mappers) {
      if (other instanceof VectorFieldMapper && !other.name().equals(name())) {
        throw new IllegalArgumentException(
            "an index has one field of type ["
                + TYPE
                + "], got: "
                + Stream.of(name(), other.name()).sorted().toList()
                + "; embed several fields together (text_fields of the processor), or use an index"
                + " for each");
      }
    }
    if (mappers.getMapper(SourceFieldMapper.NAME) instanceof SourceFieldMapper source
        && !source.isComplete()
        && !keeps(source)) {
      throw new IllegalArgumentException(
          "_source must keep the field ["
              + name()
              + "]: an update or a reindex makes a document of its source, and would lose the"
              + " vectors; leave passages out of answers (_source of a search) instead of out of"
              + " what is stored");
    }
  }

  private boolean keeps(SourceFieldMapper source) {
    if (!source.enabled()) {
      return false;
    }
    Map<String, Object> inner = new HashMap<>();
    IngestedVector.FIELDS.forEach(field -> inner.put(field, ""));
    Map<String, Object> document = inner;
    String[] path = name().split("\\.", -1);
    for (int i = path.length - 1; i >= 0; i--) {
      document = Map.of(path[i], document);
    }
    Object left =
        XContentMapValues.filter(
            document,
            source.getIncludes().toArray(String[]::new),
            source.getExcludes().toArray(String[]::new));
    return document.equals(left);
  }

  private String notNested() {
    return "field ["
        + name()
        + "] of type ["
        + TYPE
        + "] must be in a nested field: map ["
        + name()
        + "]'s object with \"type\": \"nested\"";
  }

  @Override
  protected String contentType() {
    return TYPE;
  }

  /** What a mapping says of such a field. */
  static final class Builder extends ParametrizedFieldMapper.Builder {
    private final NodeModels models;
    private final Parameter<String> model;
    private final Parameter<String> fingerprint;
    private final Parameter<Integer> dimension;
    private final Parameter<Float> semanticWeight;
    private final Parameter<@Nullable Float> foreignCosine;

    Builder(String name, NodeModels models) {
      super(name);
      this.models = models;
      this.model =
          Parameter.stringParam("model", false, mapper -> of(mapper).model, models.defaultModel())
              .alwaysSerialize();
      this.fingerprint =
          new Parameter<>(
                  "fingerprint",
                  false,
                  () -> fact(EmbeddingModel::fingerprint),
                  (field, context, value) -> String.valueOf(value),
                  mapper -> of(mapper).fingerprint)
              .alwaysSerialize();
      this.dimension =
          new Parameter<>(
                  "dimension",
                  false,
                  () -> fact(EmbeddingModel::dimension),
                  (field, context, value) -> XContentMapValues.nodeIntegerValue(value),
                  mapper -> of(mapper).dimension)
              .alwaysSerialize();
      this.semanticWeight =
          new Parameter<>(
              SEMANTIC_WEIGHT,
              true,
              () -> Fusion.DEFAULT_SEMANTIC_WEIGHT,
              (field, context, value) -> XContentMapValues.nodeFloatValue(value),
              mapper -> of(mapper).semanticWeight);
      semanticWeight.setValidator(
          weight -> {
            if (!(weight >= 0 && weight <= 1)) {
              throw new IllegalArgumentException(
                  SEMANTIC_WEIGHT + " must be from 0 to 1, got: " + weight);
            }
          });
      this.foreignCosine =
          new Parameter<>(
              FOREIGN_COSINE,
              true,
              () -> null,
              (field, context, value) -> XContentMapValues.nodeFloatValue(value),
              mapper -> of(mapper).foreignCosine);
      foreignCosine.setValidator(
          cosine -> {
            if (cosine != null && !(cosine >= -1 && cosine <= 1)) {
              throw new IllegalArgumentException(
                  FOREIGN_COSINE + " must be from -1 to 1, got: " + cosine);
            }
          });
    }

    /** Null without the model: OpenSearch asks for defaults also where a mapping says all. */
    private <T> @Nullable T fact(Function<EmbeddingModel, T> of) {
      return models.mayUse(model.get()) ? of.apply(models.facts(model.get())) : null;
    }

    private static VectorFieldType of(FieldMapper mapper) {
      return ((VectorFieldMapper) mapper).type;
    }

    @Override
    protected List<Parameter<?>> getParameters() {
      return List.of(model, fingerprint, dimension, semanticWeight, foreignCosine);
    }

    @Override
    public VectorFieldMapper build(BuilderContext context) {
      if (fingerprint.get() == null || dimension.get() == null) {
        EmbeddingModel unused = models.facts(model.get()); // refuses
      }
      return new VectorFieldMapper(
          name,
          new VectorFieldType(
              buildFullName(context),
              model.get(),
              fingerprint.get(),
              dimension.get(),
              semanticWeight.get(),
              foreignCosine.get()),
          multiFieldsBuilder.build(this, context),
          copyTo.build(),
          models);
    }
  }

  /** The field as queries see it. */
  static final class VectorFieldType extends MappedFieldType {
    private final String model;
    private final String fingerprint;
    private final int dimension;
    private final float semanticWeight;
    private final @Nullable Float foreignCosine;

    private VectorFieldType(
        String name,
        String model,
        String fingerprint,
        int dimension,
        float semanticWeight,
        @Nullable Float foreignCosine) {
      super(name, true, false, false, TextSearchInfo.NONE, Map.of());
      this.model = model;
      this.fingerprint = fingerprint;
      this.dimension = dimension;
      this.semanticWeight = semanticWeight;
      this.foreignCosine = foreignCosine;
    }

    /** How close the index comes to questions that it does not answer; null if nobody says so. */
    @Nullable Float foreignCosine() {
      return foreignCosine;
    }

    /** What share of a score meaning has where a query does not say. */
    float semanticWeight() {
      return semanticWeight;
    }

    String model() {
      return model;
    }

    boolean isOf(String otherFingerprint) {
      return fingerprint.equals(otherFingerprint);
    }

    /**
     * Lets pass what was made by the model of this field's vectors.
     *
     * @param what begins the message
     */
    void requireModel(String otherModel, String otherFingerprint, String what) {
      if (!fingerprint.equals(otherFingerprint)) {
        throw new IllegalArgumentException(
            what
                + " is of the model "
                + otherModel
                + " ("
                + otherFingerprint
                + "), but the vectors of the index are of "
                + model
                + " ("
                + fingerprint
                + "); use nodes whose semblance.model and semblance.precision are those of the"
                + " index, or index again");
      }
    }

    @Override
    public String typeName() {
      return TYPE;
    }

    @Override
    public Query existsQuery(QueryShardContext context) {
      return new FieldExistsQuery(IndexSchema.VECTOR);
    }

    @Override
    public Query termQuery(Object value, @Nullable QueryShardContext context) {
      throw new IllegalArgumentException(
          "field ["
              + name()
              + "] of type ["
              + TYPE
              + "] has no terms; ask with a [semantic] query");
    }

    @Override
    public ValueFetcher valueFetcher(
        QueryShardContext context, SearchLookup lookup, @Nullable String format) {
      return SourceValueFetcher.identity(name(), context, format);
    }
  }
}
