package io.github.semblance.index;

import io.github.semblance.embed.Embedding;
import io.github.semblance.embed.TextEmbedder;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.lucene.document.Document;
import org.apache.lucene.store.AlreadyClosedException;
import org.apache.lucene.util.BytesRef;
import org.apache.lucene.util.ThreadInterruptedException;
import org.jspecify.annotations.Nullable;

/**
 * Embeds documents in batches off the calling thread and gives them back in the order they came, so
 * that the same input makes the same index. For one thread.
 *
 * <p>A few batches are under way at a time, bounded in documents and in characters: the embedder
 * always finds the next batch waiting, and a source that is faster than the embedder is held up.
 */
final class EmbeddingPipeline {
  /**
   * Small, so that documents arrive steadily, but of several calls of a model each: together the
   * batches that are embedded at a time keep every thread of an embedder busy.
   */
  private static final int BATCH_DOCUMENTS = 128;

  private static final int BATCH_CHARS = 1 << 16;

  /** Where embedded documents go, on the thread that called the pipeline. */
  @FunctionalInterface
  interface Sink {
    /**
     * Takes a document.
     *
     * @throws IOException if it cannot be taken now, as with {@link ThreadInterruptedException} and
     *     {@link AlreadyClosedException}: it is offered again. After any other exception it counts
     *     as taken.
     */
    void accept(Embedded embedded) throws IOException;
  }

  /**
   * What became of one document: a block to index, or the reason why there is none.
   *
   * @param block empty if {@code failure} is set
   * @param reused whether its vectors were in the index already
   * @param unchanged whether all of it was
   * @param known whether a document of its id was
   * @param truncated whether its text goes on after its last passage
   */
  record Embedded(
      IncomingDocument source,
      List<Document> block,
      boolean reused,
      boolean unchanged,
      boolean known,
      long tokens,
      long droppedTokens,
      boolean truncated,
      boolean titleShortened,
      @Nullable RuntimeException failure) {

    static Embedded failed(IncomingDocument source, RuntimeException reason) {
      return new Embedded(source, List.of(), false, false, false, 0, 0, false, false, reason);
    }
  }

  private record Batch(Future<List<Embedded>> embedded, long chars) {}

  private final TextEmbedder embedder;
  private final boolean truncate;
  private final LatestCommit committed;
  private final Sink sink;
  private final ExecutorService threads;
  private final int mostUnderWay;
  private final Deque<Batch> underWay = new ArrayDeque<>();

  /** Of the batch that was at the head: what has not reached the sink. */
  private final Deque<Embedded> arrived = new ArrayDeque<>();

  private List<IncomingDocument> filling = new ArrayList<>();
  private long fillingChars;
  private long charsUnderWay;

  EmbeddingPipeline(
      TextEmbedder embedder, SemanticIndexWriterConfig config, LatestCommit committed, Sink sink) {
    this.embedder = embedder;
    this.truncate = config.truncate();
    this.mostUnderWay = 2 * config.embeddingThreads();
    this.threads =
        Executors.newFixedThreadPool(
            config.embeddingThreads(),
            Thread.ofPlatform().name("semblance-index-", 1).daemon(true).factory());
    this.committed = committed;
    this.sink = sink;
  }

  void add(IncomingDocument document) throws IOException {
    filling.add(document);
    fillingChars += document.title().length() + document.text().length();
    if (filling.size() >= BATCH_DOCUMENTS || fillingChars >= BATCH_CHARS) {
      submit();
    }
    while (!arrived.isEmpty() || isFull() || headIsDone()) {
      deliverHead();
    }
  }

  /** Returns once every document added before has reached the sink. */
  void drain() throws IOException {
    submit();
    while (!arrived.isEmpty() || !underWay.isEmpty()) {
      deliverHead();
    }
  }

  /** Forgets what has not reached the sink, and waits until the embedder is no longer in use. */
  void abort() {
    threads.shutdownNow();
    threads.close();
    filling.clear();
    underWay.clear();
    arrived.clear();
  }

  private boolean isFull() {
    return underWay.size() > mostUnderWay
        || (underWay.size() > 1 && charsUnderWay > (long) mostUnderWay * BATCH_CHARS);
  }

  private boolean headIsDone() {
    Batch head = underWay.peekFirst();
    return head != null && head.embedded().isDone();
  }

  private void submit() {
    if (!filling.isEmpty()) {
      List<IncomingDocument> documents = filling;
      underWay.addLast(new Batch(threads.submit(() -> embed(documents)), fillingChars));
      charsUnderWay += fillingChars;
      filling = new ArrayList<>();
      fillingChars = 0;
    }
  }

