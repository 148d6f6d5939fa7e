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
   * <p>{@code layer_norm_eps} may be missing, as in Google's own {@code bert_config.json}, and is
   * then 1e-12. All sizes must be given.
   *
   * @param source names the file in messages
   * @throws CheckpointException if it is of no family that {@link Architecture} has, or has other
   *     positions or activations
   */
  static BertConfig parse(String source, String json) throws CheckpointException {
    return new ConfigJson(source, Json.parseObject(source, json)).config();
  }

  private BertConfig config() throws CheckpointException {
    requireEncoder();
    try {
      if (modelType().equals("distilbert")) {
        return new BertConfig(
            size("n_layers"),
            size("dim"),
            size("n_heads"),
            size("hidden_dim"),
            size("vocab_size"),
            size("max_position_embeddings"),
            activation("activation"),
            1e-12, // fixed in the model's code
            new Architecture.DistilBert());
      }
      return new BertConfig(
          size("num_hidden_layers"),
          size("hidden_size"),
          size("num_attention_heads"),
          size("intermediate_size"),
          size("vocab_size"),
          size("max_position_embeddings"),
          activation("hidden_act"),
          layerNormEpsilon(),
          architecture());
    } catch (IllegalArgumentException e) {
      throw new CheckpointException(source + ": " + e.getMessage(), e);
    }
  }

  /** Google's own configurations of BERT name no type. */
  private String modelType() {
    return json.path("model_type").asString("bert");
  }

  private Architecture architecture() throws CheckpointException {
    String type = modelType();
    return switch (type) {
      case "roberta", "xlm-roberta" ->
          new Architecture.Roberta(type, json.path("pad_token_id").asInt(1));
      case "mpnet" -> new Architecture.MpNet(size("relative_attention_num_buckets"));
      default -> new Architecture.Bert();
    };
  }

  private void requireEncoder() throws CheckpointException {
    String prefix = CLASSES.get(modelType());
    if (prefix == null) {
      throw unsupported("model_type", json.path("model_type"));
    }
    for (JsonNode architecture : json.path("architectures")) {
      if (!architecture.asString("").startsWith(prefix)) {
        throw unsupported("architectures", architecture);
      }
    }
    JsonNode positions = json.path("position_embedding_type");
    if (!positions.isMissingNode() && !"absolute".equals(positions.asString(""))) {
      throw unsupported("position_embedding_type", positions);
    }
    for (String flag : new String[] {"is_decoder", "add_cross_attention"}) {
      if (json.path(flag).asBoolean(false)) {
        throw unsupported(flag, json.path(flag));
      }
    }
  }

  private BertConfig.Activation activation(String key) throws CheckpointException {
    JsonNode name = json.path(key);
    return switch (name.asString("").toLowerCase(Locale.ROOT)) {
      case "gelu" -> BertConfig.Activation.GELU_ERF;
      case "gelu_new", "gelu_pytorch_tanh" -> BertConfig.Activation.GELU_TANH;
      case "relu" -> BertConfig.Activation.RELU;
      default -> throw unsupported(key, name);
    };
  }

  private int size(String key) throws CheckpointException {
    JsonNode value = json.path(key);
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
