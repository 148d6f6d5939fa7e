package io.github.semblance.langchain4j;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.internal.ValidationUtils;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.store.embedding.EmbeddingMatch;
import dev.langchain4j.store.embedding.EmbeddingSearchRequest;
import dev.langchain4j.store.embedding.EmbeddingSearchResult;
import dev.langchain4j.store.embedding.EmbeddingStore;
import dev.langchain4j.store.embedding.filter.Filter;
import io.github.semblance.embed.TextEmbedder;
import io.github.semblance.index.EmbeddedDocument;
import io.github.semblance.index.SemanticIndexWriterConfig;
import io.github.semblance.search.SearchRequest;
import io.github.semblance.store.DocumentStore;
import io.github.semblance.store.StoredMatch;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * LangChain4j's embedding store in a Lucene index folder. Safe for use by many threads.
 *
 * <p>Each embedding is a document of the index: its segment's text is searched by keywords too, see
 * {@link SemblanceContentRetriever}, and its metadata is indexed for filters, which are applied
 * before the vector search. What a call has added or removed is on disk and found when it returns;
 * a call is a commit, so give many embeddings to one.
 *
 * <p>A score is LangChain4j's: {@code (1 + cosine) / 2}. Bad requests, such as a filter on a key
 * that no segment has or an embedding of another dimension, are {@code InvalidRequestException}s;
 * an index that is locked by another store or made with another model is a {@code
 * LangChain4jException}.
 */
public final class SemblanceEmbeddingStore implements EmbeddingStore<TextSegment>, AutoCloseable {
  private final DocumentStore store;

  private SemblanceEmbeddingStore(DocumentStore store) {
    this.store = store;
  }

  /**
   * Opens a folder with the default settings, as {@link #open(Path, EmbeddingModel,
   * SemanticIndexWriterConfig)}.
   */
  public static SemblanceEmbeddingStore open(Path folder, EmbeddingModel model) {
    return open(folder, model, new SemanticIndexWriterConfig());
  }

  /**
   * Opens a folder, and makes an index there if there is none.
   *
   * @param model which makes the embeddings that will be added. Of Semblance's own models the index
   *     notes everything; of another one its name and dimension
   * @param settings what a new index is made with
   * @throws dev.langchain4j.exception.LangChain4jException if the folder cannot be written, is
   *     locked by another writer, or holds vectors of another model
   */
  public static SemblanceEmbeddingStore open(
      Path folder, EmbeddingModel model, SemanticIndexWriterConfig settings) {
    TextEmbedder embedder =
        model instanceof SemblanceEmbeddingModel own ? own.embedder() : new ExternalEmbedder(model);
    return new SemblanceEmbeddingStore(
        Translated.call(() -> DocumentStore.open(folder, embedder, settings)));
  }

  @Override
  public String add(Embedding embedding) {
    return addAll(List.of(embedding)).getFirst();
  }

  @Override
  public void add(String id, Embedding embedding) {
    addAll(List.of(id), List.of(embedding), null);
  }

  @Override
  public String add(Embedding embedding, TextSegment segment) {
    return addAll(List.of(embedding), List.of(segment)).getFirst();
  }

  @Override
  public List<String> addAll(List<Embedding> embeddings) {
    List<String> ids = generateIds(embeddings.size());
    addAll(ids, embeddings, null);
    return ids;
  }

  @Override
  public void addAll(
      @Nullable List<String> ids,
      @Nullable List<Embedding> embeddings,
      @Nullable List<TextSegment> segments) {
    ValidationUtils.ensureConsistentSizes(ids, embeddings, segments);
    if (ids == null || embeddings == null || ids.isEmpty()) {
      return;
    }
    Translated.run(
        () -> {
          List<EmbeddedDocument> documents = new ArrayList<>(ids.size());
          for (int i = 0; i < ids.size(); i++) {
            TextSegment segment = segments == null ? null : segments.get(i);
            documents.add(
                new EmbeddedDocument(
                    ids.get(i),
                    segment == null ? null : segment.text(),
                    segment == null ? Map.of() : segment.metadata().toMap(),
                    embeddings.get(i).vector()));
          }
          store.update(documents);
        });
  }

  @Override
  public void removeAll(@Nullable Collection<String> ids) {
    if (ids != null && !ids.isEmpty()) {
      Translated.run(() -> store.delete(ids));
    }
  }

  @Override
  public void removeAll(Filter filter) {
    ValidationUtils.ensureNotNull(filter, "filter");
    Translated.run(() -> store.delete(FilterTranslation.of(filter)));
  }

  @Override
  public void removeAll() {
    Translated.run(store::deleteAll);
  }

  @Override
  public EmbeddingSearchResult<TextSegment> search(EmbeddingSearchRequest request) {
    Filter filter = request.filter();
    List<StoredMatch> found =
        Translated.call(
            () ->
                store.nearest(
                    request.queryEmbedding().vector(),
                    request.maxResults(),
                    filter == null ? null : FilterTranslation.of(filter),
                    request.minScore()));
    return new EmbeddingSearchResult<>(found.stream().map(SemblanceEmbeddingStore::match).toList());
  }

  private static EmbeddingMatch<TextSegment> match(StoredMatch match) {
    return new EmbeddingMatch<>(
        (double) match.score(),
        match.id(),
        Embedding.from(match.vector()),
        MetadataTranslation.segment(match));
  }

  /** Asks the index in any of its modes, for the retriever. */
  List<StoredMatch> search(SearchRequest request, @Nullable Filter filter) {
    return Translated.call(
        () -> store.search(request, filter == null ? null : FilterTranslation.of(filter)));
  }

  /** Closes the index; the model remains its owner's to close. */
  @Override
  public void close() {
    Translated.run(store::close);
  }
}
