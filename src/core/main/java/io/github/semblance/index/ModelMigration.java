package io.github.semblance.index;

import io.github.semblance.analysis.AnalyzerIdentity;
import io.github.semblance.analysis.NamedAnalyzer;
import io.github.semblance.embed.EmbeddingModel;
import io.github.semblance.embed.TextEmbedder;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.IndexWriterConfig.OpenMode;
import org.apache.lucene.index.NoMergePolicy;
import org.apache.lucene.index.SegmentInfos;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.store.FilterDirectory;
import org.apache.lucene.util.IOUtils;
import org.jspecify.annotations.Nullable;

/**
 * Changes the model of an index that is in use: vectors of the new model are computed while the old
 * one answers, then one commit switches. For one thread; readers and one writer of the index go on
 * meanwhile, in this process or in others.
 *
 * <pre>{@code
 * try (ModelMigration migration = ModelMigration.open(folder, newEmbedder)) {
 *   migration.fill(); // takes long; the index is searched and written to as ever
 *   // whoever writes to the index closes its writer
 *   migration.finish(); // embeds what was written since, and switches
 * }
 * }</pre>
 *
 * <p>{@link #fill} writes an index of its own, in a folder inside that of the index, and touches
 * nothing else. Its documents are made again from what the index holds of them. {@link #finish}
 * takes the index's write lock, follows up what has changed, and replaces all segments in one
 * commit. A reader opened before goes on with the old model, its manifest and its scores; one
 * opened after has the new one. The files of the old vectors go with that commit, or when the last
 * reader of them closes.
 *
 * <p>Either step may be interrupted at any moment and called again; at most the documents since its
 * last commit are embedded once more. To give a change up, delete that folder.
 *
 * <p>A {@link SourceDocument} loses nothing, an {@link EmbeddedDocument} gets vectors of its text.
 * The document of an application must be made of stored fields, as for an {@link
 * Adoption#fromStoredFields adoption}, or is given again, see {@link #setSource}. What was measured
 * of the index with the old model, its {@link Tuning}, is not taken over.
 */
public final class ModelMigration implements Closeable {
  private static final int COMMIT_EVERY = 1_000;

  /** How often filling follows up what was written meanwhile; the rest is left to finishing. */
  private static final int ROUNDS = 3;

  private final Directory index;
  private final Directory side;
  private final TextEmbedder embedder;
  private boolean truncate;
  private @Nullable Supplier<IndexWriterConfig> writerConfig;
  private Adoption.@Nullable DocumentSource source;
  private Adoption.Progress progress = (done, documents) -> {};
  private int commitEvery = COMMIT_EVERY;

  /**
   * Uses directories that close with this.
   *
   * @param side where the new index grows
   */
  ModelMigration(Directory index, Directory side, TextEmbedder embedder) {
    this.index = index;
    this.side = side;
    this.embedder = embedder;
  }

  /**
   * Prepares to change the model of an index. The embedder remains the caller's to close, after
   * this.
   *
   * @param embedder the new model
   * @throws IndexOpenException if there is no index of ours in the folder
   */
  public static ModelMigration open(Path folder, TextEmbedder embedder) throws IOException {
    IndexManifest unused = IndexManifest.read(folder); // or FSDirectory would make the folder
    Directory index = FSDirectory.open(folder);
    try {
      return new ModelMigration(
          index,
          WriterOpening.directory(sideOf(folder, embedder.model()), OpenMode.CREATE_OR_APPEND),
          embedder);
    } catch (IOException | RuntimeException e) {
      index.close();
      throw e;
    }
  }

  /** The folder in which the index of a model grows until it is switched to. */
  public static Path sideOf(Path folder, EmbeddingModel model) {
    String fingerprint = model.fingerprint();
    return folder.resolve(
        "migration-" + fingerprint.substring(0, Math.min(12, fingerprint.length())));
  }

  /** Who hears how far it is, on the thread that fills. */
  public ModelMigration setProgress(Adoption.Progress value) {
    progress = value;
    return this;
  }

