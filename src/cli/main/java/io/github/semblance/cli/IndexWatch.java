package io.github.semblance.cli;

import io.github.semblance.corpus.CorpusException;
import io.github.semblance.corpus.CorpusReader;
import io.github.semblance.corpus.CorpusSnapshot;
import io.github.semblance.corpus.FieldMapping;
import io.github.semblance.embed.EmbeddingException;
import io.github.semblance.embed.TextEmbedder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Keeps an index up to date with its inputs. For one thread.
 *
 * <p>Looks at names, sizes and times of files now and then, which works on every file system, and
 * waits until they are the same twice: then whoever writes them is done. A file that is one
 * document is indexed or deleted by itself. After a change to a file of records all inputs are read
 * again, and what has not changed is not embedded again.
 */
final class IndexWatch {
  /** How many times as long as a look takes is waited after it, for folders of many files. */
  private static final int PAUSES = 20;

  private final IndexRun.Plan plan;
  private final Streams streams;
  private final List<String> inputs;
  private final FieldMapping mapping;
  private final @Nullable Path base;
  private final TextEmbedder embedder;
  private final Duration pause;

  /** What the index shows. */
  private CorpusSnapshot indexed;

  private String lastProblem = "";

  /**
   * Begins to watch.
   *
   * @param plan how later changes are indexed
   * @param indexed what was read last
   * @param pause the least time between two looks
   */
  IndexWatch(
      IndexRun.Plan plan,
      Streams streams,
      List<String> inputs,
      FieldMapping mapping,
      @Nullable Path base,
      TextEmbedder embedder,
      CorpusSnapshot indexed,
      Duration pause) {
    this.plan = plan;
    this.streams = streams;
    this.inputs = inputs;
    this.mapping = mapping;
    this.base = base;
    this.embedder = embedder;
    this.indexed = indexed;
    this.pause = pause;
  }

  /**
   * Watches until the thread is interrupted. What goes wrong is told, once, and tried again.
   *
   * @param outcomes hears of each change that is indexed
   */
  void run(Consumer<IndexOutcome> outcomes) {
    CorpusSnapshot before = indexed;
    while (!Thread.currentThread().isInterrupted()) {
      long start = System.nanoTime();
      long looked = 0;
      try {
        CorpusSnapshot now = CorpusSnapshot.of(inputs, base);
        looked = System.nanoTime() - start;
        boolean settled = now.since(before).isEmpty();
        before = now;
        if (settled && !now.since(indexed).isEmpty()) {
          outcomes.accept(index(now));
          indexed = now;
        }
        lastProblem = "";
      } catch (CorpusException | CommandFailure | EmbeddingException | IOException e) {
        tell(Failures.message(e));
      }
      try {
        Thread.sleep(Duration.ofNanos(Math.max(pause.toNanos(), looked * PAUSES)));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private IndexOutcome index(CorpusSnapshot now) throws IOException, CommandFailure {
    CorpusSnapshot.Change change = now.since(indexed);
    if (change.records()) {
      try (CorpusReader corpus = CorpusReader.open(inputs, mapping, base)) {
        return IndexRun.of(plan, streams, corpus, embedder);
      }
    }
    try (CorpusReader corpus = CorpusReader.ofDocuments(change.documents(), mapping, now.base())) {
      return IndexRun.of(plan.changing(change.gone()), streams, corpus, embedder);
    }
  }

  private void tell(String problem) {
    if (!problem.equals(lastProblem)) {
      lastProblem = problem;
      streams.err().println("semblance: " + Printable.message(problem) + "; still watching");
    }
  }
}
