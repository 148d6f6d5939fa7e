package io.github.semblance.index;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.apache.lucene.document.Document;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.search.Query;
import org.apache.lucene.util.ThreadInterruptedException;
import org.jspecify.annotations.Nullable;

/**
 * Hands blocks to Lucene, and tells a document that cannot be indexed from an index that cannot be
 * written. For one thread.
 */
final class BlockWriter {
  private final IndexWriter writer;
  private final FailureHandler failureHandler;

  /** What a document caused that closed Lucene's writer. */
  private @Nullable Error fatal;

  private String fatalMessage = "";

  BlockWriter(IndexWriter writer, FailureHandler failureHandler) {
    this.writer = writer;
    this.failureHandler = failureHandler;
  }

  /**
   * Replaces a document's block.
   *
   * @param replaced what else has that id and gives way, or null if only a block can have it
   * @return null, or why the document cannot be indexed; nothing of it is written then
   * @throws IOException if the index cannot be written, as with other exceptions
   */
  @Nullable RuntimeException write(String id, @Nullable Query replaced, List<Document> block)
      throws IOException {
    try {
      if (replaced == null) {
        writer.updateDocuments(IndexSchema.block(id), block);
      } else {
        writer.updateDocuments(replaced, block);
      }
      return null;
    } catch (ThreadInterruptedException e) {
      throw e; // The block may be written or not; to write it again does no harm.
    } catch (IOException e) {
      return ofDocument(e, new UncheckedIOException(e.toString(), e));
    } catch (RuntimeException e) {
      return ofDocument(e, e);
    } catch (Error e) {
      fatal = e;
      fatalMessage =
          "Lucene closed the index writer because document \""
              + id
              + "\" ended in "
              + e
              + "; only what was committed before is kept";
      return new IllegalStateException(fatalMessage, e);
    }
  }

  /** A field could not be read, analysed or indexed, if Lucene goes on. */
  private <E extends Exception> RuntimeException ofDocument(E thrown, RuntimeException reason)
      throws E {
    if (!writer.isOpen() || writer.getTragicException() != null) {
      throw thrown;
    }
    return reason;
  }

  /** Tells the handler of a document that is not indexed; an error goes on after that. */
  void report(String id, RuntimeException failure) {
    Error error = fatal;
    try {
      failureHandler.failed(id, failure);
    } catch (RuntimeException e) {
      if (error == null) {
        throw e;
      }
      error.addSuppressed(e);
    }
    if (error != null) {
      throw error;
    }
  }

  /** Refuses to go on after an error. */
  void ensureUsable() {
    if (fatal != null) {
      throw new IllegalStateException(fatalMessage, fatal);
    }
  }
}
