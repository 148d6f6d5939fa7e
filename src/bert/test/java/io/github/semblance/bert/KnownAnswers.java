package io.github.semblance.bert;

import io.github.semblance.bert.checkpoint.BertModel;
import io.github.semblance.bert.checkpoint.CheckpointException;
import io.github.semblance.bert.checkpoint.ModelEnvironment;
import io.github.semblance.bert.checkpoint.ModelStore;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Tiny models of seeded weights in the layout of sentence-transformers 6, and what transformers
 * 5.18 and sentence-transformers 6.0.1 compute with them, each text alone.
 */
final class KnownAnswers {
  final Path folder;
  final JsonNode expected;

  private KnownAnswers(Path folder) {
    this.folder = folder;
    this.expected = JsonMapper.shared().readTree(folder.resolve("expected.json").toFile());
  }

  static KnownAnswers of(String model) {
    try {
      URL config = KnownAnswers.class.getResource("/models/" + model + "/config.json");
      Path file = Path.of(Objects.requireNonNull(config, model).toURI());
      return new KnownAnswers(file.resolveSibling(""));
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  /** With a home folder of its own, so that no fingerprint is remembered. */
  static ModelStore store(Path home) {
    return new ModelStore(
        new ModelEnvironment(Map.of(), Map.of(), home, ClassLoader.getPlatformClassLoader()));
  }

  BertModel open(Path home) throws CheckpointException {
    return store(home).open(folder.toString());
  }

  List<String> texts() {
    List<String> texts = new ArrayList<>();
    expected.get("texts").forEach(text -> texts.add(text.asString()));
    return texts;
  }

  float[][] vectors(String key) {
    JsonNode rows = expected.get(key);
    float[][] vectors = new float[rows.size()][];
    for (int i = 0; i < vectors.length; i++) {
      vectors[i] = new float[rows.get(i).size()];
      for (int j = 0; j < vectors[i].length; j++) {
        vectors[i][j] = rows.get(i).get(j).floatValue();
      }
    }
    return vectors;
  }

  long[] ids(int text) {
    JsonNode row = expected.get("ids").get(text);
    long[] ids = new long[row.size()];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = row.get(i).longValue();
    }
    return ids;
  }
}
