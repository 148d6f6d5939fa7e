package io.github.semblance.bert.checkpoint;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Parses JSON that nobody vouches for: small, shallow and without repeated names. */
final class Json {
  /** Far above any header or configuration of a BERT, far below any heap. */
  static final int MAX_LENGTH = 4 << 20;

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxDocumentLength(MAX_LENGTH)
                          .maxNestingDepth(32)
                          .maxNumberLength(64)
                          .build())
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .build())
          .build();

  private Json() {}

  /** Parses one JSON object from the remaining bytes; {@code source} names it in messages. */
  static JsonNode parseObject(String source, ByteBuffer utf8) throws CheckpointException {
    requireLength(source, utf8.remaining());
    return parseObject(source, StandardCharsets.UTF_8.decode(utf8.duplicate()).toString());
  }

  /** Parses one JSON object; {@code source} names it in messages. */
  static JsonNode parseObject(String source, String json) throws CheckpointException {
    requireLength(source, json.length());
    JsonNode node;
    try {
      node = MAPPER.readTree(json);
    } catch (JacksonException e) {
      throw new CheckpointException(source + ": not valid JSON: " + e.getMessage(), e);
    }
    if (!node.isObject()) {
      throw new CheckpointException(
          source + ": a JSON object is expected, got: " + node.getNodeType());
    }
    return node;
  }

  private static void requireLength(String source, int length) throws CheckpointException {
    if (length > MAX_LENGTH) {
      throw new CheckpointException(
          "%s: JSON of %,d characters; at most %,d are read".formatted(source, length, MAX_LENGTH));
    }
  }
}
