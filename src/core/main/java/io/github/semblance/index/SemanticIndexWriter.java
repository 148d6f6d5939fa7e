package io.github.semblance.index;

import io.github.semblance.embed.EmbeddingModel;
import io.github.semblance.embed.TextEmbedder;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import org.apache.lucene.document.Document;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.IndexWriterConfig.OpenMode;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.join.ToChildBlockJoinQuery;
import org.apache.lucene.store.Directory;
import org.apache.lucene.util.BytesRef;
import org.apache.lucene.util.IOUtils;

/**
 * Adds documents and the vectors of their passages to a Lucene index. Safe for use by many threads;
 * calls are served one after the other.
 *
 * <p>Documents are embedded in batches on threads of their own and reach the {@link IndexWriter} on
 * the calling thread, in the order they were added: the same documents make the same index. A
 * document added is therefore in the index only after {@link #flush} or {@link #commit}.
 *
 * <p>A document whose title and text stand in the index already, under the same id, is not embedded
 * again: its vectors are taken from the commit that was the latest when this writer was opened.
 * They are the same for the same model, so that shows in {@link #statistics} and in the time it
 * takes.
 *
 * <p>Over an application's own {@code IndexWriter} this writer adds, replaces and deletes its
 * blocks and leaves everything else alone; codec, merges, similarity, near-real-time readers and
 * the end of the {@code IndexWriter} remain the application's. A document is a block of several
 * Lucene documents. Deleting it through this writer deletes all of them. Lucene's own calls delete
 * the document and leave its passages, which then belong to nobody: no search finds them, and
 * {@link #deleteOrphans} or a {@link DropOrphansMergePolicy} frees their space. For an index sort,
 * Lucene wants {@link IndexWriterConfig#setParentField} to be set; this writer then puts a {@code
 * DropOrphansMergePolicy} around the merge policy, without which a merge could fail. The manifest
 * lies in the commit data: an application that sets commit data of its own must keep the entries it
 * finds there.
 */
public final class SemanticIndexWriter implements Closeable {
  private final IndexWriter writer;
  private final boolean ownsWriter;
  private final DocumentFields fields;
  private final BlockWriter blocks;
  private final LatestCommit committed;
  private final EmbeddingPipeline pipeline;
  private final KeywordFields keywordFields;
  private final EmbeddingModel model;
  private final Map<String, String> manifest; // what was measured of an index stays with it
  private final DocumentCounts counts = new DocumentCounts();

  /** Whether the index may hold documents that were not added here. */
  private final boolean sharesIndex;

  /** Whether something was deleted that the latest commit still shows. */
  private boolean deleted;

  /** Whether documents were written that came with their vectors. */
  private boolean givenVectors;

  private boolean closed;

  private volatile IndexStatistics statistics = counts.statistics();

  /**
   * Writes through an application's own writer, which stays open when this one is closed: its own
   * documents where {@link SemanticIndexWriterConfig#setFields} says what is embedded of them, else
   * {@link SourceDocument}s.
   *
   * <p>{@code SemanticSearcher} can open the index from its folder if a {@code NamedAnalyzer} made
   * the writer's analyzer, as in {@link SemanticIndexWriterConfig#indexWriterConfig}; any other
   * analyzer must be given to it.
   *
   * @throws IndexOpenException if the writer's index holds vectors of another model or was written
   *     with another analyzer, other fields or another schema
   */
  public SemanticIndexWriter(
      IndexWriter writer, TextEmbedder embedder, SemanticIndexWriterConfig config)
      throws IOException {
    this(writer, embedder, config.analyzerId(writer), config, false);
  }

  /** As above, of an analyzer by the name that the manifest shall have for it. */
  SemanticIndexWriter(
      IndexWriter writer,
      TextEmbedder embedder,
      String analyzer,
      SemanticIndexWriterConfig config,
      boolean ownsWriter)
      throws IOException {
    this.writer = writer;
    this.ownsWriter = ownsWriter;
    this.model = embedder.model();
    this.fields = config.fields();
    this.blocks = new BlockWriter(writer, config.failureHandler());
    Directory directory = writer.getDirectory();
    var found = IndexManifest.of(LiveManifest.commitData(writer), IndexManifest.place(directory));
    if (found.isPresent()) {
      found.get().requireModel(embedder.model(), directory);
      found.get().requireFields(fields, directory);
      found.get().requireAnalyzer(analyzer, directory);
    }
    this.manifest =
        new IndexManifest(
                IndexSchema.VERSION,
                embedder.model(),
                analyzer,
                fields,
                ownsWriter
                    ? config.quantization()
                    : VectorCodec.quantization(writer.getConfig().getCodec()),
                found.map(IndexManifest::tuning).orElse(null),
                found.map(IndexManifest::foreignCosine).orElse(null))
            .toUserData();
    LiveManifest.put(writer, manifest);
    if (writer.getConfig().getIndexSort() != null) {
      writer
          .getConfig()
          .setMergePolicy(DropOrphansMergePolicy.around(writer.getConfig().getMergePolicy()));
    }
    // What a writer replaces as a whole is made anew as a whole.
    this.committed =
        writer.getConfig().getOpenMode() == OpenMode.CREATE
            ? LatestCommit.none()
            : LatestCommit.of(directory);
    this.keywordFields = new KeywordFields(writer.getFieldNames());
    this.sharesIndex = !ownsWriter || committed.holdsOthers();
    this.pipeline = new EmbeddingPipeline(embedder, config, committed, this::write);
  }

