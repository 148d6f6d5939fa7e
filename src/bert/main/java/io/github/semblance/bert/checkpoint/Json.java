package io.github.semblance.bert.checkpoint;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Parses JSON that nobody vouches for: small, shallow and without repeated names. */
final class Json {
  /** Far above any header or configuration of a BERT, far below any heap. */
  static final int MAX_LENGTH = 4 << 20;

  private static final int EXCERPT = 80;

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
      TokenStreamLocation at = e.getLocation(); // null for some limits that are passed
      throw new CheckpointException(
          String.format(
              Locale.ROOT,
              "%s: not valid JSON%s: %s",
              source,
              at == null ? "" : " at line " + at.getLineNr() + ", column " + at.getColumnNr(),
              e.getOriginalMessage()),
          e);
    }
    if (!node.isObject()) {
      throw new CheckpointException(
          source + ": a JSON object is expected, got: " + node.getNodeType());
    }
    return node;
  }

  /** A value for a message: hostile ones would fill the screen. */
  static String excerpt(JsonNode value) {
    if (value.isMissingNode()) {
      return "nothing";
    }
    return shortened(value.toString());
  }

  /** A text for a message, in quotes. */
  static String excerpt(String text) {
    return shortened('"' + text + '"');
  }

  private static String shortened(String json) {
    return json.length() <= EXCERPT ? json : json.substring(0, EXCERPT) + "…";
  }

  private static void requireLength(String source, int length) throws CheckpointException {
    if (length > MAX_LENGTH) {
      throw new CheckpointException(
          String.format(
              Locale.ROOT,
              "%s: JSON of %d characters; at most %d are read",
              source,
              length,
              MAX_LENGTH));
    }
  }
}
