package io.github.semblance.index;

import java.util.Map;
import java.util.TreeMap;
import org.apache.lucene.index.IndexWriter;

/** The manifest in the data of a writer's next commit, beside what an application keeps there. */
final class LiveManifest {
  private LiveManifest() {}

  static Map<String, String> commitData(IndexWriter writer) {
    Map<String, String> data = new TreeMap<>();
    Iterable<Map.Entry<String, String>> live = writer.getLiveCommitData();
    if (live != null) {
      live.forEach(entry -> data.put(entry.getKey(), entry.getValue()));
    }
    return data;
  }

  static void put(IndexWriter writer, Map<String, String> manifest) {
    Map<String, String> data = commitData(writer);
    if (data.entrySet().containsAll(manifest.entrySet())) {
      return; // setting it again would make a commit of nothing
    }
    data.putAll(manifest);
    writer.setLiveCommitData(data.entrySet());
  }
}