  /**
   * Who gives the documents of an application again, where they are not made of stored fields. One
   * that the source does not know any more ends the change: delete it from the index.
   */
  public ModelMigration setSource(Adoption.DocumentSource value) {
    source = value;
    return this;
  }

  /** As {@link SemanticIndexWriterConfig#setTruncate}, for the new vectors. */
  public ModelMigration setTruncate(boolean value) {
    truncate = value;
    return this;
  }

  /**
   * What the new index is written with; asked for a new one for each writer. By default an analyzer
   * as the manifest names it and Lucene's default codec with the manifest's quantization. An
   * application with an analyzer, codec or similarity of its own gives its own configuration.
   */
  public ModelMigration setWriterConfig(Supplier<IndexWriterConfig> value) {
    writerConfig = value;
    return this;
  }

  /** As {@link Adoption#committingEvery}. */
  public ModelMigration setCommitEvery(int documents) {
    if (documents < 1) {
      throw new IllegalArgumentException(
          "documents between two commits must be at least 1, got: " + documents);
    }
    commitEvery = documents;
    return this;
  }

  /**
   * Makes every document again and embeds none: finds out whether the model of this index can be
   * changed.
   *
   * @return how many documents there are
   * @throws IllegalArgumentException if one would be lost, saying which, why and what to do
   */
  public long check() throws IOException {
    try (DirectoryReader reader = IndexIntegrity.open(index)) {
      return check(reader);
    }
  }

  private long check(DirectoryReader reader) throws IOException {
    IndexManifest manifest = IndexManifest.read(reader);
    MigratedDocuments documents = documents(reader, manifest, writerConfig(manifest).getAnalyzer());
    documents.requireBlocks();
    documents.forEach(document -> {});
    return documents.count();
  }

  /**
   * Embeds what the new index lacks of the latest commit, and takes from it what is not there any
   * more. Takes no lock of the index.
   *
   * @throws IllegalArgumentException as {@link #check} does, before anything is embedded; or if a
   *     document cannot be embedded or indexed
   * @throws IndexOpenException if the index cannot be read, or another change to this model runs
   */
  public MigrationSummary fill() throws IOException {
    long embedded = 0;
    for (int round = 1; ; round++) {
      try (DirectoryReader reader = IndexIntegrity.open(index)) {
        if (isSwitched(IndexManifest.read(reader))) {
          return switched(reader, embedded);
        }
        if (!DirectoryReader.indexExists(side)) {
          long unused = check(reader);
        }
        IndexStatistics done = follow(reader);
        embedded += done.embedded();
        if (round == ROUNDS || reader.isCurrent()) {
          return new MigrationSummary(done.documents(), done.passages(), embedded, false);
        }
      }
    }
  }

  /**
   * Fills what is missing, and switches. Readers opened from then on have the new model; writers
   * must be opened with it.
   *
   * @throws IndexOpenException if a writer holds the index; what was filled stays, and the change
   *     can be finished later
   */
  public MigrationSummary finish() throws IOException {
    MigrationSummary filled = fill();
    if (filled.switched()) {
      return filled;
    }
    IndexWriterConfig config =
        new IndexWriterConfig()
            .setOpenMode(OpenMode.CREATE)
            .setMergePolicy(NoMergePolicy.INSTANCE)
            .setCommitOnClose(false);
    WriterOpening.keepLayout(side, config);
    try (IndexWriter writer = WriterOpening.writer(index, config)) {
      // From here on nobody else writes: what is read is what is replaced.
      try (DirectoryReader reader = IndexIntegrity.open(index)) {
        IndexStatistics last = follow(reader);
        writer.addIndexes(kept(side));
        writer.setLiveCommitData(commitData(reader).entrySet());
        writer.commit();
        removeSide();
        return new MigrationSummary(
            last.documents(), last.passages(), filled.embedded() + last.embedded(), true);
      }
    }
  }

