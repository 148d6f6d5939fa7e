package io.github.semblance.bert.checkpoint;

import java.util.Optional;

/** A model that is on this machine. */
sealed interface ModelLocation permits ModelFolder, ModelJar, PackedFolder {

  /** The folder or jar, for people to read. */
  String where();

  /** Identity of its files, or nothing where they lie in no ordinary file. */
  Optional<Stamp> stamp() throws CheckpointException;

  /** Reads it. */
  BertModel open(String name, FingerprintCache fingerprints) throws CheckpointException;

  /** Reads it as a cross-encoder: its layers after pooling give one number. */
  default Checkpoint openScorer(String name) throws CheckpointException {
    throw new CheckpointException(
        where() + " must be a folder of the Hugging Face layout to be a cross-encoder");
  }
}
