package io.github.semblance.springai;

import io.github.semblance.embed.TextEmbedder;
import io.github.semblance.index.EmbeddedDocument;
import io.github.semblance.index.SemanticIndexWriterConfig;
import io.github.semblance.search.SearchMode;
import io.github.semblance.store.DocumentStore;
import io.github.semblance.store.MetadataFilter;
import io.github.semblance.store.StoredMatch;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.springframework.ai.document.Document;
import org.springframework.ai.embedding.EmbeddingModel;
import org.springframework.ai.embedding.EmbeddingOptions;
import org.springframework.ai.observation.conventions.VectorStoreSimilarityMetric;
import org.springframework.ai.vectorstore.AbstractVectorStoreBuilder;
import org.springframework.ai.vectorstore.SearchRequest;
import org.springframework.ai.vectorstore.filter.Filter;
import org.springframework.ai.vectorstore.observation.AbstractObservationVectorStore;
import org.springframework.ai.vectorstore.observation.VectorStoreObservationContext;

/**
 * Spring AI's vector store in a Lucene index folder. Safe for use by many threads.
 *
 * <p>A document's text is searched by keywords too, in the mode {@code HYBRID}, and its metadata is
 * indexed for portable filter expressions, which are applied before the search. What a call has
 * added or deleted is on disk and found when it returns; a call is a commit, so give many documents
 * to one.
 *
 * <p>A score is the cosine; in the mode {@code HYBRID} that of Semblance's fusion, and {@code BM25}
 * in the mode of that name. A similarity threshold is a cosine, and 0 accepts all, as {@link
 * SearchRequest#SIMILARITY_THRESHOLD_ACCEPT_ALL} says; in hybrid mode it limits what meaning alone
 * finds.
 *
 * <p>Bad requests, such as a filter on a key that no document has, are {@code
 * IllegalArgumentException}s; an index that is locked by another store or made with another model
 * is an {@code IllegalStateException}.
 */
public final class SemblanceVectorStore extends AbstractObservationVectorStore
    implements AutoCloseable {
  /** By which observations know this store. */
  private static final String SYSTEM = "semblance";

  private final DocumentStore store;
  private final TextEmbedder embedder;
  private final SearchMode mode;
  private final Path folder;

  private SemblanceVectorStore(Builder builder) {
    super(builder);
    this.embedder = builder.embedder();
    this.mode = builder.mode;
    this.folder = builder.folder;
    this.store = Translated.call(() -> DocumentStore.open(folder, embedder, builder.settings));
  }

  /**
   * A store in a folder, to be refined.
   *
   * @param model which embeds the documents. Of Semblance's own models the index notes everything;
   *     of another one a name and its dimension
   */
  public static Builder builder(Path folder, EmbeddingModel model) {
    return new Builder(folder, model);
  }

  /** Collects settings; for one thread. */
  public static final class Builder extends AbstractVectorStoreBuilder<Builder> {
    private final Path folder;
    private SearchMode mode = SearchMode.SEMANTIC;
    private SemanticIndexWriterConfig settings = new SemanticIndexWriterConfig();
    private String modelName;

    private Builder(Path folder, EmbeddingModel model) {
      super(model);
      this.folder = folder;
      this.modelName = model.getClass().getName();
      if (model instanceof SemblanceEmbeddingModel) {
        // It makes its batches itself, and no window of another's tokens limits them.
        batchingStrategy(documents -> List.of(documents));
      }
    }

    /** Which evidence to use; meaning alone by default, as in Spring AI's other stores. */
    public Builder mode(SearchMode value) {
      this.mode = value;
      return this;
    }

    /** What a new index is made with. */
    public Builder settings(SemanticIndexWriterConfig value) {
      this.settings = value;
      return this;
    }

    /** How the index notes a model that is not Semblance's; its class by default. */
    public Builder modelName(String value) {
      this.modelName = value;
      return this;
    }

    /**
     * Opens the folder, and makes an index there if there is none.
     *
     * @throws IllegalStateException if the folder cannot be written, is locked by another writer,
     *     or holds vectors of another model
     */
    @Override
    public SemblanceVectorStore build() {
      return new SemblanceVectorStore(this);
    }

    private TextEmbedder embedder() {
      return embeddingModel instanceof SemblanceEmbeddingModel own
          ? own.embedder()
          : new ExternalEmbedder(embeddingModel, modelName);
    }
  }

  @Override
  public void doAdd(List<Document> documents) {
    if (documents.isEmpty()) {
      return;
    }
    List<float[]> vectors =
        embeddingModel.embed(documents, EmbeddingOptions.builder().build(), batchingStrategy);
    List<EmbeddedDocument> embedded = new ArrayList<>(documents.size());
    for (int i = 0; i < documents.size(); i++) {
      Document document = documents.get(i);
      embedded.add(
          new EmbeddedDocument(
              document.getId(), document.getText(), document.getMetadata(), vectors.get(i)));
    }
    Translated.run(() -> store.update(embedded));
  }

  @Override
  public void doDelete(List<String> ids) {
    Translated.run(() -> store.delete(ids));
  }

  @Override
  protected void doDelete(Filter.Expression filter) {
    Translated.run(() -> store.delete(FilterTranslation.of(filter)));
  }

  @Override
  public List<Document> doSimilaritySearch(SearchRequest request) {
    if (request.getTopK() == 0) {
      return List.of();
    }
    Filter.Expression expression = request.getFilterExpression();
    MetadataFilter filter = expression == null ? null : FilterTranslation.of(expression);
    boolean all = request.getSimilarityThreshold() == SearchRequest.SIMILARITY_THRESHOLD_ACCEPT_ALL;
    double threshold = all ? -1 : request.getSimilarityThreshold();
    return Translated.call(
        () -> {
          if (mode == SearchMode.SEMANTIC) {
            float[] vector = embedder.embedQuery(request.getQuery()).vector();
            double minScore = (1 + threshold) / 2;
            return store.nearest(vector, request.getTopK(), filter, minScore).stream()
                .map(match -> document(match, 2.0 * match.score() - 1))
                .toList();
          }
          var asked =
              io.github.semblance.search.SearchRequest.builder(request.getQuery())
                  .mode(mode)
                  .top(request.getTopK());
          if (!all) {
            asked.minSimilarity((float) threshold);
          }
          return store.search(asked.build(), filter).stream()
              .map(match -> document(match, match.score()))
              .toList();
        });
  }

  /** A document found by its vector alone may have no text; Spring AI's documents have one. */
  private static Document document(StoredMatch match, double score) {
    String text = match.text();
    return Document.builder()
        .id(match.id())
        .text(text == null ? "" : text)
        .metadata(match.metadata())
        .score(score)
        .build();
  }

  @Override
  public VectorStoreObservationContext.Builder createObservationContextBuilder(String operation) {
    return VectorStoreObservationContext.builder(SYSTEM, operation)
        .collectionName(folder.toString())
        .dimensions(embedder.model().dimension())
        .similarityMetric(VectorStoreSimilarityMetric.COSINE.value());
  }

  /** The {@link DocumentStore} underneath, for what Spring AI's interface does not offer. */
  @Override
  @SuppressWarnings("unchecked") // the caller says which class it wants
  public <T> Optional<T> getNativeClient() {
    return Optional.of((T) store);
  }

  /** Closes the index; the model remains its owner's to close. */
  @Override
  public void close() {
    Translated.run(store::close);
  }
}
