package io.github.semblance.store;

import io.github.semblance.embed.EmbeddingModel;
import io.github.semblance.embed.TextEmbedder;
import io.github.semblance.index.EmbeddedDocument;
import io.github.semblance.index.IndexSchema;
import io.github.semblance.index.MetadataFields;
import io.github.semblance.index.SemanticIndexWriter;
import io.github.semblance.index.SemanticIndexWriterConfig;
import io.github.semblance.search.ScoredId;
import io.github.semblance.search.SearchRequest;
import io.github.semblance.search.SearchRequestException;
import io.github.semblance.search.SemanticQuery;
import io.github.semblance.search.SemanticSearcher;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.document.Document;
import org.apache.lucene.index.FloatVectorValues;
import org.apache.lucene.index.IndexWriterConfig.OpenMode;
import org.apache.lucene.index.KnnVectorValues.DocIndexIterator;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.ReaderUtil;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.MatchAllDocsQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.SearcherManager;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.util.BitSet;
import org.apache.lucene.util.IOUtils;
import org.jspecify.annotations.Nullable;

/**
 * Documents with their vectors in one index folder. Safe for use by many threads: writes are served
 * one after the other, searches go on meanwhile and see whole writes.
 *
 * <p>What a call has written is on disk, and found by every later search, when the call returns.
 * That costs a commit per call, some milliseconds: give many documents in one call. One store at a
 * time writes an index; another one, in this process or the next, is refused.
 *
 * <p>The index is opened with the facts of one model and takes that model's vectors only. The
 * embedder itself is used by {@link #search} alone, to embed a question.
 */
public final class DocumentStore implements Closeable {
  private final TextEmbedder embedder;
  private final Analyzer analyzer;
  private final SemanticIndexWriter writer;
  private final Directory directory;
  private final SearcherManager searchers;
  private volatile boolean closed;

  private DocumentStore(
      TextEmbedder embedder,
      Analyzer analyzer,
      SemanticIndexWriter writer,
      Directory directory,
      SearcherManager searchers) {
    this.embedder = embedder;
    this.analyzer = analyzer;
    this.writer = writer;
    this.directory = directory;
    this.searchers = searchers;
  }

  /**
   * Opens a folder, and makes an index there if there is none. The embedder remains the caller's to
   * close, after the store.
   *
   * @param settings what a new index is made with; an index that is there must have been made with
   *     the same analyzer
   * @throws io.github.semblance.index.IndexOpenException if the folder cannot be written, holds
   *     other files and no index, is locked by another writer, or holds vectors of another model or
   *     was written with another analyzer, other fields or another schema
   */
  public static DocumentStore open(
      Path folder, TextEmbedder embedder, SemanticIndexWriterConfig settings) throws IOException {
    SemanticIndexWriter writer =
        SemanticIndexWriter.open(folder, embedder, settings.setOpenMode(OpenMode.CREATE_OR_APPEND));
    List<Closeable> opened = new ArrayList<>(List.of(writer));
    try {
      writer.commit(); // so that there is an index to search, with its manifest
      Directory directory = FSDirectory.open(folder);
      opened.addFirst(directory);
      Analyzer analyzer = settings.indexWriterConfig(embedder).getAnalyzer();
      opened.addFirst(analyzer);
      return new DocumentStore(
          embedder, analyzer, writer, directory, new SearcherManager(directory, null));
    } catch (IOException | RuntimeException e) {
      IOUtils.closeWhileHandlingException(opened);
      throw e;
    }
  }

  /** The model whose vectors the index holds. */
  public EmbeddingModel model() {
    return embedder.model();
  }

  /**
   * Writes documents, each in place of the one of the same id if there is one. All or, if one of
   * them is refused, none.
   *
   * @throws IllegalArgumentException if a vector has not as many dimensions as the model, or an id
   *     or an exact value is too long for a Lucene term
   */
  public synchronized void update(Collection<EmbeddedDocument> documents) throws IOException {
    ensureOpen();
    writer.updateDocuments(documents);
    publish();
  }

  /** Deletes the documents of some ids; an id that no document has is none to delete. */
  public synchronized void delete(Collection<String> ids) throws IOException {
    ensureOpen();
    for (String id : ids) {
      writer.deleteDocument(id);
    }
    publish();
  }

  /**
   * Deletes the documents that meet a filter.
   *
   * @throws SearchRequestException as {@link MetadataFilter#toQuery} does
   */
  public synchronized void delete(MetadataFilter filter) throws IOException {
    ensureOpen();
    Query allowed = searching(searcher -> filter.toQuery(searcher.getIndexReader()));
    writer.deleteDocuments(allowed);
    publish();
  }

  /** Deletes all documents. */
  public synchronized void deleteAll() throws IOException {
    ensureOpen();
    writer.deleteDocuments(MatchAllDocsQuery.INSTANCE);
    publish();
  }