  /** Brings the new index to the state of a commit of the old one. */
  private IndexStatistics follow(DirectoryReader reader) throws IOException {
    IndexManifest manifest = IndexManifest.read(reader);
    IndexWriterConfig config = writerConfig(manifest);
    Quantization quantization = manifest.quantization();
    SemanticIndexWriterConfig settings =
        new SemanticIndexWriterConfig()
            .setQuantization(quantization == null ? Quantization.NONE : quantization)
            .setFields(manifest.fields())
            .setTruncate(truncate);
    IndexWriter writer =
        WriterOpening.writer(kept(side), config.setOpenMode(OpenMode.CREATE_OR_APPEND));
    SemanticIndexWriter semantic;
    try {
      if (manifest.analyzer().startsWith(AnalyzerIdentity.PREFIX)) {
        manifest.requireAnalyzer(IndexManifest.analyzerOf(writer, manifest.fields()), index);
      }
      semantic = new SemanticIndexWriter(writer, embedder, manifest.analyzer(), settings, true);
    } catch (IOException | RuntimeException e) {
      writer.rollback();
      throw e;
    }
    try (semantic) {
      MigratedDocuments documents = documents(reader, manifest, config.getAnalyzer());
      documents.requireBlocks();
      long count = documents.count();
      int[] taken = {0};
      documents.forEach(
          document -> {
            semantic.update(document);
            if (++taken[0] % commitEvery == 0) {
              semantic.commit();
            }
            progress.done(semantic.statistics().documents(), count);
          });
      long unused = semantic.deleteMissing();
      semantic.commit();
      progress.done(count, count);
      return semantic.statistics();
    }
  }

  private MigratedDocuments documents(
      DirectoryReader reader, IndexManifest manifest, Analyzer analyzer) {
    return new MigratedDocuments(reader, manifest, analyzer, source);
  }

  private IndexWriterConfig writerConfig(IndexManifest manifest) throws IOException {
    if (writerConfig != null) {
      return writerConfig.get();
    }
    NamedAnalyzer analyzer =
        NamedAnalyzer.find(manifest.analyzer())
            .orElseThrow(
                () ->
                    new IndexOpenException(
                        "the index was written with an application's own analyzer ("
                            + manifest.analyzer()
                            + "); change its model in the application, with"
                            + " ModelMigration.setWriterConfig"));
    Quantization quantization = manifest.quantization();
    IndexWriterConfig config =
        new SemanticIndexWriterConfig()
            .setAnalyzer(analyzer)
            .setQuantization(quantization == null ? Quantization.NONE : quantization)
            .indexWriterConfig(embedder);
    WriterOpening.keepLayout(index, config);
    return config;
  }

  /** What the commit that switches carries: the new manifest, and what an application keeps. */
  private Map<String, String> commitData(DirectoryReader old) throws IOException {
    Map<String, String> data = new TreeMap<>(old.getIndexCommit().getUserData());
    data.keySet().removeIf(ManifestData::isOurs);
    SegmentInfos.readLatestCommit(side)
        .getUserData()
        .forEach(
            (key, value) -> {
              if (ManifestData.isOurs(key)) {
                data.put(key, value);
              }
            });
    return data;
  }

  private boolean isSwitched(IndexManifest manifest) {
    return manifest.model().fingerprint().equals(embedder.model().fingerprint());
  }

  /** Says what an index has that needs nothing done, and clears away what it was made from. */
  private MigrationSummary switched(DirectoryReader reader, long embedded) throws IOException {
    removeSide();
    IndexSearcher searcher = new IndexSearcher(reader);
    return new MigrationSummary(
        searcher.count(IndexSchema.parents().getQuery()),
        searcher.count(SegmentBlocks.passages()),
        embedded,
        true);
  }

  private void removeSide() throws IOException {
    Path folder = side instanceof FSDirectory files ? files.getDirectory() : null;
    if (folder != null && !Files.exists(folder)) {
      return; // removed before
    }
    boolean empty = true;
    for (String file : side.listAll()) {
      if (IndexFolder.isOfLucene(side, file)) {
        side.deleteFile(file);
      } else {
        empty = false;
      }
    }
    if (folder != null && empty) {
      Files.deleteIfExists(folder);
    }
  }

  /** A directory that does not close with its writer. */
  private static Directory kept(Directory directory) {
    return new FilterDirectory(directory) {
      @Override
      public void close() {}
    };
  }

  @Override
  public void close() throws IOException {
    IOUtils.close(side, index);
  }
}
