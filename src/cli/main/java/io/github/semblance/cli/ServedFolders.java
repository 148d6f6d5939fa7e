package io.github.semblance.cli;

import io.github.semblance.embed.TextEmbedder;
import io.github.semblance.index.IndexManifest;
import io.github.semblance.search.SearchMode;
import io.github.semblance.server.ServedIndex;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.lucene.util.IOUtils;

/** Index folders, opened to be served, and one model for all that have the same. */
final class ServedFolders implements Closeable {
  private final List<ServedIndex> indexes = new ArrayList<>();
  private final Map<String, TextEmbedder> embedders = new HashMap<>();

  /** Opens each folder, under its own name or, where two have the same, its path. */
  ServedFolders(List<Path> folders, NamedModel model) throws IOException, CommandFailure {
    model.check();
    boolean opened = false;
    try {
      Set<Path> seen = new HashSet<>();
      Set<String> names = new HashSet<>();
      for (Path folder : folders) {
        Path whole = folder.toAbsolutePath().normalize();
        if (!seen.add(whole)) {
          throw new CommandFailure("--index names " + folder + " twice");
        }
        String name = String.valueOf(whole.getFileName());
        indexes.add(
            ServedIndex.open(
                names.add(name) ? name : whole.toString(), folder, embedder(folder, model)));
      }
      opened = true;
    } finally {
      if (!opened) {
        close();
      }
    }
  }

  private TextEmbedder embedder(Path folder, NamedModel model) throws IOException {
    IndexManifest manifest = IndexManifest.read(folder);
    String fingerprint = manifest.model().fingerprint();
    TextEmbedder embedder = embedders.get(fingerprint);
    if (embedder == null) {
      embedder = IndexedModel.load(folder, manifest, Set.of(SearchMode.HYBRID), model);
      if (embedder == null) {
        throw new IllegalStateException("hybrid search needs a model");
      }
      embedders.put(fingerprint, embedder);
    }
    return embedder;
  }

  List<ServedIndex> indexes() {
    return indexes;
  }

  @Override
  public void close() throws IOException {
    try {
      IOUtils.close(indexes);
    } finally {
      embedders.values().forEach(TextEmbedder::close);
    }
  }
}
