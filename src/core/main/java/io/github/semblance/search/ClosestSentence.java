package io.github.semblance.search;

import io.github.semblance.embed.TextEmbedder;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the sentence of a passage that is closest in meaning to a question, for who reads documents
 * elsewhere than in a {@link SemanticSearcher}. Keeps the vectors of sentences seen last, 16 MB at
 * most. Safe for use by many threads.
 */
public final class ClosestSentence {
  private final SentenceVectors vectors;

  /** Embeds with the model of the question; the embedder stays the caller's. */
  public ClosestSentence(TextEmbedder embedder) {
    this.vectors = new SentenceVectors(embedder);
  }

  /**
   * Finds it; takes a few milliseconds for what was not seen before.
   *
   * @param question its vector
   * @param passage of which the first 64 sentences are looked at
   * @return with offsets in the text that the passage is of; null if the passage has no words
   */
  public Hit.@Nullable PassageText in(float[] question, Hit.PassageText passage) {
    List<Hit.PassageText> sentences = SentenceHighlighter.sentences(passage);
    List<float[]> embedded = vectors.of(sentences.stream().map(Hit.PassageText::text).toList());
    Found closest = among(sentences, embedded.iterator(), question);
    return closest == null ? null : closest.sentence();
  }

  /** A sentence, and how close it is. */
  record Found(Hit.PassageText sentence, float cosine) {}

  /**
   * Finds it among sentences that are embedded.
   *
   * @param embedded the next of them are their vectors
   * @return null of none
   */
  static @Nullable Found among(
      List<Hit.PassageText> sentences, Iterator<float[]> embedded, float[] question) {
    Found closest = null;
    for (Hit.PassageText sentence : sentences) {
      float cosine = ClosestPassage.cosine(question, embedded.next());
      if (closest == null || cosine > closest.cosine()) {
        closest = new Found(sentence, cosine);
      }
    }
    return closest;
  }
}
