package io.github.semblance.springai;

import io.github.semblance.embed.TextEmbedder;
import io.micrometer.observation.ObservationRegistry;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.ai.chat.metadata.DefaultUsage;
import org.springframework.ai.document.Document;
import org.springframework.ai.document.MetadataMode;
import org.springframework.ai.embedding.Embedding;
import org.springframework.ai.embedding.EmbeddingModel;
import org.springframework.ai.embedding.EmbeddingOptions;
import org.springframework.ai.embedding.EmbeddingRequest;
import org.springframework.ai.embedding.EmbeddingResponse;
import org.springframework.ai.embedding.EmbeddingResponseMetadata;
import org.springframework.ai.embedding.observation.DefaultEmbeddingModelObservationConvention;
import org.springframework.ai.embedding.observation.EmbeddingModelObservationContext;
import org.springframework.ai.embedding.observation.EmbeddingModelObservationConvention;
import org.springframework.ai.embedding.observation.EmbeddingModelObservationDocumentation;

/**
 * Spring AI's embedding model on a {@link TextEmbedder}. Safe for use by many threads; the embedder
 * remains the caller's to close.
 *
 * <p>A list of texts is one batch in which no text is padded, so give many at once. Texts are
 * passages to a model that tells them from queries; {@link SemblanceVectorStore} embeds queries as
 * such.
 *
 * <p>A text longer than the model's window is cut to it, because the interface asks for one vector.
 * That is logged as a warning, or refused if {@link Builder#failOnTruncation} says so.
 */
public final class SemblanceEmbeddingModel implements EmbeddingModel {
  private static final Logger LOG = LoggerFactory.getLogger(SemblanceEmbeddingModel.class);

  private static final String PROVIDER = "semblance";

  private static final EmbeddingModelObservationConvention DEFAULT_CONVENTION =
      new DefaultEmbeddingModelObservationConvention();

  private final TextEmbedder embedder;
  private final MetadataMode metadataMode;
  private final boolean failOnTruncation;
  private final ObservationRegistry observations;
  private final @Nullable EmbeddingModelObservationConvention convention;

  private SemblanceEmbeddingModel(Builder builder) {
    this.embedder = builder.embedder;
    this.metadataMode = builder.metadataMode;
    this.failOnTruncation = builder.failOnTruncation;
    this.observations = builder.observations;
    this.convention = builder.convention;
  }

  /** A model on an embedder, to be refined. */
  public static Builder builder(TextEmbedder embedder) {
    return new Builder(embedder);
  }

  /** Collects settings; for one thread. */
  public static final class Builder {
    private final TextEmbedder embedder;
    private MetadataMode metadataMode = MetadataMode.NONE;
    private boolean failOnTruncation;
    private ObservationRegistry observations = ObservationRegistry.NOOP;
    private @Nullable EmbeddingModelObservationConvention convention;

    private Builder(TextEmbedder embedder) {
      this.embedder = embedder;
    }

    /** What of a document's metadata is embedded with its text; nothing by default. */
    public Builder metadataMode(MetadataMode value) {
      this.metadataMode = value;
      return this;
    }

    /** Whether a text beyond the model's window is refused instead of cut; not by default. */
    public Builder failOnTruncation(boolean value) {
      this.failOnTruncation = value;
      return this;
    }

    /** Who is told of each call; nobody by default. */
    public Builder observationRegistry(ObservationRegistry value) {
      this.observations = value;
      return this;
    }

    /** How calls are named to whoever is told; Spring AI's names by default. */
    public Builder observationConvention(@Nullable EmbeddingModelObservationConvention value) {
      this.convention = value;
      return this;
    }

    /** The model as collected. */
    public SemblanceEmbeddingModel build() {
      return new SemblanceEmbeddingModel(this);
    }
  }

  /** What embeds. */
  public TextEmbedder embedder() {
    return embedder;
  }

  @Override
  public EmbeddingResponse call(EmbeddingRequest request) {
    requireOwnOptions(request.getOptions());
    // Observations name the model that a request may leave out.
    EmbeddingOptions observed =
        EmbeddingOptions.builder().model(embedder.model().name()).dimensions(dimensions()).build();
    EmbeddingModelObservationContext context =
        EmbeddingModelObservationContext.builder()
            .embeddingRequest(new EmbeddingRequest(request.getInstructions(), observed))
            .provider(PROVIDER)
            .build();
    return EmbeddingModelObservationDocumentation.EMBEDDING_MODEL_OPERATION
        .observation(convention, DEFAULT_CONVENTION, () -> context, observations)
        .observe(
            () -> {
              EmbeddingResponse response = embedAll(request.getInstructions());
              context.setResponse(response);
              return response;
            });
  }

  private EmbeddingResponse embedAll(List<String> texts) {
    List<io.github.semblance.embed.Embedding> embeddings =
        Translated.call(
            () ->
                texts.size() == 1 && embedder.embedsQueriesLikePassages()
                    ? List.of(embedder.embedQuery(texts.getFirst()))
                    : embedder.embedPassages(texts));
    List<Embedding> results = new ArrayList<>(embeddings.size());
    int tokens = 0;
    for (int i = 0; i < embeddings.size(); i++) {
      io.github.semblance.embed.Embedding embedding = embeddings.get(i);
      if (embedding.droppedTokens() > 0) {
        reportCut(i, embedding);
      }
      tokens += embedding.tokens();
      results.add(new Embedding(embedding.vector(), i));
    }
    return new EmbeddingResponse(
        results,
        new EmbeddingResponseMetadata(embedder.model().name(), new DefaultUsage(tokens, 0)));
  }

  private void reportCut(int input, io.github.semblance.embed.Embedding embedding) {
    String report =
        "text "
            + input
            + " has "
            + (embedding.tokens() + embedding.droppedTokens())
            + " word pieces and the window of "
            + embedder.model().name()
            + " holds "
            + embedder.model().maxTokens()
            + ": the last "
            + embedding.droppedTokens()
            + " are not embedded; split it into shorter documents";
    if (failOnTruncation) {
      throw new IllegalArgumentException(report);
    }
    LOG.warn(report);
  }

  private void requireOwnOptions(@Nullable EmbeddingOptions options) {
    Integer dimensions = options == null ? null : options.getDimensions();
    if (dimensions != null && dimensions != dimensions()) {
      throw new IllegalArgumentException(
          "the model "
              + embedder.model().name()
              + " makes vectors of "
              + dimensions()
              + " dimensions and of no other number, got: "
              + dimensions);
    }
    String model = options == null ? null : options.getModel();
    if (model != null && !model.equals(embedder.model().name())) {
      throw new IllegalArgumentException(
          "this is the model "
              + embedder.model().name()
              + " and it cannot become another per call, got: "
              + model);
    }
  }

  @Override
  public float[] embed(Document document) {
    return embed(getEmbeddingContent(document));
  }

  @Override
  public String getEmbeddingContent(Document document) {
    return document.getFormattedContent(metadataMode);
  }

  @Override
  public int dimensions() {
    return embedder.model().dimension();
  }
}
