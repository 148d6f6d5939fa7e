package io.github.semblance.bert.checkpoint;

/**
 * A model as {@link ModelStore#open} finds it: either weights for our own encoder or a module that
 * somebody compiled for DJL.
 *
 * <p>Immutable and safe for use by many threads.
 */
public sealed interface BertModel permits Checkpoint, TorchScriptModel {

  /** What the user calls the model. */
  String name();

  /** Content of a Hugging Face {@code tokenizer.json}. */
  String tokenizerJson();

  /** What the model's card says and its weights do not. */
  Checkpoint.Facts facts();

  /**
   * Lower-case hexadecimal SHA-256 over weights, tokenizer and the facts that change a vector; the
   * name and the cosine floor are not part of it.
   *
   * @see Fingerprint#extend
   */
  String fingerprint();
}
