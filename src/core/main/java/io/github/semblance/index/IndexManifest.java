package io.github.semblance.index;

import io.github.semblance.analysis.AnalyzerIdentity;
import io.github.semblance.analysis.NamedAnalyzer;
import io.github.semblance.embed.EmbeddingModel;
import io.github.semblance.embed.TextEmbedder;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.index.CorruptIndexException;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexFormatTooNewException;
import org.apache.lucene.index.IndexFormatTooOldException;
import org.apache.lucene.index.IndexNotFoundException;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.SegmentInfos;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.store.FilterDirectory;
import org.jspecify.annotations.Nullable;

/**
 * What wrote an index: kept in the user data of each of its commits and checked whenever it is
 * opened, so that vectors of different models never meet. Immutable.
 *
 * @param schemaVersion version of the fields that {@link IndexSchema} names
 * @param model whose vectors the index holds
 * @param analyzer the id of a {@link NamedAnalyzer}, or of an application's own analyzer the name
 *     it was given or its {@link AnalyzerIdentity}
 * @param fields what the fields are called that documents were given to the index with
 * @param quantization how the latest writer keeps vectors for the search; null if its codec is one
 *     of an application's that quantizes them in a way of its own, or the index does not say
 * @param tuning how much meaning weighs in its answers; null if that was never measured
 * @param foreignCosine how close it comes to questions that it does not answer, from -1 to 1; null
 *     if that was never measured
 */
