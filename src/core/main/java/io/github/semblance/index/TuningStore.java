package io.github.semblance.index;

import java.io.IOException;
import java.nio.file.Path;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.store.Directory;

/**
 * Gives an index that nobody is writing its {@link Tuning}, by a commit that changes nothing else.
 * Stateless.
 */
public final class TuningStore {
  private TuningStore() {}

  /**
   * Commits a tuning; searchers opened later go by it.
   *
   * @throws IndexOpenException if there is no index of ours, or a writer holds it: that one can set
   *     the tuning itself, see {@link SemanticIndexWriter#setTuning}
   */
  public static void save(Path folder, Tuning tuning) throws IOException {
    IndexManifest.read(folder); // refuses what is no index of ours
    try (Directory directory = WriterOpening.directory(folder);
        IndexWriter writer = WriterOpening.maintenance(directory)) {
      LiveManifest.put(writer, tuning.toUserData());
      writer.commit();
    }
  }
}
