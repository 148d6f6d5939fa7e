package io.github.semblance.bert.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigJsonTest {
  private static final String BASE =
      """
      {
        "architectures": ["BertForMaskedLM"],
        "attention_probs_dropout_prob": 0.1,
        "hidden_act": "gelu",
        "hidden_size": 768,
        "intermediate_size": 3072,
        "layer_norm_eps": 1e-12,
        "max_position_embeddings": 512,
        "model_type": "bert",
        "num_attention_heads": 12,
        "num_hidden_layers": 12,
        "position_embedding_type": "absolute",
        "type_vocab_size": 2,
        "vocab_size": 30522
      }
      """;

  @Test
  void readsBertBase() throws CheckpointException {
    assertEquals(
        new BertConfig(12, 768, 12, 3072, 30522, 512, BertConfig.Activation.GELU_ERF, 1e-12),
        ConfigJson.parse("config.json", BASE));
  }

  @Test
  void readsGooglesOwn() throws CheckpointException {
    String json = BASE.replaceAll("\"(architectures|model_type|layer_norm_eps|pos)[^\\n]*\\n", "");
    assertEquals(ConfigJson.parse("config.json", BASE), ConfigJson.parse("bert_config.json", json));
  }

  /** The figures that stand in BASE are BertConfig's own, so that each may be left out. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "architectures",
        "hidden_act",
        "hidden_size",
        "intermediate_size",
        "layer_norm_eps",
        "max_position_embeddings",
        "model_type",
        "num_attention_heads",
        "num_hidden_layers",
        "position_embedding_type"
      })
  void whatIsMissingIsAsInTransformers(String key) throws CheckpointException {
    String json = BASE.replaceAll("\"" + key + "\"[^\\n]*\\n", "");
    assertNotEquals(BASE, json);
    assertEquals(ConfigJson.parse("config.json", BASE), ConfigJson.parse("config.json", json));
  }

  @Test
  void theSmallestConfigurationIsBertBase() throws CheckpointException {
    assertEquals(ConfigJson.parse("config.json", BASE), ConfigJson.parse("config.json", "{}"));
  }

  /** As transformers 5.18 has them. */
  @Test
  void theSmallestConfigurationOfEachFamilyIsItsBaseModel() throws CheckpointException {
    assertBase(12, 50265, new Architecture.Roberta("roberta", 1));
    assertBase(12, 30522, new Architecture.Roberta("xlm-roberta", 1));
    assertBase(12, 30527, new Architecture.MpNet(32));
    assertBase(6, 30522, new Architecture.DistilBert());
  }

  private static void assertBase(int layers, int words, Architecture architecture)
      throws CheckpointException {
    BertConfig.Activation gelu = BertConfig.Activation.GELU_ERF;
    assertEquals(
        new BertConfig(layers, 768, 12, 3072, words, 512, gelu, 1e-12, architecture),
        ConfigJson.parse("c", "{\"model_type\": \"" + architecture.modelType() + "\"}"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "null", "\"one\""})
  void paddingMustBeAnId(String padding) {
    TinyBert.assertRefused(
        "pad_token_id must be an integer of at least 0, got: " + padding,
        () ->
            ConfigJson.parse(
                "c", "{\"model_type\": \"roberta\", \"pad_token_id\": " + padding + "}"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"absolute\" | null",
        "[\"BertForMaskedLM\"] | null",
        "\"bert\" | null",
        "\"type_vocab_size\": 2 | \"is_decoder\": null",
        "\"type_vocab_size\": 2 | \"add_cross_attention\": false"
      })
  void nullIsAsGoodAsNothing(String part, String replacement) throws CheckpointException {
    assertEquals(
        ConfigJson.parse("config.json", BASE),
        ConfigJson.parse("config.json", with(part, replacement)));
  }

  @ParameterizedTest
  @CsvSource({"gelu,GELU_ERF", "gelu_new,GELU_TANH", "gelu_pytorch_tanh,GELU_TANH", "relu,RELU"})
  void knowsTheActivations(String name, BertConfig.Activation activation)
      throws CheckpointException {
    BertConfig config = ConfigJson.parse("config.json", with("\"gelu\"", "\"" + name + "\""));
    assertEquals(activation, config.activation());
  }

  @Test
  void readsTheOtherFamilies() throws CheckpointException {
    assertArchitecture(new Architecture.Roberta("roberta", 3), "roberta", "Roberta", 3);
    assertArchitecture(new Architecture.Roberta("xlm-roberta", 1), "xlm-roberta", "XLMRoberta", 1);
    assertArchitecture(new Architecture.MpNet(16), "mpnet", "MPNet", 0);
  }

  private static void assertArchitecture(
      Architecture expected, String type, String prefix, int padding) throws CheckpointException {
    String json =
        BASE.replace("\"bert\"", "\"" + type + "\"")
            .replace("BertFor", prefix + "For")
            .replace(
                "\"type_vocab_size\": 2",
                "\"pad_token_id\": " + padding + ", \"relative_attention_num_buckets\": 16");
    BertConfig config = ConfigJson.parse("config.json", json);
    assertEquals(expected, config.architecture());
    assertEquals(512 - expected.unusedPositions(), config.window());
  }

  @Test
  void readsDistilBertsOwnKeys() throws CheckpointException {
    String json =
        """
        {"model_type": "distilbert", "architectures": ["DistilBertForMaskedLM"], "dim": 8,
         "n_heads": 2, "n_layers": 3, "hidden_dim": 16, "vocab_size": 30, "activation": "gelu",
         "max_position_embeddings": 12}
        """;
    assertEquals(
        new BertConfig(
            3,
            8,
            2,
            16,
            30,
            12,
            BertConfig.Activation.GELU_ERF,
            1e-12,
            new Architecture.DistilBert()),
        ConfigJson.parse("config.json", json));
    TinyBert.assertRefused(
        "n_heads must be an integer of at least 1, got: 0",
        () -> ConfigJson.parse("config.json", json.replace("\"n_heads\": 2", "\"n_heads\": 0")));
  }

  @Test
  void saysWhatIsNotSupported() {
    assertRefused(
        "model_type \"modernbert\" is not supported; supported are bert, roberta, xlm-roberta,"
            + " distilbert and mpnet",
        "\"bert\"",
        "\"modernbert\"");
    assertRefused("architectures \"XLMRobertaModel\"", "BertForMaskedLM", "XLMRobertaModel");
    assertRefused("architectures \"BertForMaskedLM\"", "\"bert\"", "\"roberta\"");
    assertRefused("position_embedding_type \"relative_key\"", "\"absolute\"", "\"relative_key\"");
    assertRefused("hidden_act \"silu\" is not supported", "\"gelu\"", "\"silu\"");
    assertRefused("is_decoder true", "\"type_vocab_size\": 2", "\"is_decoder\": true");
  }

  @Test
  void namesWhatCannotBe() {
    assertRefused(
        "config.json: num_hidden_layers must be an integer of at least 1, got: 0",
        "\"num_hidden_layers\": 12",
        "\"num_hidden_layers\": 0");
    assertRefused("hidden_size must be an integer", "768", "1e99");
    assertRefused("hidden_size must be an integer", "768", "\"768\"");
    assertRefused("vocab_size must be an integer of at least 1, got: null", "30522", "null");
    assertRefused("hidden_act null is not supported", "\"gelu\"", "null");
    assertRefused("is_decoder \"yes\"", "\"type_vocab_size\": 2", "\"is_decoder\": \"yes\"");
    assertRefused("architectures \"Roberta\"", "[\"BertForMaskedLM\"]", "\"Roberta\"");
    assertRefused("hidden must be a multiple of heads, got: 769 and 12", "768", "769");
    assertRefused("layerNormEpsilon must be in (0, 1), got: 2.0", "1e-12", "2");
    assertRefused("layer_norm_eps must be a number", "1e-12", "\"small\"");
    TinyBert.assertRefused(
        "positions must be more than the 513 that roberta leaves unused, got: 512",
        () ->
            ConfigJson.parse(
                "config.json",
                BASE.replace("\"bert\"", "\"roberta\", \"pad_token_id\": 512")
                    .replace("BertFor", "RobertaFor")));
    assertRefused("not valid JSON", "\"bert\",", "\"bert\"");
    assertRefused("not valid JSON", "0.1", String.join("", Collections.nCopies(100_000, "[")));
    assertRefused("JSON of", "0.1", "1".repeat(5_000_000));
  }

  @Test
  void boundsTheNumberOfLayers() throws CheckpointException {
    String json = with("\"num_hidden_layers\": 12", "\"num_hidden_layers\": 2000000000");
    BertConfig config = ConfigJson.parse("config.json", json);
    TinyBert.assertRefused(
        "at most 1024 layers are supported", () -> new TensorCollector("model", config));
  }

  private static void assertRefused(String message, String part, String replacement) {
    String json = with(part, replacement);
    TinyBert.assertRefused(message, () -> ConfigJson.parse("config.json", json));
  }

  private static String with(String part, String replacement) {
    assertEquals(true, BASE.contains(part), part);
    return BASE.replace(part, replacement);
  }
}
