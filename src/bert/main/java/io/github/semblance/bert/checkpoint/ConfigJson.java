package io.github.semblance.bert.checkpoint;

import java.util.Locale;
import tools.jackson.databind.JsonNode;

/** Reads Hugging Face's {@code config.json}. */
final class ConfigJson {
  private static final String SUPPORTED =
      "; supported are BERT encoders with absolute positions and the activations gelu, gelu_new"
          + " and gelu_pytorch_tanh";

  private final String source;
  private final JsonNode json;

  private ConfigJson(String source, JsonNode json) {
    this.source = source;
    this.json = json;
  }

  /**
   * The shape of the encoder.
   *
   * <p>A key that is missing has the value that transformers' {@code BertConfig} gives it: that of
   * BERT base. Whatever stands there is checked against the weights in the end.
   *
   * @param source names the file in messages
   * @throws CheckpointException if it is no BERT with absolute positions and a GELU
   */
  static BertConfig parse(String source, String json) throws CheckpointException {
    return new ConfigJson(source, Json.parseObject(source, json)).config();
  }

  private BertConfig config() throws CheckpointException {
    requireBert();
    try {
      return new BertConfig(
          size("num_hidden_layers", 12),
          size("hidden_size", 768),
          size("num_attention_heads", 12),
          size("intermediate_size", 3072),
          size("vocab_size", 30522),
          size("max_position_embeddings", 512),
          activation(),
          layerNormEpsilon());
    } catch (IllegalArgumentException e) {
      throw new CheckpointException(source + ": " + e.getMessage(), e);
    }
  }

  private void requireBert() throws CheckpointException {
    JsonNode type = json.path("model_type");
    if (isStated(type) && !"bert".equals(type.asString(""))) {
      throw unsupported("model_type", type);
    }
    JsonNode architectures = json.path("architectures");
    if (isStated(architectures) && !architectures.isArray()) {
      throw unsupported("architectures", architectures);
    }
    for (JsonNode architecture : architectures) {
      if (!architecture.asString("").startsWith("Bert")) {
        throw unsupported("architectures", architecture);
      }
    }
    JsonNode positions = json.path("position_embedding_type");
    if (isStated(positions) && !"absolute".equals(positions.asString(""))) {
      throw unsupported("position_embedding_type", positions);
    }
    for (String flag : new String[] {"is_decoder", "add_cross_attention"}) {
      JsonNode value = json.path(flag);
      if (isStated(value) && !(value.isBoolean() && !value.booleanValue())) {
        throw unsupported(flag, value);
      }
    }
  }

  /** Where null is as good as nothing to transformers. */
  private static boolean isStated(JsonNode value) {
    return !value.isMissingNode() && !value.isNull();
  }

  private BertConfig.Activation activation() throws CheckpointException {
    JsonNode name = json.path("hidden_act");
    if (name.isMissingNode()) {
      return BertConfig.Activation.GELU_ERF;
    }
    return switch (name.asString("").toLowerCase(Locale.ROOT)) {
      case "gelu" -> BertConfig.Activation.GELU_ERF;
      case "gelu_new", "gelu_pytorch_tanh" -> BertConfig.Activation.GELU_TANH;
      default -> throw unsupported("hidden_act", name);
    };
  }

  private int size(String key, int missing) throws CheckpointException {
    JsonNode value = json.path(key);
    if (value.isMissingNode()) {
      return missing;
    }
    if (!value.isInt() || value.intValue() < 1) {
      throw new CheckpointException(
          "%s: %s must be an integer of at least 1, got: %s"
              .formatted(source, key, Json.excerpt(value)));
    }
    return value.intValue();
  }

  private double layerNormEpsilon() throws CheckpointException {
    JsonNode value = json.path("layer_norm_eps");
    if (value.isMissingNode()) {
      return 1e-12;
    }
    if (!value.isNumber()) {
      throw new CheckpointException(
          source + ": layer_norm_eps must be a number, got: " + Json.excerpt(value));
    }
    return value.doubleValue();
  }

  private CheckpointException unsupported(String key, JsonNode value) {
    return new CheckpointException(
        "%s: %s %s is not supported%s".formatted(source, key, Json.excerpt(value), SUPPORTED));
  }
}