  private void deliverHead() throws IOException {
    if (arrived.isEmpty()) {
      awaitHead();
    }
    RuntimeException refused = null;
    while (!arrived.isEmpty()) {
      boolean taken = true;
      try {
        sink.accept(arrived.getFirst());
      } catch (IOException | ThreadInterruptedException | AlreadyClosedException e) {
        taken = false;
        throw e;
      } catch (RuntimeException e) {
        // The others of the batch are written all the same.
        if (refused == null) {
          refused = e;
        } else {
          refused.addSuppressed(e);
        }
      } finally {
        if (taken) {
          arrived.removeFirst();
        }
      }
    }
    if (refused != null) {
      throw refused;
    }
  }

  private void awaitHead() throws IOException {
    // Stays at the head if it cannot be had: then nothing after it is delivered either.
    Batch batch = underWay.getFirst();
    try {
      arrived.addAll(batch.embedded().get());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      InterruptedIOException interrupted =
          new InterruptedIOException("interrupted while waiting for embeddings");
      interrupted.initCause(e);
      throw interrupted;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException unreadable) {
        throw new IOException("the index could not be read: " + unreadable, unreadable);
      }
      // Only errors come this way: other exceptions are held against their document.
      throw new IllegalStateException("embedding stopped: " + e.getCause(), e.getCause());
    }
    underWay.removeFirst();
    charsUnderWay -= batch.chars();
  }

  private List<Embedded> embed(List<IncomingDocument> documents) throws IOException {
    try {
      return embedTogether(documents);
    } catch (RuntimeException | StackOverflowError | AssertionError e) {
      // One by one, to find out whose fault it was and to keep the rest.
      List<Embedded> embedded = new ArrayList<>(documents.size());
      for (IncomingDocument document : documents) {
        try {
          embedded.addAll(embedTogether(List.of(document)));
        } catch (RuntimeException reason) {
          embedded.add(Embedded.failed(document, reason));
        } catch (StackOverflowError | AssertionError reason) {
          // Errors that a text can cause; those of the machine end the work.
          embedded.add(
              Embedded.failed(document, new IllegalStateException(reason.toString(), reason)));
        }
      }
      return embedded;
    }
  }

  /**
   * One document in a batch: its vectors are stored already, or its passages are to be embedded.
   */
  private record Work(
      IncomingDocument document,
      BytesRef hash,
      LatestCommit.@Nullable Block stored,
      Passages passages) {}

  private List<Embedded> embedTogether(List<IncomingDocument> documents) throws IOException {
    List<Work> batch = new ArrayList<>(documents.size());
    List<String> inputs = new ArrayList<>();
    for (IncomingDocument document : documents) {
      BytesRef hash = hash(document);
      LatestCommit.Block stored = committed.find(document.id(), hash);
      Passages passages =
          stored == null
              ? Passages.of(
                  embedder, document.title(), document.text(), document.outline(), truncate)
              : Passages.NONE;
      passages.list().forEach(passage -> inputs.add(passage.input()));
      batch.add(new Work(document, hash, stored, passages));
    }
    Iterator<Embedding> embeddings =
        inputs.isEmpty() ? Collections.emptyIterator() : embedder.embedPassages(inputs).iterator();
    List<Embedded> embedded = new ArrayList<>(batch.size());
    for (Work work : batch) {
      embedded.add(finish(work, embeddings));
    }
    return embedded;
  }

  private Embedded finish(Work work, Iterator<Embedding> embeddings) throws IOException {
    IncomingDocument document = work.document();
    LatestCommit.Block stored = work.stored();
    List<PassageVector> vectors = stored == null ? new ArrayList<>() : stored.passages();
    long tokens = 0;
    long droppedTokens = 0;
    for (Passages.Passage passage : work.passages().list()) {
      Embedding embedding = embeddings.next();
      vectors.add(new PassageVector(passage.start(), passage.end(), embedding.vector()));
      tokens += embedding.tokens();
      droppedTokens += embedding.droppedTokens();
    }
    return new Embedded(
        document,
        IndexSchema.block(document, work.hash(), vectors),
        stored != null,
        stored != null
            && stored.contentHash() != null
            && stored.contentHash().equals(document.contentHash()),
        stored != null || committed.has(document.id()),
        tokens,
        droppedTokens,
        truncate && !vectors.isEmpty() && vectors.getLast().end() < document.text().length(),
        work.passages().titleShortened(),
        null);
  }

  /** Of everything that a document's vectors depend on. */
  private BytesRef hash(IncomingDocument document) {
    ContentHash hash =
        new ContentHash()
            .add(embedder.model().fingerprint())
            .add(Passages.VERSION + (truncate ? " truncated" : ""))
            .add(document.title())
            .add(document.text());
    if (!document.outline().sections().isEmpty()) {
      hash.add(document.outline().sections().toString());
    }
    return hash.toBytes();
  }
}
