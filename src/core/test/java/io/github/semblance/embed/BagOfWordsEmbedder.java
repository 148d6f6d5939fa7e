package io.github.semblance.embed;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A deterministic stand-in for a model: each word has a fixed pseudo-random direction, a text's
 * vector is their normalised sum. Texts that share words are close; no native code is involved.
 */
public final class BagOfWordsEmbedder implements TextEmbedder {
  private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}]+|[^\\s\\p{L}\\p{N}]");

  private final EmbeddingModel model;
  private volatile boolean closed;

  public BagOfWordsEmbedder() {
    this(32, 64);
  }

  /** A fake whose fingerprint depends on both arguments. */
  public BagOfWordsEmbedder(int dimension, int maxTokens) {
    this.model =
        new EmbeddingModel(
            "bag-of-words",
            dimension,
            maxTokens,
            2,
            0,
            "fake-" + dimension + "-" + maxTokens,
            Map.of());
  }

  @Override
  public boolean embedsQueriesLikePassages() {
    return true;
  }

  @Override
  public EmbeddingModel model() {
    return model;
  }

  @Override
  public Embedding embedQuery(String query) {
    return embed(query);
  }

  @Override
  public List<Embedding> embedPassages(List<String> passages) {
    return passages.stream().map(this::embed).toList();
  }

  @Override
  public List<WordPiece> wordPieces(String text) {
    List<WordPiece> pieces = new ArrayList<>();
    Matcher words = WORD.matcher(text);
    while (words.find()) {
      pieces.add(new WordPiece(words.group().toLowerCase(Locale.ROOT), words.start(), words.end()));
    }
    return pieces;
  }

  @Override
  public void close() {
    closed = true;
  }

  private Embedding embed(String text) {
    if (closed) {
      throw new EmbeddingException("the embedder is closed");
    }
    List<WordPiece> pieces = wordPieces(text);
    int kept = Math.min(pieces.size(), model.maxTokens() - 2);
    double[] sum = new double[model.dimension()];
    add(sum, "[CLS]", 0.1); // keeps the vector of an empty text away from zero
    for (WordPiece piece : pieces.subList(0, kept)) {
      add(sum, piece.text(), 1);
    }
    double length = 0;
    for (double x : sum) {
      length += x * x;
    }
    float[] vector = new float[sum.length];
    for (int i = 0; i < vector.length; i++) {
      vector[i] = (float) (sum[i] / Math.sqrt(length));
    }
    return new Embedding(vector, kept + 2, pieces.size() - kept);
  }

  private static void add(double[] sum, String word, double weight) {
    Random direction = new Random(word.hashCode());
    for (int i = 0; i < sum.length; i++) {
      sum[i] += weight * direction.nextGaussian();
    }
  }
}
