package io.github.semblance.index;

import io.github.semblance.analysis.NamedAnalyzer;
import io.github.semblance.embed.TextEmbedder;
import org.apache.lucene.codecs.lucene99.Lucene99HnswVectorsFormat;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;

/**
 * What a new index is made with. Immutable.
 *
 * @param analyzer turns titles, texts and, later, queries into terms
 * @param quantization how vectors are kept for the search
 * @param maxConnections neighbours of a node in the HNSW graph, at least 2, at most 512
 * @param beamWidth candidates looked at to find them, at least 1, at most 3200
 * @param truncate whether only the beginning of a text that is longer than the model's window is
 *     embedded: each document then costs one passage, and meaning beyond is not found
 * @param fields what the fields are called; those of {@link IndexSchema} unless an application has
 *     documents of its own
 */
public record IndexSettings(
    NamedAnalyzer analyzer,
    Quantization quantization,
    int maxConnections,
    int beamWidth,
    boolean truncate,
    DocumentFields fields) {

  /** English analysis, unquantized vectors, Lucene's graph parameters, nothing truncated. */
  public static final IndexSettings DEFAULT =
      new IndexSettings(
          NamedAnalyzer.ENGLISH,
          Quantization.NONE,
          Lucene99HnswVectorsFormat.DEFAULT_MAX_CONN,
          Lucene99HnswVectorsFormat.DEFAULT_BEAM_WIDTH,
          false,
          IndexSchema.FIELDS);

  /** Checks the ranges stated above. */
  public IndexSettings {
    if (maxConnections < 2 || maxConnections > 512) {
      throw new IllegalArgumentException(
          "maxConnections must be from 2 to 512, got: " + maxConnections);
    }
    if (beamWidth < 1 || beamWidth > 3200) {
      throw new IllegalArgumentException("beamWidth must be from 1 to 3200, got: " + beamWidth);
    }
  }

  /** These settings with another analyzer. */
  public IndexSettings withAnalyzer(NamedAnalyzer other) {
    return new IndexSettings(other, quantization, maxConnections, beamWidth, truncate, fields);
  }

  /** These settings with another way of keeping vectors. */
  public IndexSettings withQuantization(Quantization other) {
    return new IndexSettings(analyzer, other, maxConnections, beamWidth, truncate, fields);
  }

  /** These settings with long texts truncated, or not. */
  public IndexSettings withTruncate(boolean value) {
    return new IndexSettings(analyzer, quantization, maxConnections, beamWidth, value, fields);
  }

  /** These settings for documents with other fields. */
  public IndexSettings withFields(DocumentFields other) {
    return new IndexSettings(analyzer, quantization, maxConnections, beamWidth, truncate, other);
  }

  /**
   * A configuration for an {@link IndexWriter}: this analyzer, vectors kept this way, and merges
   * that drop passages without a document.
   *
   * @param embedder whose word pieces the analyzer {@code wordpiece} emits
   */
  public IndexWriterConfig writerConfig(TextEmbedder embedder) {
    IndexWriterConfig config =
        new IndexWriterConfig(analyzer.create(embedder)).setCodec(VectorCodec.of(this));
    return config.setMergePolicy(DropOrphansMergePolicy.around(config.getMergePolicy()));
  }
}
