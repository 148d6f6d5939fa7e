package io.github.semblance.cli;

import io.github.semblance.corpus.CorpusException;
import io.github.semblance.corpus.CorpusReader;
import io.github.semblance.corpus.CorpusRecord;
import io.github.semblance.corpus.UnreadFiles;
import io.github.semblance.embed.EmbeddingException;
import io.github.semblance.embed.TextEmbedder;
import io.github.semblance.index.IndexManifest;
import io.github.semblance.index.IndexOpenException;
import io.github.semblance.index.IndexStatistics;
import io.github.semblance.index.SemanticIndexWriter;
import io.github.semblance.index.SemanticIndexWriterConfig;
import io.github.semblance.index.Tuning;
import io.github.semblance.search.WeightTuner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriterConfig.OpenMode;
import org.apache.lucene.store.AlreadyClosedException;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.util.BytesRef;
import org.apache.lucene.util.BytesRefHash;
import org.jspecify.annotations.Nullable;

/**
 * Indexes a corpus into a folder, once. A new index replaces one that is there as a whole or not at
 * all; an update commits now and then, so that an interrupted run loses little.
 */
final class IndexRun {
  /** How many records that are left out are reported one by one. */
  private static final int REPORTED = 20;

  /**
   * What to do.
   *
   * @param mode whether to replace or extend an index that is there
   * @param prune whether to delete documents that the corpus does not have, if all of its records
   *     can be read: one that cannot may be any of them
   * @param commitEvery how often an update commits
   * @param tune whether to measure how much meaning should weigh in an index that is new
   * @param foreign whether to measure how close it comes to foreign questions
   * @param gone ids of documents to delete in any case
   */
  record Plan(
      Path folder,
      SemanticIndexWriterConfig settings,
      OpenMode mode,
      boolean prune,
      Duration commitEvery,
      boolean tune,
      boolean foreign,
      List<String> gone) {

    /** Replaces what there is, without measuring how much meaning should weigh. */
    static Plan create(Path folder, SemanticIndexWriterConfig settings) {
      return new Plan(
          folder, settings, OpenMode.CREATE, false, Duration.ZERO, false, true, List.of());
    }

    /** Adds to the index what the corpus has, and deletes documents. */
    Plan changing(List<String> deleted) {
      return new Plan(
          folder, settings, OpenMode.CREATE_OR_APPEND, false, commitEvery, false, false, deleted);
    }

    private boolean updates() {
      return mode != OpenMode.CREATE;
    }
  }

  private final Plan plan;
  private final CorpusReader corpus;
  private final long start = System.nanoTime();
  private final boolean existed;
  private final BytesRefHash ids = new BytesRefHash();
  private boolean idsDerived;
  private long duplicates;
  private long skipped;
  private long lastCommit = start;

  /** Read by the progress bar and at the end of the process, from other threads. */
  private volatile boolean committed;

  /** Whether all documents are committed. */
  private volatile boolean whole;

  private volatile long bytesRead;
  private volatile long added;
  private volatile @Nullable SemanticIndexWriter open;

  private IndexRun(Plan plan, CorpusReader corpus) throws IOException {
    this.plan = plan;
    this.corpus = corpus;
    this.existed = isIndex(plan.folder());
    if (existed && plan.updates()) {
      IndexManifest.read(plan.folder()); // an index of another program is not added to
    }
  }

  static IndexOutcome of(Plan plan, Streams streams, CorpusReader corpus, TextEmbedder embedder)
      throws IOException, CommandFailure {
    return new IndexRun(plan, corpus).run(streams, embedder);
  }

  private IndexOutcome run(Streams streams, TextEmbedder embedder)
      throws IOException, CommandFailure {
    try (Progress progress = new Progress(streams, "Indexing", this::progress);
        CommitGuard guard = new CommitGuard(() -> progress.abandon("interrupted; " + state()));
        SemanticIndexWriter writer =
            SemanticIndexWriter.open(
                plan.folder(),
                embedder,
                plan.settings()
                    .setOpenMode(plan.mode())
                    .setFailureHandler(
                        (id, cause) -> {
                          guard.stayIfEnding(); // what fails then is no fault of the document
                          leaveOut(progress, "document \"" + id + "\": " + Failures.text(cause));
                        }))) {
      open = writer;
      UnreadFiles unread = corpus.unreadFiles();
      if (unread.total() > 0) {
        progress.say("files in folders that are not read: " + unread);
      }
      addAll(progress, guard, writer);
      if (writer.statistics().documents() == 0 && !plan.updates()) {
        throw new CommandFailure("no document to index was found; " + state());
      }
      long deleted = plan.prune() ? prune(progress, writer) : 0;
      for (String id : plan.gone()) {
        writer.deleteDocument(id);
        deleted++;
      }
      boolean tunes = plan.tune() && !(existed && plan.updates());
      boolean asks = plan.foreign() && writer.statistics().embedded() > 0;
      Tuning tuning = null;
      ForeignCosine foreign = null;
      if (tunes || asks) {
        guard.commit(writer);
        whole = true;
        try {
          tuning = tunes ? tune(writer, embedder) : null;
          foreign = asks ? foreign(writer, embedder) : null;
        } catch (EmbeddingException | IllegalStateException e) {
          guard.stayIfEnding();
          progress.say("the index could not be measured, so defaults stay: " + Failures.text(e));
        }
      }
      guard.finish(writer);
      if (idsDerived) {
        progress.say("no record has an id; ids were made from the content of each");
      }
      double seconds = (System.nanoTime() - start) / 1e9;
      return new IndexOutcome(
          writer.statistics(),
          existed && plan.updates(),
          deleted,
          skipped,
          unread,
          seconds,
          sizeOf(plan.folder()),
          tuning,
          foreign);
    } catch (IndexOpenException e) {
      throw e;
    } catch (IOException | AlreadyClosedException e) {
      throw new CommandFailure(
          "writing to " + plan.folder() + " failed: " + Failures.message(e) + "; " + state(), e);
    }
  }

