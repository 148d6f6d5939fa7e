package io.github.semblance.index;

import java.io.IOException;
import java.nio.file.Path;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.FieldInfos;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.IndexWriterConfig.OpenMode;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.NoMergePolicy;
import org.apache.lucene.search.Sort;
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
        IndexWriter writer = WriterOpening.writer(directory, likeThatOf(directory))) {
      LiveManifest.put(writer, tuning.toUserData());
      writer.commit();
    }
  }

  /** A writer that Lucene lets at the index, and that leaves its segments as they are. */
  private static IndexWriterConfig likeThatOf(Directory directory) throws IOException {
    IndexWriterConfig config =
        new IndexWriterConfig().setOpenMode(OpenMode.APPEND).setMergePolicy(NoMergePolicy.INSTANCE);
    try (DirectoryReader reader = DirectoryReader.open(directory)) {
      String parent = FieldInfos.getMergedFieldInfos(reader).getParentField();
      if (parent != null) {
        config.setParentField(parent);
      }
      for (LeafReaderContext leaf : reader.leaves()) {
        Sort sort = leaf.reader().getMetaData().sort();
        if (sort != null) {
          config.setIndexSort(sort);
        }
      }
    }
    return config;
  }
}