public record IndexManifest(
    int schemaVersion,
    EmbeddingModel model,
    String analyzer,
    DocumentFields fields,
    @Nullable Quantization quantization,
    @Nullable Tuning tuning,
    @Nullable Float foreignCosine) {
  /** Checks the range stated above. */
  public IndexManifest {
    if (foreignCosine != null && !(foreignCosine >= -1 && foreignCosine <= 1)) {
      throw new IllegalArgumentException(
          "foreignCosine must be from -1 to 1, got: " + foreignCosine);
    }
  }

  /**
   * Reads the manifest of the latest commit in a folder.
   *
   * @throws IndexOpenException if the folder is missing or holds no readable index of ours
   */
  public static IndexManifest read(Path folder) throws IOException {
    LuceneServices.require();
    if (!Files.isDirectory(folder)) {
      throw new IndexOpenException(
          Files.exists(folder)
              ? "no index at " + folder + ": it is not a folder"
              : "no index at " + folder + ": the folder does not exist; index documents first");
    }
    try (Directory directory = FSDirectory.open(folder)) {
      if (!DirectoryReader.indexExists(directory)) {
        throw IndexFolder.missing(folder);
      }
      return read(directory);
    }
  }

  /**
   * Reads the manifest of the latest commit.
   *
   * @throws IndexOpenException if there is no readable index of ours
   */
  public static IndexManifest read(Directory directory) throws IOException {
    LuceneServices.require();
    String place = place(directory);
    Map<String, String> userData;
    try {
      userData = SegmentInfos.readLatestCommit(directory).getUserData();
    } catch (IndexNotFoundException e) {
      throw new IndexOpenException("no index at " + place + "; index documents first", e);
    } catch (IndexFormatTooOldException | IndexFormatTooNewException e) {
      throw new IndexOpenException(
          "the index at "
              + place
              + " was written by a version of Lucene that this one does not read; "
              + IndexFolder.MAKE_ANEW,
          e);
    } catch (CorruptIndexException | FileNotFoundException | NoSuchFileException e) {
      throw new IndexOpenException(
          "the index at "
              + place
              + " is damaged ("
              + e.getMessage()
              + "); "
              + IndexFolder.MAKE_ANEW,
          e);
    }
    return of(userData, place).orElseThrow(() -> foreign(place));
  }

  private static IndexOpenException foreign(String place) {
    return new IndexOpenException(
        "the index at " + place + " was not written by Semblance; choose another");
  }

  /**
   * Reads the manifest of the commit that a reader sees, which need not be the latest.
   *
   * @throws IndexOpenException if Semblance did not write that commit
   */
  public static IndexManifest read(DirectoryReader reader) throws IOException {
    String place = place(reader.directory());
    return of(reader.getIndexCommit().getUserData(), place).orElseThrow(() -> foreign(place));
  }

  /**
   * Finds a manifest in a commit's user data.
   *
   * @return empty if Semblance has not written there
   */
  static Optional<IndexManifest> of(Map<String, String> userData, String place)
      throws IndexOpenException {
    if (!ManifestData.isIn(userData)) {
      return Optional.empty();
    }
    String version = ManifestData.version(userData);
    if (!version.equals(Integer.toString(IndexSchema.VERSION))) {
      throw new IndexOpenException(
          "the index at "
              + place
              + " has schema version "
              + version
              + " and this program writes and reads "
              + IndexSchema.VERSION
              + "; index again");
    }
    try {
      return Optional.of(ManifestData.read(userData));
    } catch (IllegalArgumentException e) {
      throw new IndexOpenException(
          "the manifest of the index at " + place + " is damaged: " + e.getMessage(), e);
    }
  }

  /**
   * Refuses any model but the one whose vectors the index holds.
   *
   * @throws IndexOpenException naming both models, if their fingerprints differ
   */
  public void requireModel(EmbeddingModel loaded, Directory directory) throws IndexOpenException {
    if (!model.fingerprint().equals(loaded.fingerprint())) {
      throw new IndexOpenException(
          "the index at "
              + place(directory)
              + " holds vectors of model "
              + describe(model)
              + " and the loaded model is "
              + describe(loaded)
              + "; load the index's model, or index again with this one");
    }
  }

  /**
   * Refuses any model but the one of the commit that a reader sees, if that says which it is.
   *
   * @throws IndexOpenException as {@link #requireModel(EmbeddingModel, Directory)} does
   */
  public static void requireModel(DirectoryReader reader, EmbeddingModel loaded)
      throws IOException {
    Optional<IndexManifest> manifest = find(reader);
    if (manifest.isPresent()) {
      manifest.get().requireModel(loaded, reader.directory());
    }
  }

  /**
   * The manifest of the commit that a reader sees.
   *
   * @return empty if Semblance did not write that commit
   */
  public static Optional<IndexManifest> find(DirectoryReader reader) throws IOException {
    return of(reader.getIndexCommit().getUserData(), place(reader.directory()));
  }

  /**
   * A new analyzer like the one that the index was written with.
   *
   * @param embedder the index's model, or null if it is not loaded
   * @throws IndexOpenException if that was an application's own, or needs the model
   */
  public Analyzer newAnalyzer(@Nullable TextEmbedder embedder) throws IndexOpenException {
    NamedAnalyzer named =
        NamedAnalyzer.find(analyzer)
            .orElseThrow(
                () ->
                    new IndexOpenException(
                        "the index was written with an application's own analyzer ("
                            + analyzer
                            + "); search it with queries of your own"));
    if (embedder != null) {
      return named.create(embedder);
    }
    if (named == NamedAnalyzer.WORDPIECE) {
      throw new IndexOpenException(
          "the index was written with analyzer " + analyzer + ": open it with its model");
    }
    return named.create();
  }

  /** What the manifest calls the analyzer of an application's own writer. */
  static String analyzerOf(IndexWriter writer, DocumentFields fields) throws IndexOpenException {
    Set<String> analyzed = new LinkedHashSet<>(fields.text());
    if (fields.title() != null) {
      analyzed.add(fields.title());
    }
    analyzed.add(IndexSchema.CATCH_ALL);
    try {
      return AnalyzerIdentity.of(writer.getConfig().getAnalyzer(), analyzed);
    } catch (IllegalArgumentException e) {
      throw new IndexOpenException(String.valueOf(e.getMessage()), e);
    }
  }

  /** Checks a name that an application gives its analyzer. */
  static String ownName(String name) {
    if (name.isBlank()
        || name.startsWith(AnalyzerIdentity.PREFIX)
        || NamedAnalyzer.find(name).isPresent()) {
      throw new IllegalArgumentException(
          "analyzerName must be a name of the application's own, got: \"" + name + "\"");
    }
    return name;
  }

  /** Refuses any analyzer but the one that the index was written with. */
  void requireAnalyzer(String wanted, Directory directory) throws IndexOpenException {
    if (analyzer.startsWith(AnalyzerIdentity.PREFIX)
        && wanted.startsWith(AnalyzerIdentity.PREFIX)
        && !analyzer.equals(wanted)) {
      throw new IndexOpenException(
          "the index at "
              + place(directory)
              + " was written with an analyzer that makes other tokens of the same text, or has"
              + " other stop words ("
              + analyzer
              + ", got: "
              + wanted
              + "); use the index's analyzer, or create the index anew");
    }
    if (!analyzer.equals(wanted)) {
      throw new IndexOpenException(
          "the index at "
              + place(directory)
              + " was written with analyzer "
              + analyzer
              + ", got: "
              + wanted
              + "; use the index's analyzer, or create the index anew");
    }
  }

  /** Refuses any fields but those that the index was written with. */
  void requireFields(DocumentFields wanted, Directory directory) throws IndexOpenException {
    if (!fields.equals(wanted)) {
      throw new IndexOpenException(
          "the index at "
              + place(directory)
              + " was written with fields "
              + fields
              + ", got: "
              + wanted
              + "; use the index's fields, or create the index anew");
    }
  }

  /** The form in which a commit carries this. */
  Map<String, String> toUserData() {
    return ManifestData.of(this);
  }

  /** What messages call a directory: its path where it has one. */
  static String place(Directory directory) {
    return FilterDirectory.unwrap(directory) instanceof FSDirectory folder
        ? folder.getDirectory().toString()
        : directory.toString();
  }

  private static String describe(EmbeddingModel model) {
    String fingerprint = model.fingerprint();
    return "\""
        + model.name()
        + "\" ("
        + model.dimension()
        + " dimensions, fingerprint "
        + fingerprint.substring(0, Math.min(12, fingerprint.length()))
        + ")";
  }
}
