package io.github.semblance.analysis;

import io.github.semblance.embed.TextEmbedder;
import org.apache.lucene.analysis.Analyzer;

/** {@link WordPieceTokenizer} and nothing after it. Closing it does not close the embedder. */
final class WordPieceAnalyzer extends Analyzer {
  private final TextEmbedder embedder;

  WordPieceAnalyzer(TextEmbedder embedder) {
    this.embedder = embedder;
  }

  @Override
  protected TokenStreamComponents createComponents(String fieldName) {
    return new TokenStreamComponents(new WordPieceTokenizer(embedder));
  }
}
