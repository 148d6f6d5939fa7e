package io.github.semblance.bert.checkpoint;

import java.util.Optional;

/** A model that is on this machine. */
sealed interface ModelLocation permits ModelFolder, ModelJar, PackedFolder {

  /** The folder or jar, for people to read. */
  String where();

  /** Identity of its files, or nothing where they lie in no ordinary file. */
  Optional<Stamp> stamp() throws CheckpointException;

  /**
   * Reads it.
   *
   * @throws CheckpointException if it is a program, and {@code trust} or where it came from rule
   *     that out
   */
  BertModel open(String name, FingerprintCache fingerprints, ModelTrust trust)
      throws CheckpointException;
}
