package io.github.semblance.index;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.store.Directory;

/**
 * Gives an index that nobody is writing what was measured of it, by a commit that changes nothing
 * else. Stateless.
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
    put(folder, tuning.toUserData());
  }

  /**
   * Commits how close an index comes to questions that it does not answer.
   *
   * @param cosine from -1 to 1
   * @throws IndexOpenException as above
   */
  public static void saveForeignCosine(Path folder, float cosine) throws IOException {
    put(folder, ManifestData.foreignCosine(cosine));
  }

  private static void put(Path folder, Map<String, String> userData) throws IOException {
    IndexManifest.read(folder); // refuses what is no index of ours
    try (Directory directory = WriterOpening.directory(folder);
        IndexWriter writer = WriterOpening.maintenance(directory)) {
      LiveManifest.put(writer, userData);
      writer.commit();
    }
  }
}
