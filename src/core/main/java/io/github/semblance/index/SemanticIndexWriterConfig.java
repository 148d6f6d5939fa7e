package io.github.semblance.index;

import io.github.semblance.analysis.AnalyzerIdentity;
import io.github.semblance.analysis.NamedAnalyzer;
import io.github.semblance.embed.TextEmbedder;
import org.apache.lucene.codecs.lucene99.Lucene99HnswVectorsFormat;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.IndexWriterConfig.OpenMode;
import org.jspecify.annotations.Nullable;

/**
 * How a {@link SemanticIndexWriter} writes. Not safe for use by many threads; a writer reads it
 * once, when it is made.
 *
 * <pre>{@code
 * SemanticIndexWriterConfig config =
 *     new SemanticIndexWriterConfig()
 *         .setAnalyzer(NamedAnalyzer.GERMAN)
 *         .setOpenMode(OpenMode.CREATE);
 * }</pre>
 */
public final class SemanticIndexWriterConfig {
  /** Enough for embedders that compute one batch on one core, and no more batches in memory. */
  private static final int DEFAULT_EMBEDDING_THREADS = 4;

  private @Nullable NamedAnalyzer analyzer;
  private @Nullable String analyzerName;
  private Quantization quantization = Quantization.NONE;
  private int maxConnections = Lucene99HnswVectorsFormat.DEFAULT_MAX_CONN;
  private int beamWidth = Lucene99HnswVectorsFormat.DEFAULT_BEAM_WIDTH;
  private boolean truncate;
  private DocumentFields fields = IndexSchema.FIELDS;
  private OpenMode openMode = OpenMode.CREATE_OR_APPEND;
  private int embeddingThreads = DEFAULT_EMBEDDING_THREADS;
  private FailureHandler failureHandler = FailureHandler.THROW;

  /**
   * What turns titles, texts and, later, queries into terms. By default English where the writer
   * makes the index, and over an application's own {@code IndexWriter} that writer's analyzer.
   */
  public SemanticIndexWriterConfig setAnalyzer(NamedAnalyzer value) {
    analyzer = value;
    analyzerName = null;
    return this;
  }

  /**
   * Vouches for an application's own analyzer by a name: two of one name are taken for alike
   * whatever they do. By default an analyzer is known by what it does, as {@link AnalyzerIdentity}
   * tells.
   *
   * @param value not the name of a {@link NamedAnalyzer}
   */
  public SemanticIndexWriterConfig setAnalyzerName(String value) {
    analyzerName = IndexManifest.ownName(value);
    analyzer = null;
    return this;
  }

  /**
   * How vectors are kept for the search; unquantized by default. Over an application's own {@code
   * IndexWriter} that writer's codec decides.
   */
  public SemanticIndexWriterConfig setQuantization(Quantization value) {
    quantization = value;
    return this;
  }

  /**
   * The HNSW graph; Lucene's own numbers by default. Over an application's own {@code IndexWriter}
   * that writer's codec decides.
   *
   * @param connections neighbours of a node, at least 2, at most 512
   * @param beam candidates looked at to find them, at least 1, at most 3200
   */
  public SemanticIndexWriterConfig setGraph(int connections, int beam) {
    if (connections < 2 || connections > 512) {
      throw new IllegalArgumentException("connections must be from 2 to 512, got: " + connections);
    }
    if (beam < 1 || beam > 3200) {
      throw new IllegalArgumentException("beam must be from 1 to 3200, got: " + beam);
    }
    maxConnections = connections;
    beamWidth = beam;
    return this;
  }

  /**
   * Whether only the beginning of a text that is longer than the model's window is embedded: each
   * document then costs one passage, and meaning beyond is not found. Not by default.
   */
  public SemanticIndexWriterConfig setTruncate(boolean value) {
    truncate = value;
    return this;
  }

  /** What an application's own documents call their fields; by default {@link IndexSchema}'s. */
  public SemanticIndexWriterConfig setFields(DocumentFields value) {
    fields = value;
    return this;
  }

  /**
   * Whether to replace, extend or require an index that is there; by default it is extended. Over
   * an application's own {@code IndexWriter} that writer decides.
   */
  public SemanticIndexWriterConfig setOpenMode(OpenMode value) {
    openMode = value;
    return this;
  }

  /**
   * How many batches of documents are tokenised and embedded at once; {@value
   * #DEFAULT_EMBEDDING_THREADS} by default. Twice as many wait in memory.
   *
   * @param value from 1 to 64
   */
  public SemanticIndexWriterConfig setEmbeddingThreads(int value) {
    if (value < 1 || value > 64) {
      throw new IllegalArgumentException("embeddingThreads must be from 1 to 64, got: " + value);
    }
    embeddingThreads = value;
    return this;
  }

  /** Who hears of documents that could not be indexed; by default the first one is thrown. */
  public SemanticIndexWriterConfig setFailureHandler(FailureHandler value) {
    failureHandler = value;
    return this;
  }

  /**
   * A configuration for an {@link IndexWriter} of the application's own: this analyzer, this open
   * mode, vectors kept this way, and merges that drop passages without a document.
   *
   * @param embedder whose word pieces the analyzer {@code wordpiece} emits
   */
  public IndexWriterConfig indexWriterConfig(TextEmbedder embedder) {
    IndexWriterConfig config =
        new IndexWriterConfig(analyzerOrEnglish().create(embedder))
            .setCodec(VectorCodec.of(this))
            .setOpenMode(openMode);
    return config.setMergePolicy(DropOrphansMergePolicy.around(config.getMergePolicy()));
  }

  /** The analyzer of an index that the writer makes. */
  NamedAnalyzer analyzerOrEnglish() {
    return analyzer == null ? NamedAnalyzer.ENGLISH : analyzer;
  }

  /** What the manifest calls the analyzer of an application's own writer. */
  String analyzerId(IndexWriter writer) throws IndexOpenException {
    if (analyzer != null) {
      return analyzer.id();
    }
    if (analyzerName != null) {
      return analyzerName;
    }
    var named = NamedAnalyzer.madeBy(writer.getConfig().getAnalyzer());
    return named.isPresent() ? named.get().id() : IndexManifest.analyzerOf(writer, fields);
  }

  Quantization quantization() {
    return quantization;
  }

  int maxConnections() {
    return maxConnections;
  }

  int beamWidth() {
    return beamWidth;
  }

  boolean truncate() {
    return truncate;
  }

  DocumentFields fields() {
    return fields;
  }

  OpenMode openMode() {
    return openMode;
  }

  int embeddingThreads() {
    return embeddingThreads;
  }

  FailureHandler failureHandler() {
    return failureHandler;
  }
}