  private void addAll(Progress progress, CommitGuard guard, SemanticIndexWriter writer)
      throws IOException {
    long documents = 0;
    try {
      while (corpus.hasNext()) {
        switch (corpus.next()) {
          case CorpusRecord.Document document -> {
            writer.updateDocument(document.document());
            added = ++documents;
            idsDerived |= document.derivedId();
            tellDuplicate(progress, document);
          }
          case CorpusRecord.Rejected bad ->
              leaveOut(progress, bad.location() + ": " + bad.reason());
        }
        bytesRead = corpus.bytesRead();
        if (plan.updates() && System.nanoTime() - lastCommit >= plan.commitEvery().toNanos()) {
          guard.commit(writer);
          committed = true;
          lastCommit = System.nanoTime();
        }
      }
      writer.flush();
    } catch (CorpusException e) {
      writer.flush();
      long before = writer.statistics().documents();
      if ((existed && !plan.updates()) || before == 0) {
        throw new CorpusException(e.getMessage() + "; " + state(), e);
      }
      guard.finish(writer);
      throw new CorpusException(
          e.getMessage()
              + "; "
              + Amount.of(before, "document")
              + " before that: in "
              + plan.folder(),
          e);
    }
  }

  private @Nullable Tuning tune(SemanticIndexWriter writer, TextEmbedder embedder)
      throws IOException {
    Tuning tuning = WeightTuner.tune(plan.folder(), embedder).orElse(null);
    if (tuning != null) {
      writer.setTuning(tuning);
    }
    return tuning;
  }

  private @Nullable ForeignCosine foreign(SemanticIndexWriter writer, TextEmbedder embedder)
      throws IOException {
    ForeignCosine foreign = ForeignCosine.of(plan.folder(), embedder);
    if (foreign != null) {
      writer.setForeignCosine(foreign.median());
    }
    return foreign;
  }

  private long prune(Progress progress, SemanticIndexWriter writer) throws IOException {
    if (skipped > 0) {
      progress.say(
          "nothing is pruned, because a record that was left out may be one of the documents");
      return 0;
    }
    return writer.deleteMissing();
  }

  /** What the user has if the run ends now. */
  private String state() {
    if (whole) {
      return "all is in " + plan.folder() + "; what is missing is what 'tune' measures";
    }
    if (committed) {
      return "what was indexed until the last commit is in "
          + plan.folder()
          + "; the same command goes on from there";
    }
    return existed ? plan.folder() + " is as it was" : "there is no index yet";
  }

  private void leaveOut(Progress progress, String what) {
    skipped++;
    if (skipped <= REPORTED) {
      progress.say("left out " + what);
    } else if (skipped == REPORTED + 1) {
      progress.say("more records are left out; their number follows");
    }
  }

  /** Records without an id that are equal are no clash. */
  private void tellDuplicate(Progress progress, CorpusRecord.Document document) {
    String id = document.document().id();
    if (document.derivedId() || ids.add(new BytesRef(id)) >= 0) {
      return;
    }
    duplicates++;
    if (duplicates <= REPORTED) {
      progress.say(
          document.location() + ": id \"" + id + "\" was there before; the last document is kept");
    } else if (duplicates == REPORTED + 1) {
      progress.say("more ids are there more than once; their number follows");
    }
  }

  /** Reading runs ahead of indexing, so what is read counts by what is indexed. */
  private Progress.State progress() {
    SemanticIndexWriter writer = open;
    long read = bytesRead;
    long documents = added;
    long total = corpus.totalBytes();
    if (writer == null || documents == 0 || total == 0) {
      return new Progress.State(0, 0, "documents");
    }
    IndexStatistics done = writer.statistics();
    double share =
        Math.min(1, (done.documents() + done.duplicates() + done.failed()) / (double) documents);
    return new Progress.State(
        share * Math.min(1, read / (double) total), done.documents(), "documents");
  }

  private static boolean isIndex(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return false;
    }
    try (Directory directory = FSDirectory.open(folder)) {
      return DirectoryReader.indexExists(directory);
    }
  }

  private static long sizeOf(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.mapToLong(file -> file.toFile().length()).sum();
    }
  }
}
