package io.github.semblance.bert.checkpoint;

import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Reads Hugging Face's {@code config.json}. */
final class ConfigJson {
  private static final String SUPPORTED =
      "; supported are bert, roberta, xlm-roberta, distilbert and mpnet, with absolute positions"
          + " and the activations gelu, gelu_new, gelu_pytorch_tanh and relu";

  /** What the names of the classes of each family in transformers begin with. */
  private static final Map<String, String> CLASSES =
      Map.of(
          "bert", "Bert",
          "roberta", "Roberta",
          "xlm-roberta", "XLMRoberta",
          "distilbert", "DistilBert",
          "mpnet", "MPNet");

  private final String source;
  private final JsonNode json;

  private ConfigJson(String source, JsonNode json) {
    this.source = source;
    this.json = json;
  }

  /**
   * The shape of the encoder.
   *
   * <p>A key that is missing has the value that transformers' configuration of the family gives it:
   * that of its base model. Whatever stands there is checked against the weights in the end.
   *
   * @param source names the file in messages
   * @throws CheckpointException if it is of no family that {@link Architecture} has, or has other
   *     positions or activations
   */
  static BertConfig parse(String source, String json) throws CheckpointException {
    return new ConfigJson(source, Json.parseObject(source, json)).config();
  }

  private BertConfig config() throws CheckpointException {
    String type = modelType();
    requireEncoder(type);
    try {
      if (type.equals("distilbert")) {
        return new BertConfig(
            size("n_layers", 6),
            size("dim", 768),
            size("n_heads", 12),
            size("hidden_dim", 3072),
            size("vocab_size", 30522),
            size("max_position_embeddings", 512),
            activation("activation"),
            1e-12, // fixed in the model's code
            new Architecture.DistilBert());
      }
      return new BertConfig(
          size("num_hidden_layers", 12),
          size("hidden_size", 768),
          size("num_attention_heads", 12),
          size("intermediate_size", 3072),
          size("vocab_size", type.equals("mpnet") ? 30527 : type.equals("roberta") ? 50265 : 30522),
          size("max_position_embeddings", 512),
          activation("hidden_act"),
          layerNormEpsilon(),
          architecture(type));
    } catch (IllegalArgumentException e) {
      throw new CheckpointException(source + ": " + e.getMessage(), e);
    }
  }

  /** Google's own configurations of BERT name no type. */
  private String modelType() {
    JsonNode type = json.path("model_type");
    return isStated(type) ? type.asString("") : "bert";
  }

  private Architecture architecture(String type) throws CheckpointException {
    return switch (type) {
      case "roberta", "xlm-roberta" ->
          new Architecture.Roberta(type, integer("pad_token_id", 0, 1));
      case "mpnet" -> new Architecture.MpNet(size("relative_attention_num_buckets", 32));
      default -> new Architecture.Bert();
    };
  }

  private void requireEncoder(String type) throws CheckpointException {
    String prefix = CLASSES.get(type);
    if (prefix == null) {
      throw unsupported("model_type", json.path("model_type"));
    }
    JsonNode architectures = json.path("architectures");
    if (isStated(architectures) && !architectures.isArray()) {
      throw unsupported("architectures", architectures);
    }
    for (JsonNode architecture : architectures) {
      if (!architecture.asString("").startsWith(prefix)) {
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

  private BertConfig.Activation activation(String key) throws CheckpointException {
    JsonNode name = json.path(key);
    if (name.isMissingNode()) {
      return BertConfig.Activation.GELU_ERF;
    }
    return switch (name.asString("").toLowerCase(Locale.ROOT)) {
      case "gelu" -> BertConfig.Activation.GELU_ERF;
      case "gelu_new", "gelu_pytorch_tanh" -> BertConfig.Activation.GELU_TANH;
      case "relu" -> BertConfig.Activation.RELU;
      default -> throw unsupported(key, name);
    };
  }

  private int size(String key, int missing) throws CheckpointException {
    return integer(key, 1, missing);
  }

  private int integer(String key, int least, int missing) throws CheckpointException {
    JsonNode value = json.path(key);
    if (value.isMissingNode()) {
      return missing;
    }
    if (!value.isInt() || value.intValue() < least) {
      throw new CheckpointException(
          String.format(
              Locale.ROOT,
              "%s: %s must be an integer of at least %d, got: %s",
              source,
              key,
              least,
              Json.excerpt(value)));
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
        String.format(
            Locale.ROOT,
            "%s: %s %s is not supported%s",
            source,
            key,
            Json.excerpt(value),
            SUPPORTED));
  }
}