  /** How many documents there are. */
  public int size() throws IOException {
    return searching(searcher -> searcher.count(IndexSchema.parents().getQuery()));
  }

  /**
   * Finds the documents whose vectors are closest to one.
   *
   * @param vector of a question, from the index's model
   * @param top how many to find at most, at least 1
   * @param filter what they must meet, applied before the search; null for nothing
   * @param minScore the least score of one, {@code (1 + cosine) / 2}, from 0 to 1; a score that a
   *     match has been given finds that match again
   * @return closest first
   * @throws SearchRequestException if the vector has not as many dimensions as the model, or is not
   *     finite, or as {@link MetadataFilter#toQuery} does
   */
  public List<StoredMatch> nearest(
      float[] vector, int top, @Nullable MetadataFilter filter, double minScore)
      throws IOException {
    if (vector.length != model().dimension()) {
      throw new SearchRequestException(
          "a vector of model \""
              + model().name()
              + "\" must have "
              + model().dimension()
              + " dimensions, got: "
              + vector.length);
    }
    // A score has lost the last bits of its cosine; what is a little below is left out afterwards.
    float minSimilarity = (float) Math.max(SemanticQuery.ANY_SIMILARITY, 2 * minScore - 1 - 1e-6);
    return searching(
        searcher -> {
          Query allowed = filter == null ? null : filter.toQuery(searcher.getIndexReader());
          Query query = new SemanticQuery(vector, top, allowed, minSimilarity);
          List<StoredMatch> matches = new ArrayList<>();
          for (ScoreDoc hit : searcher.search(query, top).scoreDocs) {
            if (hit.score >= minScore) {
              matches.add(read(searcher, hit.doc, hit.score));
            }
          }
          return matches;
        });
  }

  /**
   * Answers a request in any of its modes, as {@link SemanticSearcher#search} does.
   *
   * @param filter what documents must meet beside the request's own filters; null for nothing
   * @throws SearchRequestException as {@link SemanticSearcher#search} and {@link
   *     MetadataFilter#toQuery} do
   */
  public List<StoredMatch> search(SearchRequest request, @Nullable MetadataFilter filter)
      throws IOException {
    return searching(
        searcher -> {
          SemanticSearcher semantic = SemanticSearcher.over(searcher, embedder, analyzer);
          if (filter != null) {
            semantic = semantic.among(filter.toQuery(searcher.getIndexReader()));
          }
          List<StoredMatch> matches = new ArrayList<>();
          for (ScoredId found : semantic.rank(request)) {
            for (ScoreDoc hit : searcher.search(IndexSchema.withId(found.id()), 1).scoreDocs) {
              matches.add(read(searcher, hit.doc, found.score()));
            }
          }
          return matches;
        });
  }

  private static StoredMatch read(IndexSearcher searcher, int doc, float score) throws IOException {
    Document stored = searcher.storedFields().document(doc);
    String id = stored.get(IndexSchema.ID);
    return new StoredMatch(
        id == null ? "" : id,
        score,
        stored.get(IndexSchema.TEXT),
        MetadataFields.read(stored),
        vector(searcher, doc));
  }

  private static float[] vector(IndexSearcher searcher, int doc) throws IOException {
    List<LeafReaderContext> leaves = searcher.getIndexReader().leaves();
    LeafReaderContext leaf = leaves.get(ReaderUtil.subIndex(doc, leaves));
    FloatVectorValues vectors = leaf.reader().getFloatVectorValues(IndexSchema.VECTOR);
    BitSet parents = IndexSchema.parents().getBitSet(leaf);
    int parent = doc - leaf.docBase;
    if (vectors == null || parents == null || parent == 0) {
      return new float[0];
    }
    DocIndexIterator passages = vectors.iterator();
    int first = passages.advance(parents.prevSetBit(parent - 1) + 1);
    return first < parent ? vectors.vectorValue(passages.index()).clone() : new float[0];
  }

  /** A search of one state of the index. */
  @FunctionalInterface
  private interface Search<T> {
    T in(IndexSearcher searcher) throws IOException;
  }

  private <T> T searching(Search<T> search) throws IOException {
    ensureOpen();
    IndexSearcher searcher = searchers.acquire();
    try {
      return search.in(searcher);
    } catch (IndexSearcher.TooManyClauses e) {
      throw new SearchRequestException(
          "query and filters must have at most "
              + IndexSearcher.getMaxClauseCount()
              + " clauses; give many values of one key as one list",
          e);
    } finally {
      searchers.release(searcher);
    }
  }

  private void publish() throws IOException {
    writer.commit();
    searchers.maybeRefreshBlocking();
  }

  private void ensureOpen() {
    if (closed) {
      throw new IllegalStateException("the document store is closed");
    }
  }

  /** Closes the index. Calls after the first have no effect; other calls are then refused. */
  @Override
  public synchronized void close() throws IOException {
    if (!closed) {
      closed = true;
      IOUtils.close(searchers, writer, directory, analyzer);
    }
  }
}
