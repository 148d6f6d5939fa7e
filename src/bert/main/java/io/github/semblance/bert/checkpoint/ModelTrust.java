package io.github.semblance.bert.checkpoint;

/**
 * How far the name of a model is trusted, and what comes with the model: each value allows what the
 * one before it does, and more.
 *
 * <p>Weights, tokenizers and configurations are data, and are read as such whoever made them. A
 * TorchScript module is a program: libtorch runs it with all the rights of this process, from the
 * moment it is opened.
 */
public enum ModelTrust {
  /**
   * The name was written by somebody else, as that in an index is. Models of the catalogue, of the
   * hub's cache and of the local Maven repository are opened; a folder is not, because whoever
   * wrote the name would choose which files of this machine are read.
   */
  INSTALLED,

  /** The user chose the name. Folders are opened too, for their weights. */
  WEIGHTS,

  /**
   * The user chose the name and wants the program run: a folder may hold a TorchScript module in
   * place of weights. One that came from a Maven repository or the hub is refused all the same.
   */
  TORCHSCRIPT
}
