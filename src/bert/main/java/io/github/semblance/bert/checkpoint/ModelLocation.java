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

  /** Reads it as a cross-encoder: its layers after pooling give one number. No program is one. */
  default Checkpoint openScorer(String name) throws CheckpointException {
    throw new CheckpointException(
        where() + " must be a folder of the Hugging Face layout to be a cross-encoder");
  }
}
