package io.github.semblance.index;

import io.github.semblance.analysis.NamedAnalyzer;
import io.github.semblance.corpus.SourceDocument;
import io.github.semblance.embed.TextEmbedder;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.apache.lucene.index.CorruptIndexException;
import org.apache.lucene.index.IndexFormatTooNewException;
import org.apache.lucene.index.IndexFormatTooOldException;
import org.apache.lucene.index.IndexNotFoundException;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.IndexWriterConfig.OpenMode;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.join.ToChildBlockJoinQuery;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.store.LockObtainFailedException;
import org.apache.lucene.util.BytesRef;
import org.apache.lucene.util.BytesRefHash;

/**
 * Adds documents and the vectors of their passages to a Lucene index. Safe for use by many threads;
 * calls are served one after the other.
 *
 * <p>Documents are embedded in batches on threads of their own and reach the {@link IndexWriter} on
 * the calling thread, in the order they were added: the same documents make the same index. A
 * document added is therefore in the index only after {@link #flush} or {@link #commit}.
 *
 * <p>Over an application's own {@code IndexWriter} this writer adds, replaces and deletes its
 * blocks and leaves everything else alone; near-real-time readers, merges and the end of the {@code
 * IndexWriter} remain the application's. The manifest lies in the commit data: an application that
 * sets commit data of its own must keep the entries it finds there.
 */
public final class SemanticIndexWriter implements Closeable {
  private final IndexWriter writer;
  private final boolean ownsWriter;
  private final FailureHandler failureHandler;
  private final EmbeddingPipeline pipeline;
  private final Map<String, String> manifest;
  private final BytesRefHash written = new BytesRefHash();
  private boolean closed;

  private volatile IndexStatistics statistics = new IndexStatistics(0, 0, 0, 0, 0, 0, 0);

  /**
   * Writes through an application's own writer, which stays open when this one is closed.
   *
   * @throws IndexOpenException if the writer's index holds vectors of another model or was written
   *     with another analyzer or schema
   */
  public SemanticIndexWriter(
      IndexWriter writer, TextEmbedder embedder, FailureHandler failureHandler) throws IOException {
    this(
        writer,
        embedder,
        writer.getConfig().getAnalyzer().getClass().getName(),
        failureHandler,
        false);
  }

  /**
   * Writes through an application's own writer whose analyzer is one of the named ones, so that
   * {@code SemanticSearcher} can open the index.
   *
   * @param analyzer what the writer was configured with, as in {@link
   *     IndexSettings#writerConfig(TextEmbedder)}
   * @throws IndexOpenException as above
   */
  public SemanticIndexWriter(
      IndexWriter writer,
      TextEmbedder embedder,
      NamedAnalyzer analyzer,
      FailureHandler failureHandler)
      throws IOException {
    this(writer, embedder, analyzer.id(), failureHandler, false);
  }

  private SemanticIndexWriter(
      IndexWriter writer,
      TextEmbedder embedder,
      String analyzer,
      FailureHandler failureHandler,
      boolean ownsWriter)
      throws IOException {
    this.writer = writer;
    this.ownsWriter = ownsWriter;
    this.failureHandler = failureHandler;
    Directory directory = writer.getDirectory();
    var previous = IndexManifest.of(commitData(), IndexManifest.place(directory));
    if (previous.isPresent()) {
      previous.get().requireModel(embedder.model(), directory);
      previous.get().requireAnalyzer(analyzer, directory);
    }
    this.manifest = new IndexManifest(IndexSchema.VERSION, embedder.model(), analyzer).toUserData();
    putManifest();
    this.pipeline = new EmbeddingPipeline(embedder, this::write);
  }

  /**
   * Opens a folder for writing. {@link #close} then closes everything that this opened.
   *
   * @param mode whether to replace, extend or require an index that is there; a replaced index
   *     stays readable until the first commit
   * @throws IndexOpenException if the folder cannot be written, is locked by another writer, or
   *     holds vectors of another model or was written with another analyzer or schema
   */
  public static SemanticIndexWriter open(
      Path folder,
      TextEmbedder embedder,
      IndexSettings settings,
      OpenMode mode,
      FailureHandler failureHandler)
      throws IOException {
    Directory directory;
    try {
      directory = FSDirectory.open(folder);
    } catch (FileAlreadyExistsException e) {
      throw new IndexOpenException("cannot write an index to " + folder + ": it is a file", e);
    } catch (IOException e) {
      throw new IndexOpenException("cannot write an index to " + folder + ": " + e, e);
    }
    IndexWriter writer = null;
    try {
      writer = openWriter(directory, settings.writerConfig(embedder).setOpenMode(mode));
      return new SemanticIndexWriter(
          writer, embedder, settings.analyzer().id(), failureHandler, true);
    } catch (IOException | RuntimeException e) {
      if (writer != null) {
        writer.rollback();
      }
      directory.close();
      throw e;
    }
  }

