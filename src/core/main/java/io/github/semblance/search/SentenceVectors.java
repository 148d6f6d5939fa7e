package io.github.semblance.search;

import io.github.semblance.embed.Embedding;
import io.github.semblance.embed.EmbeddingModel;
import io.github.semblance.embed.TextEmbedder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Vectors of sentences, of which those used last are kept: what is found often is shown often. Safe
 * for use by many threads.
 */
final class SentenceVectors {
  /** The most values of all vectors kept: 16 MB. */
  static final int MOST_VALUES = 1 << 22;

  /** Longer sentences are not kept. In {@code char}s. */
  static final int LONGEST = 1_000;

  private final TextEmbedder embedder;

  /** The least recently used first; guarded by itself. */
  private final Map<String, float[]> recent;

  SentenceVectors(TextEmbedder embedder) {
    this.embedder = embedder;
    int most = Math.max(1, MOST_VALUES / embedder.model().dimension());
    this.recent =
        new LinkedHashMap<>(16, 0.75f, true) {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(Map.Entry<String, float[]> eldest) {
            return size() > most;
          }
        };
  }

  EmbeddingModel model() {
    return embedder.model();
  }

  /** One vector per sentence, in the order given; not to be written to. */
  List<float[]> of(List<String> sentences) {
    Map<String, float[]> known = new HashMap<>();
    List<String> unknown = new ArrayList<>();
    synchronized (recent) {
      for (String sentence : sentences) {
        float[] vector = recent.get(sentence);
        if (known.put(sentence, vector == null ? new float[0] : vector) == null && vector == null) {
          unknown.add(sentence);
        }
      }
    }
    if (!unknown.isEmpty()) {
      List<Embedding> embedded = embedder.embedPassages(unknown);
      synchronized (recent) {
        for (int i = 0; i < unknown.size(); i++) {
          float[] vector = embedded.get(i).vector();
          known.put(unknown.get(i), vector);
          if (unknown.get(i).length() <= LONGEST) {
            recent.put(unknown.get(i), vector);
          }
        }
      }
    }
    return sentences.stream().map(sentence -> known.getOrDefault(sentence, new float[0])).toList();
  }
}
