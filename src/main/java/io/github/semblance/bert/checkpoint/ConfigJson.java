package io.github.semblance.bert.checkpoint;

/** Reads Hugging Face's {@code config.json}. */
final class ConfigJson {
  private ConfigJson() {}

  /**
   * The shape of the encoder.
   *
   * @param source names the file in messages
   * @throws CheckpointException if it is no BERT with absolute positions and a GELU
   */
  static BertConfig parse(String source, String json) throws CheckpointException {
    throw new UnsupportedOperationException(source + json);
  }
}
