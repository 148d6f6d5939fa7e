package io.github.semblance.bert.checkpoint;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/**
 * The cache that all clients of the Hugging Face hub on a machine share, in their layout.
 *
 * <pre>
 * models--ORG--NAME/refs/REVISION             the commit that a branch or tag was last seen at
 * models--ORG--NAME/snapshots/COMMIT/FILE     a link to a blob
 * models--ORG--NAME/blobs/HASH                a complete, verified file
 * models--ORG--NAME/blobs/HASH.incomplete     the part of it that has been fetched
 * </pre>
 *
 * @param root {@code HF_HUB_CACHE}, or {@code hub} in {@code HF_HOME}
 */
record HubCache(Path root) {

  static HubCache of(ModelEnvironment environment) {
    return new HubCache(
        environment
            .variable("HF_HUB_CACHE")
            .map(Path::of)
            .orElseGet(() -> home(environment).resolve("hub")));
  }

  /** {@code HF_HOME}. */
  static Path home(ModelEnvironment environment) {
    return environment
        .variable("HF_HOME")
        .map(Path::of)
        .orElseGet(() -> environment.cache().resolve("huggingface"));
  }

  /** The folder of a model that has been fetched, by whatever client. */
  Optional<Path> find(ModelReference.HubRepository model) throws CheckpointException {
    Path snapshot = snapshot(model, model.revision());
    if (!Files.isDirectory(snapshot)) {
      Path reference = reference(model);
      if (!Files.isRegularFile(reference)) {
        return Optional.empty();
      }
      String commit = JsonFile.text(reference).strip();
      if (!commit.matches("[0-9a-f]{40}")) {
        throw new CheckpointException(reference + " must hold a commit, got: " + commit);
      }
      snapshot = snapshot(model, commit);
    }
    // Written last: a snapshot without it is unfinished.
    return Files.exists(snapshot.resolve("config.json")) ? Optional.of(snapshot) : Optional.empty();
  }

  Path blob(ModelReference.HubRepository model, String hash) {
    return folder(model).resolve("blobs").resolve(hash);
  }

  /** Makes a complete blob visible as a file of a snapshot. */
  void link(ModelReference.HubRepository model, String commit, String path, String hash)
      throws IOException {
    Path file = snapshot(model, commit).resolve(path).toAbsolutePath();
    Path blob = blob(model, hash).toAbsolutePath();
    Path parent = Files.createDirectories(file.resolveSibling(""));
    if (Files.exists(file) && Files.isSameFile(file, blob)) {
      return;
    }
    Files.deleteIfExists(file);
    try {
      Files.createSymbolicLink(file, parent.relativize(blob));
    } catch (FileSystemException | UnsupportedOperationException e) {
      Files.createLink(file, blob); // Windows lets few users make symbolic links
    }
  }

  /** Remembers which commit a branch or tag is at. */
  void refer(ModelReference.HubRepository model, String commit) throws IOException {
    Path reference = reference(model);
    Path parent = Files.createDirectories(reference.resolveSibling(""));
    Path unfinished = Files.createTempFile(parent, "new", null);
    Files.writeString(unfinished, commit, StandardCharsets.US_ASCII);
    Files.move(unfinished, reference, StandardCopyOption.ATOMIC_MOVE);
  }

  private Path reference(ModelReference.HubRepository model) {
    return folder(model).resolve("refs").resolve(model.revision());
  }

  private Path snapshot(ModelReference.HubRepository model, String commit) {
    return folder(model).resolve("snapshots").resolve(commit);
  }

  private Path folder(ModelReference.HubRepository model) {
    return root.resolve("models--" + model.name().replace("/", "--"));
  }
}