  private static IndexWriter openWriter(Directory directory, IndexWriterConfig config)
      throws IOException {
    String place = IndexManifest.place(directory);
    try {
      return new IndexWriter(directory, config);
    } catch (LockObtainFailedException e) {
      throw new IndexOpenException(
          "the index at " + place + " is locked by another writer; wait until it is done", e);
    } catch (IndexNotFoundException e) {
      throw new IndexOpenException("no index at " + place + " to extend; create it first", e);
    } catch (IndexFormatTooOldException | IndexFormatTooNewException | CorruptIndexException e) {
      throw new IndexOpenException(
          "the index at " + place + " cannot be read (" + e.getMessage() + "); create it anew", e);
    }
  }

  /**
   * Adds a document, or replaces the one of the same id. Returns before it is embedded; blocks
   * while too much is waiting to be.
   *
   * <p>Failures of earlier documents may reach the {@link FailureHandler} from here.
   */
  public synchronized void add(SourceDocument document) throws IOException {
    ensureOpen();
    pipeline.add(document);
  }

  /** Deletes the document of that id, if there is one, with its passages. */
  public synchronized void delete(String id) throws IOException {
    flush();
    writer.deleteDocuments(IndexSchema.block(id));
  }

  /** Deletes the documents that a query over document fields finds, with their passages. */
  public synchronized void delete(Query query) throws IOException {
    flush();
    Query parents =
        new BooleanQuery.Builder()
            .add(query, Occur.FILTER)
            .add(IndexSchema.parents().getQuery(), Occur.FILTER)
            .build();
    // To the block join a foreign document that stands before a block is one of its children.
    Query passages =
        new BooleanQuery.Builder()
            .add(new ToChildBlockJoinQuery(parents, IndexSchema.parents()), Occur.FILTER)
            .add(IndexSchema.passagesOnly(), Occur.FILTER)
            .build();
    writer.deleteDocuments(parents, passages);
  }

  /** Hands every document added so far to the {@link IndexWriter}: new readers of it see them. */
  public synchronized void flush() throws IOException {
    ensureOpen();
    pipeline.drain();
  }

  /** Makes everything added or deleted so far durable, and visible to all new readers. */
  public synchronized void commit() throws IOException {
    flush();
    putManifest();
    writer.commit();
  }

  /**
   * What has been written so far; documents still being embedded do not count yet. Never waits:
   * during a long {@link #flush} another thread sees how far it is.
   */
  public IndexStatistics statistics() {
    return statistics;
  }

  /**
   * Ends writing. Documents added since the last {@link #flush} are forgotten; if this writer was
   * opened on a folder, so is everything since the last {@link #commit}.
   */
  @Override
  public synchronized void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    pipeline.abort();
    if (ownsWriter) {
      try {
        writer.rollback();
      } finally {
        writer.getDirectory().close();
      }
    }
  }

  private void write(EmbeddingPipeline.Embedded document) throws IOException {
    SourceDocument source = document.source();
    RuntimeException failure = document.failure();
    if (failure == null) {
      try {
        writer.updateDocuments(IndexSchema.block(source.id()), document.block());
      } catch (IllegalArgumentException e) {
        // Lucene refused a field; it has undone the whole block.
        failure = e;
      }
    }
    IndexStatistics before = statistics;
    if (failure != null) {
      statistics =
          new IndexStatistics(
              before.documents(),
              before.passages(),
              before.tokens(),
              before.duplicates(),
              before.failed() + 1,
              before.shortenedTitles(),
              before.droppedTokens());
      failureHandler.failed(source, failure);
      return;
    }
    statistics =
        new IndexStatistics(
            before.documents() + 1,
            before.passages() + document.block().size() - 1,
            before.tokens() + document.tokens(),
            before.duplicates() + (written.add(new BytesRef(source.id())) < 0 ? 1 : 0),
            before.failed(),
            before.shortenedTitles() + (document.titleShortened() ? 1 : 0),
            before.droppedTokens() + document.droppedTokens());
  }

  private void ensureOpen() {
    if (closed) {
      throw new IllegalStateException("the index writer is closed");
    }
  }

  private Map<String, String> commitData() {
    Map<String, String> data = new TreeMap<>();
    Iterable<Map.Entry<String, String>> live = writer.getLiveCommitData();
    if (live != null) {
      live.forEach(entry -> data.put(entry.getKey(), entry.getValue()));
    }
    return data;
  }

  /** Beside what an application keeps there. */
  private void putManifest() {
    Map<String, String> data = commitData();
    if (data.entrySet().containsAll(manifest.entrySet())) {
      return; // setting it again would make a commit of nothing
    }
    data.putAll(manifest);
    writer.setLiveCommitData(data.entrySet());
  }
}
