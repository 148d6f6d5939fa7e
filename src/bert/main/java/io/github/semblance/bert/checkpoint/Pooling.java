package io.github.semblance.bert.checkpoint;

/** How one vector is made of the last hidden states of a text's word pieces. */
public enum Pooling {
  /** The mean over the real tokens, special tokens included, padding excluded. */
  MEAN,
  /** The hidden state of the first token, {@code [CLS]}. */
  CLS,
  /** The largest value of each component over the real tokens. */
  MAX
}
