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
  @CsvSource({"gelu,GELU_ERF", "gelu_new,GELU_TANH", "gelu_pytorch_tanh,GELU_TANH"})
  void knowsTheActivations(String name, BertConfig.Activation activation)
      throws CheckpointException {
    BertConfig config = ConfigJson.parse("config.json", with("\"gelu\"", "\"" + name + "\""));
    assertEquals(activation, config.activation());
  }

  @Test
  void saysWhatIsNotSupported() {
    assertRefused(
        "model_type \"roberta\" is not supported; supported are BERT", "\"bert\"", "\"roberta\"");
    assertRefused("model_type \"distilbert\"", "\"bert\"", "\"distilbert\"");
    assertRefused("architectures \"XLMRobertaModel\"", "BertForMaskedLM", "XLMRobertaModel");
    assertRefused("position_embedding_type \"relative_key\"", "\"absolute\"", "\"relative_key\"");
    assertRefused("hidden_act \"relu\" is not supported", "\"gelu\"", "\"relu\"");
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
