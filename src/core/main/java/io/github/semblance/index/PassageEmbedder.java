package io.github.semblance.index;

import io.github.semblance.embed.Embedding;
import io.github.semblance.embed.TextEmbedder;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * Cuts documents to passages and embeds them, for hosts that write the index themselves. Safe for
 * use by many threads; closing the embedder is the caller's business.
 */
public final class PassageEmbedder {
  private final TextEmbedder embedder;

  /** Uses an embedder's model and word pieces. */
  public PassageEmbedder(TextEmbedder embedder) {
    this.embedder = embedder;
  }

  /**
   * A document as it is embedded.
   *
   * @param title stands before each passage; may be empty
   * @param text is cut to passages, so that none of it is truncated
   */
  public record TitledText(String title, String text) {}

  /**
   * Embeds several documents together.
   *
   * @return the passages of each document, in the order given; none of one that is blank
   * @throws io.github.semblance.embed.EmbeddingException if the model fails or is closed
   */
  public List<List<PassageVector>> embed(List<TitledText> documents) {
    List<Passages> cut = new ArrayList<>(documents.size());
    List<String> inputs = new ArrayList<>();
    for (TitledText document : documents) {
      Passages passages = Passages.of(embedder, document.title(), document.text(), false);
      passages.list().forEach(passage -> inputs.add(passage.input()));
      cut.add(passages);
    }
    if (inputs.isEmpty()) {
      return cut.stream().map(none -> List.<PassageVector>of()).toList();
    }
    Iterator<Embedding> embeddings = embedder.embedPassages(inputs).iterator();
    List<List<PassageVector>> embedded = new ArrayList<>(cut.size());
    for (Passages passages : cut) {
      List<PassageVector> vectors = new ArrayList<>(passages.list().size());
      for (Passages.Passage passage : passages.list()) {
        vectors.add(new PassageVector(passage.start(), passage.end(), embeddings.next().vector()));
      }
      embedded.add(vectors);
    }
    return embedded;
  }
}
