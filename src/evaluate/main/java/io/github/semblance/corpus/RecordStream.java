package io.github.semblance.corpus;

import java.io.Closeable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The records of one file, read one at a time. */
interface RecordStream extends Closeable {

  /**
   * The next record, or null at the end.
   *
   * @throws CorpusException if the rest of the file cannot be trusted
   */
  @Nullable RawRecord next() throws IOException;
}
