package io.github.semblance.bert.checkpoint;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a user may call a model, see {@link ModelStore}. */
sealed interface ModelReference {

  /** A model of the catalogue that comes in a jar. */
  record Catalogued(CatalogueEntry entry) implements ModelReference {}

  /** A folder that exists. */
  record Folder(Path path) implements ModelReference {}

  /**
   * A repository of the Hugging Face hub.
   *
   * @param name {@code ORG/NAME}, or {@code NAME} for the oldest models
   * @param revision branch, tag or commit
   */
  record HubRepository(String name, String revision) implements ModelReference {
    private static final String WORD = "[A-Za-z0-9](?:[A-Za-z0-9_-]|\\.(?!\\.))*";
    private static final Pattern SYNTAX =
        Pattern.compile(
            "hf:((?:" + WORD + "/)?" + WORD + ")(?:@(" + WORD + "(?:/" + WORD + ")*))?");
  }

  /** A jar in a Maven repository. */
  record MavenJar(String group, String artifact, String version) implements ModelReference {
    private static final String WORD = "[A-Za-z0-9_](?:[A-Za-z0-9_-]|\\.(?!\\.))*";
    private static final Pattern SYNTAX =
        Pattern.compile("mvn:(" + WORD + "):(" + WORD + "):(" + WORD + ")");

    /** Splits {@code GROUP:ARTIFACT:VERSION}. */
    static Optional<MavenJar> of(String coordinates) {
      Matcher matcher = SYNTAX.matcher("mvn:" + coordinates);
      return matcher.matches()
          ? Optional.of(new MavenJar(matcher.group(1), matcher.group(2), matcher.group(3)))
          : Optional.empty();
    }

    @Override
    public String toString() {
      return group + ":" + artifact + ":" + version;
    }
  }

  /**
   * Tells the kinds apart. A name of the catalogue wins over a folder of that name, which {@code
   * ./NAME} reaches.
   *
   * @throws CheckpointException if it is none of them
   */
  static ModelReference parse(String model) throws CheckpointException {
    Optional<ModelReference> installed = installed(model);
    if (installed.isPresent()) {
      return installed.get();
    }
    try {
      Path folder = Path.of(model);
      if (Files.isDirectory(folder)) {
        return new Folder(folder.toAbsolutePath().normalize());
      }
    } catch (InvalidPathException e) {
      throw unknown(model, e);
    }
    throw unknown(model, null);
  }

  /**
   * Tells the kinds apart but for folders, of which none is looked for: on some systems the look
   * alone reaches out to another machine.
   *
   * @throws CheckpointException if it is none of them
   */
  static ModelReference parseInstalled(String model) throws CheckpointException {
    return installed(model)
        .orElseThrow(
            () ->
                new CheckpointException(
                    "\""
                        + model
                        + "\" is neither in the catalogue nor hf:ORG/NAME nor"
                        + " mvn:GROUP:ARTIFACT:VERSION, and a folder is opened only if you name it"
                        + " yourself: else whoever wrote the name would choose which files of this"
                        + " machine are read"));
  }

  private static Optional<ModelReference> installed(String model) throws CheckpointException {
    Optional<CatalogueEntry> entry = ModelCatalogue.byName(model);
    if (entry.isPresent()) {
      return Optional.of(
          entry.get().maven().isEmpty()
              ? new HubRepository(entry.get().hub(), "main")
              : new Catalogued(entry.get()));
    }
    if (model.startsWith("hf:")) {
      Matcher hub = HubRepository.SYNTAX.matcher(model);
      if (!hub.matches()) {
        throw new UnknownModelException(
            "a model of the Hugging Face hub must be hf:ORG/NAME or hf:ORG/NAME@REVISION, got: "
                + model,
            null);
      }
      return Optional.of(
          new HubRepository(hub.group(1), hub.group(2) == null ? "main" : hub.group(2)));
    }
    if (model.startsWith("mvn:")) {
      Optional<MavenJar> jar = MavenJar.of(model.substring("mvn:".length()));
      if (jar.isEmpty()) {
        throw new UnknownModelException(
            "a model in a Maven repository must be mvn:GROUP:ARTIFACT:VERSION, got: " + model,
            null);
      }
      return Optional.of(jar.get());
    }
    return Optional.empty();
  }

  private static UnknownModelException unknown(String model, @Nullable Throwable cause) {
    return new UnknownModelException(
        "a model must be one of "
            + ModelCatalogue.entries().stream()
                .map(CatalogueEntry::name)
                .collect(Collectors.joining(", "))
            + ", an existing folder, hf:ORG/NAME[@REVISION] or mvn:GROUP:ARTIFACT:VERSION, got: "
            + model,
        cause);
  }
}