  /**
   * Opens a folder for writing. {@link #close} then closes everything that this opened.
   *
   * <p>A replaced index stays readable until the first commit.
   *
   * @throws IndexOpenException if the folder cannot be written, holds other files and no index, is
   *     locked by another writer, holds vectors of another model or was written with another
   *     analyzer or schema, or is to be replaced and was not written by Semblance
   */
  public static SemanticIndexWriter open(
      Path folder, TextEmbedder embedder, SemanticIndexWriterConfig config) throws IOException {
    LuceneServices.require();
    Directory directory = WriterOpening.directory(folder, config.openMode());
    IndexWriter writer = null;
    try {
      writer = WriterOpening.writer(directory, config.indexWriterConfig(embedder));
      return new SemanticIndexWriter(
          writer, embedder, config.analyzerOrEnglish().id(), config, true);
    } catch (IOException | RuntimeException e) {
      if (writer != null) {
        writer.rollback();
      }
      directory.close();
      throw e;
    }
  }

  /**
   * Replaces the document of the same id, or adds one if there is none. Returns before it is
   * embedded; blocks while too much is waiting to be.
   *
   * <p>Failures of earlier documents may reach the {@link FailureHandler} from here.
   */
  public synchronized void updateDocument(SourceDocument document) throws IOException {
    ensureOpen();
    if (!fields.equals(IndexSchema.FIELDS)) {
      throw new IllegalStateException(
          "this writer takes Lucene documents with fields " + fields + ", got a SourceDocument");
    }
    update(keywordFields.incoming(document));
  }

  synchronized void update(IncomingDocument document) throws IOException {
    ensureOpen();
    pipeline.add(document);
  }

  /**
   * Replaces the document of the same id by an application's own, or adds it if there is none. One
   * that the application has added by itself is replaced too if the id is indexed as one term, as a
   * {@code StringField} is. Returns before it is embedded; blocks while too much is waiting to be.
   *
   * <p>The document's fields are indexed as they are, beside those that {@link IndexSchema} adds.
   * It must not be changed before the next {@link #flush}; make a new one for each call.
   *
   * <p>Failures of earlier documents may reach the {@link FailureHandler} from here. A field that
   * cannot be read or analysed is such a failure; an {@link Error} there reaches the handler too,
   * but Lucene then closes the {@code IndexWriter}, and every later call here says so.
   *
   * @throws IllegalArgumentException if the document's id is not one string that is not blank, or a
   *     field to be embedded holds anything but strings
   */
  public synchronized void updateDocument(Document document) throws IOException {
    ensureOpen();
    String id = fields.id(document);
    IncomingDocument incoming;
    try {
      incoming = IncomingDocument.of(document, fields);
    } catch (RuntimeException e) {
      counts.failed(id); // its earlier state is not to be taken for missing
      statistics = counts.statistics();
      throw e;
    }
    pipeline.add(incoming);
  }

  /**
   * Writes documents with the vectors they come with, each in place of the one of the same id if
   * there is one; if one is refused, none. Unlike {@link #updateDocument(Document)} this hands them
   * to the {@link IndexWriter} at once, after all that were added before. {@link #statistics} does
   * not count them, and {@link #deleteMissing} is refused from then on, because this writer keeps
   * no list of them.
   *
   * @throws IllegalArgumentException if a vector has not as many dimensions as the model, or an id
   *     or an exact value is too long for a Lucene term
   */
  public synchronized void updateDocuments(Collection<EmbeddedDocument> documents)
      throws IOException {
    flush();
    if (!fields.equals(IndexSchema.FIELDS)) {
      throw new IllegalStateException(
          "this writer takes Lucene documents with fields " + fields + ", got EmbeddedDocuments");
    }
    for (GivenVectors.Block block : GivenVectors.blocks(documents, model)) {
      givenVectors = true;
      writer.updateDocuments(IndexSchema.block(block.id()), block.documents());
    }
  }

