package io.github.semblance.embed;

import java.util.List;

/**
 * Embeds queries with one model for an index whose passages another has embedded: of two models
 * that were trained into one space, the small one answers while the large one, which did the
 * indexing, need not be here.
 *
 * <p>Whether two models share a space is not written in either of them: who makes this embedder
 * says so. With models that do not, every answer is noise.
 *
 * <p>As safe for use by many threads as the embedder of queries, which it closes.
 */
public final class AsymmetricEmbedder implements TextEmbedder {
  private final EmbeddingModel passages;
  private final TextEmbedder queries;

  /**
   * Pairs two models.
   *
   * @param passages the facts of the index's own model
   * @param queries the model that embeds queries, with its own prefix and window
   * @throws IllegalArgumentException if their vectors differ in length
   */
  public AsymmetricEmbedder(EmbeddingModel passages, TextEmbedder queries) {
    int dimension = queries.model().dimension();
    if (dimension != passages.dimension()) {
      throw new IllegalArgumentException(
          "the model of queries must make vectors as long as those of "
              + passages.name()
              + ", "
              + passages.dimension()
              + ", got: "
              + dimension
              + " of "
              + queries.model().name());
    }
    this.passages = passages;
    this.queries = queries;
  }

  /** The facts of the model of passages: those that an index must agree with. */
  @Override
  public EmbeddingModel model() {
    return passages;
  }

  @Override
  public Embedding embedQuery(String query) {
    return queries.embedQuery(query);
  }

  /**
   * Refuses: the model of passages is not here.
   *
   * @throws EmbeddingException always
   */
  @Override
  public List<Embedding> embedPassages(List<String> texts) {
    throw refused("embeds queries only; passages need " + passages.name());
  }

  /**
   * Refuses: the word pieces of passages are their own model's.
   *
   * @throws EmbeddingException always
   */
  @Override
  public List<WordPiece> wordPieces(String text) {
    throw refused("knows no word pieces of " + passages.name() + ", which analyses this index");
  }

  private EmbeddingException refused(String why) {
    return new EmbeddingException("the model of queries, " + queries.model().name() + ", " + why);
  }

  @Override
  public void close() {
    queries.close();
  }
}
