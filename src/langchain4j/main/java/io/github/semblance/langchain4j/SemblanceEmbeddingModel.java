package io.github.semblance.langchain4j;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.embedding.listener.EmbeddingModelListener;
import dev.langchain4j.model.embedding.request.EmbeddingInput;
import dev.langchain4j.model.embedding.request.EmbeddingInputType;
import dev.langchain4j.model.embedding.request.EmbeddingParameter;
import dev.langchain4j.model.embedding.request.EmbeddingRequest;
import dev.langchain4j.model.embedding.request.EmbeddingRequestParameters;
import dev.langchain4j.model.embedding.response.EmbeddingResponse;
import dev.langchain4j.model.embedding.response.EmbeddingResponseMetadata;
import dev.langchain4j.model.output.TokenUsage;
import io.github.semblance.embed.EmbedderProvider;
import io.github.semblance.embed.TextEmbedder;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * LangChain4j's embedding model on a {@link TextEmbedder}. Safe for use by many threads; the
 * embedder remains the caller's to close.
 *
 * <p>A list of segments is one batch in which no text is padded, so give many at once. The input
 * type is honoured: a query gets the model's query prefix, where it has one, and is answered at
 * once even while documents are being embedded. Without an input type texts are documents.
 *
 * <p>A segment longer than the model's window is cut to it, because the interface asks for one
 * vector. That is logged as a warning, or refused if {@link Builder#failOnTruncation} says so.
 */
public final class SemblanceEmbeddingModel implements EmbeddingModel {
  private static final Logger LOG = LoggerFactory.getLogger(SemblanceEmbeddingModel.class);

  private final TextEmbedder embedder;
  private final List<EmbeddingModelListener> listeners;
  private final boolean failOnTruncation;

  private SemblanceEmbeddingModel(
      TextEmbedder embedder, List<EmbeddingModelListener> listeners, boolean failOnTruncation) {
    this.embedder = embedder;
    this.listeners = List.copyOf(listeners);
    this.failOnTruncation = failOnTruncation;
  }

  /** A model on an embedder, without listeners. */
  public static SemblanceEmbeddingModel of(TextEmbedder embedder) {
    return builder(embedder).build();
  }

  /**
   * The model of that name, as {@link EmbedderProvider} finds it, loaded once per process.
   *
   * @param name such as {@code all-MiniLM-L6-v2}
   * @throws dev.langchain4j.exception.LangChain4jException if there is no such model or it cannot
   *     be started
   */
  public static SemblanceEmbeddingModel named(String name) {
    return of(Translated.call(() -> EmbedderProvider.require(name)));
  }

  /** A model on an embedder, to be refined. */
  public static Builder builder(TextEmbedder embedder) {
    return new Builder(embedder);
  }

  /** Collects settings; for one thread. */
  public static final class Builder {
    private final TextEmbedder embedder;
    private List<EmbeddingModelListener> listeners = List.of();
    private boolean failOnTruncation;

    private Builder(TextEmbedder embedder) {
      this.embedder = embedder;
    }

    /** Who is told of each call; nobody by default. */
    public Builder listeners(List<EmbeddingModelListener> value) {
      this.listeners = value;
      return this;
    }

    /** Whether a segment beyond the model's window is refused instead of cut; not by default. */
    public Builder failOnTruncation(boolean value) {
      this.failOnTruncation = value;
      return this;
    }

    /** The model as collected. */
    public SemblanceEmbeddingModel build() {
      return new SemblanceEmbeddingModel(embedder, listeners, failOnTruncation);
    }
  }

  /** What embeds. */
  public TextEmbedder embedder() {
    return embedder;
  }

  @Override
  public EmbeddingResponse doEmbed(EmbeddingRequest request) {
    List<String> texts = request.inputs().stream().map(EmbeddingInput::text).toList();
    boolean query =
        request.inputType() == EmbeddingInputType.QUERY
            || (texts.size() == 1 && embedder.embedsQueriesLikePassages());
    List<io.github.semblance.embed.Embedding> embeddings =
        Translated.call(
            () ->
                query
                    ? texts.stream().map(embedder::embedQuery).toList()
                    : embedder.embedPassages(texts));
    int tokens = 0;
    for (int i = 0; i < embeddings.size(); i++) {
      io.github.semblance.embed.Embedding embedding = embeddings.get(i);
      tokens += embedding.tokens();
      if (embedding.droppedTokens() > 0) {
        reportCut(i, embedding);
      }
    }
    return EmbeddingResponse.builder()
        .embeddings(
            embeddings.stream().map(embedding -> Embedding.from(embedding.vector())).toList())
        .metadata(
            EmbeddingResponseMetadata.builder()
                .modelName(modelName())
                .tokenUsage(new TokenUsage(tokens))
                .build())
        .build();
  }

  private void reportCut(int input, io.github.semblance.embed.Embedding embedding) {
    String report =
        "input "
            + input
            + " has "
            + (embedding.tokens() + embedding.droppedTokens())
            + " word pieces and the window of "
            + modelName()
            + " holds "
            + embedder.model().maxTokens()
            + ": the last "
            + embedding.droppedTokens()
            + " are not embedded; split it into shorter segments";
    if (failOnTruncation) {
      throw new InvalidRequestException(report);
    }
    LOG.warn(report);
  }

  @Override
  public List<EmbeddingModelListener> listeners() {
    return listeners;
  }

  @Override
  public Set<EmbeddingParameter<?>> supportedParameters() {
    return Set.of(EmbeddingRequestParameters.INPUT_TYPE);
  }

  @Override
  public int dimension() {
    return embedder.model().dimension();
  }

  @Override
  public String modelName() {
    return embedder.model().name();
  }
}