  /** Deletes the document of that id, if there is one, with its passages. */
  public synchronized void deleteDocument(String id) throws IOException {
    flush();
    deleted = true;
    writer.deleteDocuments(new DocumentIdQuery(fields.id(), id));
  }

  /** Deletes the documents that a query over document fields finds, with their passages. */
  public synchronized void deleteDocuments(Query query) throws IOException {
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
    deleted = true;
    writer.deleteDocuments(parents, passages);
  }

  /**
   * Deletes the documents of the latest commit that have not been added since this writer was
   * opened: the index then holds what its source holds. A document that was added but failed keeps
   * its earlier state.
   *
   * @return how many were deleted
   */
  public synchronized long deleteMissing() throws IOException {
    flush();
    if (givenVectors) {
      throw new IllegalStateException(
          "deleteMissing knows only documents that were added to be embedded; this writer has also"
              + " written documents with vectors of their own");
    }
    long missing = 0;
    for (BytesRef id : committed.ids()) {
      if (!counts.has(id)) {
        writer.deleteDocuments(new Term(IndexSchema.BLOCK, id));
        deleted = true;
        missing++;
      }
    }
    return missing;
  }

  /**
   * Deletes the passages that belong to no document: what an application leaves that deletes or
   * updates documents by Lucene's own calls. Nothing finds them, but they take space until they are
   * deleted and merged away.
   *
   * @return how many were deleted
   */
  public synchronized long deleteOrphans() throws IOException {
    flush();
    return Orphans.delete(writer);
  }

  /**
   * Gives an index that an application has written its vectors: each document that has no passages,
   * or not all of its own, is replaced by one of the same fields that has them. What has passages
   * is passed over, so an adoption that was interrupted, after its last commit, goes on when it is
   * called again. Commits now and then, and at its end.
   *
   * <p>Documents are taken as they are when this is called. One that the application changes
   * through its own writer before its turn has come is set back to that state, unless the source
   * gives the new one; add and delete through this writer instead, whose calls wait until this is
   * done. Blocks of an application's own, of nested documents, fall apart: adopt no index with
   * such.
   *
   * @throws IllegalArgumentException before anything is written, if ids are not indexed as one
   *     term, or a field cannot be made again from stored fields; the message names it
   */
  public synchronized AdoptionSummary adopt(Adoption how) throws IOException {
    flush();
    return new Adopter(writer, this, fields, blocks::report, how).run();
  }

  /**
   * Sets how much meaning weighs in this index's answers, from the next commit on. Searchers opened
   * later go by it.
   */
  public synchronized void setTuning(Tuning tuning) {
    ensureOpen();
    manifest.putAll(tuning.toUserData());
    LiveManifest.put(writer, manifest);
  }

  /**
   * Sets how close this index comes to questions that it does not answer, from the next commit on.
   *
   * @param cosine from -1 to 1
   */
  public synchronized void setForeignCosine(float cosine) {
    ensureOpen();
    manifest.putAll(ManifestData.foreignCosine(cosine));
    LiveManifest.put(writer, manifest);
  }

  /** Hands every document added so far to the {@link IndexWriter}: new readers of it see them. */
  public synchronized void flush() throws IOException {
    ensureOpen();
    pipeline.drain();
  }

  /** Makes everything added or deleted so far durable, and visible to all new readers. */
  public synchronized void commit() throws IOException {
    flush();
    LiveManifest.put(writer, manifest);
    writer.commit();
    committed.refresh(writer.getDirectory());
    deleted = false;
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
      IOUtils.close(committed, writer::rollback, writer.getDirectory());
    } else {
      committed.close();
    }
  }

  private void write(EmbeddingPipeline.Embedded document) throws IOException {
    String id = document.source().id();
    boolean write = !document.unchanged() || !standsAsCommitted(id);
    RuntimeException failure = document.failure();
    if (failure == null && write) {
      failure =
          blocks.write(
              id, sharesIndex ? new DocumentIdQuery(fields.id(), id) : null, document.block());
    }
    if (failure == null) {
      counts.indexed(document, write);
    } else {
      counts.failed(id);
    }
    statistics = counts.statistics();
    if (failure != null) {
      blocks.report(id, failure);
    }
  }

  /** Whether nobody has touched a document since the commit that vectors are reused from. */
  private boolean standsAsCommitted(String id) {
    return ownsWriter && !deleted && !givenVectors && !counts.has(new BytesRef(id));
  }

  private void ensureOpen() {
    if (closed) {
      throw new IllegalStateException("the index writer is closed");
    }
    blocks.ensureUsable();
  }
}
