package io.github.semblance.index;

import java.io.IOException;
import java.util.Objects;
import org.apache.lucene.document.Document;
import org.jspecify.annotations.Nullable;

/**
 * How an index that an application has written gets its vectors, see {@link
 * SemanticIndexWriter#adopt}. Immutable; as thread-safe as what it is given.
 */
public final class Adoption {
  private static final int COMMIT_EVERY = 1_000;

  /** Gives the documents of an index again, as an application's database does. */
  @FunctionalInterface
  public interface DocumentSource {
    /**
     * Makes the document of an id, with all fields that it is to have.
     *
     * @return null if there is no such document any more; what the index has then stays as it is
     */
    @Nullable Document document(String id) throws IOException;
  }

  /** Is told how far it is, on the thread that adopts. */
  @FunctionalInterface
  public interface Progress {
    /**
     * Called for each document that is done, whatever became of it.
     *
     * @param done documents done so far
     * @param documents how many there were without passages when adopting began
     */
    void done(long done, long documents);
  }

  private final @Nullable DocumentSource source;
  private final Progress progress;
  private final int commitEvery;
  private final boolean dryRun;

  private Adoption(
      @Nullable DocumentSource source, Progress progress, int commitEvery, boolean dryRun) {
    this.source = source;
    this.progress = progress;
    this.commitEvery = commitEvery;
    this.dryRun = dryRun;
  }

  /**
   * Makes each document again from what the index itself holds of it: stored fields, doc values and
   * vectors. Before the first document is written, all are checked: an index of which some field
   * cannot be made again is refused.
   */
  public static Adoption fromStoredFields() {
    return new Adoption(null, (done, documents) -> {}, COMMIT_EVERY, false);
  }

  /** Asks an application for each document. */
  public static Adoption from(DocumentSource source) {
    return new Adoption(
        Objects.requireNonNull(source, "source"), (done, documents) -> {}, COMMIT_EVERY, false);
  }

  /** This, telling how far it is. */
  public Adoption withProgress(Progress other) {
    return new Adoption(source, other, commitEvery, dryRun);
  }

  /**
   * This, with another number of documents between two commits: what an interrupted adoption loses
   * at most.
   *
   * @param documents at least 1; {@value #COMMIT_EVERY} by default
   */
  public Adoption committingEvery(int documents) {
    if (documents < 1) {
      throw new IllegalArgumentException(
          "documents between two commits must be at least 1, got: " + documents);
    }
    return new Adoption(source, progress, documents, dryRun);
  }

  /**
   * This, finding out only what would become of the documents: all are made again and checked, and
   * nothing is embedded or written. The summary counts none as adopted.
   */
  public Adoption dryRun() {
    return new Adoption(source, progress, commitEvery, true);
  }

  @Nullable DocumentSource source() {
    return source;
  }

  Progress progress() {
    return progress;
  }

  int commitEvery() {
    return commitEvery;
  }

  boolean isDryRun() {
    return dryRun;
  }
}
