package io.github.semblance.search;

import io.github.semblance.embed.Calibration;
import io.github.semblance.embed.Embedding;
import io.github.semblance.embed.TextEmbedder;
import io.github.semblance.index.IndexManifest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;

/**
 * Measures how close an index comes to questions that it does not answer: a hundred of them, about
 * cooking, law, animals, travel and what else people ask. Stateless.
 *
 * <p>The more documents an index has, and the more they differ, the closer is the closest of them
 * to anything. So a cosine that shows an answer in one index shows none in another. The median over
 * these questions tells the two apart; that an index answers some of them does not move it.
 */
public final class ForeignQuestions {
  private static final String FILE = "foreign-questions.txt";

  private ForeignQuestions() {}

  /**
   * The cosine of the closest passage of the latest commit, in the median of the questions. Embeds
   * about 1,400 word pieces.
   *
   * @param embedder the index's model
   * @return from -1 to 1; empty if the model has no {@link Calibration} that this would move, or
   *     the index no vector
   * @throws io.github.semblance.index.IndexOpenException if there is no index, or one of another
   *     model
   */
  public static Optional<Float> cosine(Path folder, TextEmbedder embedder) throws IOException {
    IndexManifest.read(folder); // refuses a missing folder, which FSDirectory would create
    try (Directory directory = FSDirectory.open(folder);
        DirectoryReader reader = DirectoryReader.open(directory)) {
      IndexManifest.requireModel(reader, embedder.model());
      return cosine(new IndexSearcher(reader), embedder);
    }
  }

  /** The same of what a searcher sees. */
  static Optional<Float> cosine(IndexSearcher searcher, TextEmbedder embedder) throws IOException {
    if (embedder.calibration().isEmpty()) {
      return Optional.empty();
    }
    List<Embedding> questions = embedder.embedPassages(questions());
    float[] cosines = new float[questions.size()];
    for (int i = 0; i < cosines.length; i++) {
      List<ClosestPassage> closest =
          new SemanticQuery(questions.get(i).vector(), 1).search(searcher);
      if (closest.isEmpty()) {
        return Optional.empty();
      }
      cosines[i] = closest.getFirst().cosine();
    }
    Arrays.sort(cosines);
    int middle = cosines.length / 2;
    return Optional.of((cosines[middle - 1] + cosines[middle]) / 2); // their number is even
  }

  static List<String> questions() throws IOException {
    try (InputStream file = ForeignQuestions.class.getResourceAsStream(FILE)) {
      if (file == null) {
        throw new IOException(FILE + " is missing from the jar of Semblance; build it again");
      }
      return new String(file.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
  }
}
