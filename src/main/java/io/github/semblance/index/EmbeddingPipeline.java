package io.github.semblance.index;

import io.github.semblance.corpus.SourceDocument;
import io.github.semblance.embed.Embedding;
import io.github.semblance.embed.TextEmbedder;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.lucene.document.Document;
import org.jspecify.annotations.Nullable;

/**
 * Embeds documents in batches off the calling thread and gives them back in the order they came, so
 * that the same input makes the same index. For one thread.
 *
 * <p>A few batches are under way at a time, bounded in documents and in characters: the embedder
 * always finds the next batch waiting, and a source that is faster than the embedder is held up.
 */
final class EmbeddingPipeline {
  /** Enough texts for every thread of an embedder to find work, few enough to hold in memory. */
  private static final int BATCH_DOCUMENTS = 128;

  private static final int BATCH_CHARS = 1 << 18;

  /** Two batches are embedded at a time: while the tail of one runs out the next fills the gap. */
  private static final int EMBEDDING_THREADS = 2;

  private static final int BATCHES_UNDER_WAY = 2 * EMBEDDING_THREADS;

  /** Where embedded documents go, on the thread that called the pipeline. */
  @FunctionalInterface
  interface Sink {
    void accept(Embedded embedded) throws IOException;
  }

  /**
   * What became of one document: a block to index, or the reason why there is none.
   *
   * @param block empty if {@code failure} is set
   */
  record Embedded(
      SourceDocument source,
      List<Document> block,
      long tokens,
      long droppedTokens,
      boolean titleShortened,
      @Nullable RuntimeException failure) {}

  private record Batch(Future<List<Embedded>> embedded, long chars) {}

  private final TextEmbedder embedder;
  private final Sink sink;
  private final ExecutorService threads =
      Executors.newFixedThreadPool(
          EMBEDDING_THREADS,
          Thread.ofPlatform().name("semblance-index-", 1).daemon(true).factory());
  private final Deque<Batch> underWay = new ArrayDeque<>();
  private List<SourceDocument> filling = new ArrayList<>();
  private long fillingChars;
  private long charsUnderWay;

  EmbeddingPipeline(TextEmbedder embedder, Sink sink) {
    this.embedder = embedder;
    this.sink = sink;
  }

  void add(SourceDocument document) throws IOException {
    filling.add(document);
    fillingChars += document.title().length() + document.text().length();
    if (filling.size() >= BATCH_DOCUMENTS || fillingChars >= BATCH_CHARS) {
      submit();
    }
    while (isFull() || headIsDone()) {
      deliverHead();
    }
  }

  /** Returns once every document added before has reached the sink. */
  void drain() throws IOException {
    submit();
    while (!underWay.isEmpty()) {
      deliverHead();
    }
  }

  /** Forgets what has not reached the sink, and waits until the embedder is no longer in use. */
  void abort() {
    threads.shutdownNow();
    threads.close();
    filling.clear();
    underWay.clear();
  }

  private boolean isFull() {
    return underWay.size() > BATCHES_UNDER_WAY
        || (underWay.size() > 1 && charsUnderWay > (long) BATCHES_UNDER_WAY * BATCH_CHARS);
  }

  private boolean headIsDone() {
    Batch head = underWay.peekFirst();
    return head != null && head.embedded().isDone();
  }

  private void submit() {
    if (!filling.isEmpty()) {
      List<SourceDocument> documents = filling;
      underWay.addLast(new Batch(threads.submit(() -> embed(documents)), fillingChars));
      charsUnderWay += fillingChars;
      filling = new ArrayList<>();
      fillingChars = 0;
    }
  }

  private void deliverHead() throws IOException {
    // Stays at the head if it cannot be had: then nothing after it is delivered either.
    Batch batch = underWay.getFirst();
    List<Embedded> documents;
    try {
      documents = batch.embedded().get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      InterruptedIOException interrupted =
          new InterruptedIOException("interrupted while waiting for embeddings");
      interrupted.initCause(e);
      throw interrupted;
    } catch (ExecutionException e) {
      // Only errors come this way: exceptions are held against their document.
      throw new IllegalStateException("embedding stopped: " + e.getCause(), e.getCause());
    }
    underWay.removeFirst();
    charsUnderWay -= batch.chars();
    RuntimeException refused = null;
    for (Embedded document : documents) {
      try {
        sink.accept(document);
      } catch (RuntimeException e) {
        // The others of the batch are written all the same.
        if (refused == null) {
          refused = e;
        } else {
          refused.addSuppressed(e);
        }
      }
    }
    if (refused != null) {
      throw refused;
    }
  }

  private List<Embedded> embed(List<SourceDocument> documents) {
    try {
      return embedTogether(documents);
    } catch (RuntimeException e) {
      // One by one, to find out whose fault it was and to keep the rest.
      List<Embedded> embedded = new ArrayList<>(documents.size());
      for (SourceDocument document : documents) {
        try {
          embedded.addAll(embedTogether(List.of(document)));
        } catch (RuntimeException reason) {
          embedded.add(new Embedded(document, List.of(), 0, 0, false, reason));
        }
      }
      return embedded;
    }
  }

  private List<Embedded> embedTogether(List<SourceDocument> documents) {
    List<Passages> split = new ArrayList<>(documents.size());
    List<String> inputs = new ArrayList<>();
    for (SourceDocument document : documents) {
      Passages passages = Passages.of(embedder, document.title(), document.text());
      split.add(passages);
      passages.list().forEach(passage -> inputs.add(passage.input()));
    }
    List<Embedding> embeddings = embedder.embedPassages(inputs);
    List<Embedded> embedded = new ArrayList<>(documents.size());
    int from = 0;
    for (int i = 0; i < documents.size(); i++) {
      Passages passages = split.get(i);
      int to = from + passages.list().size();
      List<Embedding> own = embeddings.subList(from, to);
      embedded.add(
          new Embedded(
              documents.get(i),
              IndexSchema.block(documents.get(i), passages.list(), own),
              own.stream().mapToLong(Embedding::tokens).sum(),
              own.stream().mapToLong(Embedding::droppedTokens).sum(),
              passages.titleShortened(),
              null));
      from = to;
    }
    return embedded;
  }
}
