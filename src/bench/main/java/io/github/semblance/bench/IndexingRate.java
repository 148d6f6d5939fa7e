package io.github.semblance.bench;

import io.github.semblance.embed.Embedding;
import io.github.semblance.embed.EmbeddingModel;
import io.github.semblance.embed.TextEmbedder;
import io.github.semblance.embed.WordPiece;
import io.github.semblance.index.SemanticIndexWriter;
import io.github.semblance.index.SemanticIndexWriterConfig;
import io.github.semblance.index.SourceDocument;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.lucene.index.IndexWriterConfig.OpenMode;
import org.apache.lucene.util.IOUtils;

/** Does indexing keep up with embedding? */
final class IndexingRate {
  private IndexingRate() {}

  /** The time it takes to embed all passages in one call, over that to index their documents. */
  static Samples overEmbedding(TextEmbedder embedder, List<SourceDocument> documents, int rounds)
      throws IOException {
    Recorder recorder = new Recorder(embedder, new ArrayList<>());
    double unusedSeconds = index(recorder, documents);
    Samples ratios = new Samples();
    for (int round = 0; round < rounds; round++) {
      double indexing = index(embedder, documents);
      long start = System.nanoTime();
      List<Embedding> unusedVectors = embedder.embedPassages(recorder.passages);
      ratios.add((System.nanoTime() - start) / 1e9 / indexing);
    }
    return ratios;
  }

  private static double index(TextEmbedder embedder, List<SourceDocument> documents)
      throws IOException {
    Path folder = Files.createTempDirectory("semblance-bench");
    long start = System.nanoTime();
    try (SemanticIndexWriter writer =
        SemanticIndexWriter.open(
            folder, embedder, new SemanticIndexWriterConfig().setOpenMode(OpenMode.CREATE))) {
      for (SourceDocument document : documents) {
        writer.updateDocument(document);
      }
      writer.commit();
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    IOUtils.rm(folder);
    return seconds;
  }

  /** Remembers what was embedded. */
  private record Recorder(TextEmbedder embedder, List<String> passages) implements TextEmbedder {
    @Override
    public EmbeddingModel model() {
      return embedder.model();
    }

    @Override
    public Embedding embedQuery(String query) {
      return embedder.embedQuery(query);
    }

    @Override
    public synchronized List<Embedding> embedPassages(List<String> texts) {
      passages.addAll(texts);
      return embedder.embedPassages(texts);
    }

    @Override
    public List<WordPiece> wordPieces(String text) {
      return embedder.wordPieces(text);
    }

    @Override
    public void close() {}
  }
}
