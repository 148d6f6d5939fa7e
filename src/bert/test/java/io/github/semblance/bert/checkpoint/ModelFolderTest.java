package io.github.semblance.bert.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Folders in the layout of the Hugging Face hub and of sentence-transformers. */
class ModelFolderTest {
  private static final String TRANSFORMER = "sentence_transformers.models.Transformer";
  private static final String POOLING = "sentence_transformers.models.Pooling";
  private static final String DENSE = "sentence_transformers.models.Dense";
  private static final String NORMALIZE = "sentence_transformers.models.Normalize";

  @TempDir Path temp;
  private TinyFolder folder;

  @BeforeEach
  void writeFolder() throws IOException {
    folder = new TinyFolder(temp.resolve("model"));
  }

  private Checkpoint open() throws CheckpointException {
    return assertInstanceOf(Checkpoint.class, folder.open(temp));
  }

  private String refusal() {
    return Refusal.of(this::open);
  }

  @Test
  void readsABareCheckpointAsSentenceTransformersDoes() throws IOException {
    Checkpoint model = open();
    assertEquals(folder.path.toString(), model.name());
    assertEquals(TinyBert.CONFIG, model.config());
    TinyBert.assertHolds(TinyBert.weights(), new EncoderWeights(model.config(), model.weights()));
    assertEquals(new Checkpoint.Facts(12, Pooling.MEAN, false, "", "", 0), model.facts());
    assertTrue(model.tokenizerJson().contains("\"lowercase\":true"));
  }

  @Test
  void readsWhatSentenceTransformersAdds() throws IOException {
    Map<String, String> modules = new LinkedHashMap<>();
    modules.put("", TRANSFORMER);
    modules.put("1_Pooling", POOLING);
    modules.put("2_Normalize", NORMALIZE);
    folder
        .modules(modules)
        .write("1_Pooling/config.json", "{\"pooling_mode_cls_token\": true}")
        .write("sentence_bert_config.json", "{\"max_seq_length\": 7, \"do_lower_case\": false}")
        .write(
            "config_sentence_transformers.json",
            "{\"prompts\": {\"query\": \"q: \", \"passage\": \"p: \"}}");
    assertEquals(new Checkpoint.Facts(7, Pooling.CLS, true, "q: ", "p: ", 0), open().facts());
  }

  @Test
  void readsATransformerInAFolderOfItsOwn() throws IOException {
    for (String name : new String[] {"config.json", "vocab.txt", "model.safetensors"}) {
      Files.createDirectories(folder.path.resolve("0_Transformer"));
      Files.move(folder.path.resolve(name), folder.path.resolve("0_Transformer").resolve(name));
    }
    folder
        .modules(Map.of("0_Transformer", TRANSFORMER))
        .write("0_Transformer/sentence_bert_config.json", "{\"max_seq_length\": 5}");
    assertEquals(5, open().facts().maxTokens());
  }

  @Test
  void foldersTellWhatModulesJsonDoesNot() throws IOException {
    folder.write("1_Pooling/config.json", "{\"pooling_mode_max_tokens\": true}");
    Files.createDirectories(folder.path.resolve("2_Normalize"));
    assertEquals(Pooling.MAX, open().facts().pooling());
    assertTrue(open().facts().normalized());
  }

  @Test
  void keysThatTransformersSuppliesMayBeMissing() throws IOException {
    folder.write("config.json", TinyFolder.CONFIG.replace("\"hidden_act\": \"gelu\", ", ""));
    assertEquals(TinyBert.CONFIG, open().config());
    folder.write(
        "config.json",
        TinyFolder.CONFIG.replace("\"hidden_act\": \"gelu\"", "\"position_embedding_type\": null"));
    assertEquals(TinyBert.CONFIG, open().config());
    folder.write("1_Pooling/config.json", "{\"word_embedding_dimension\": 8}");
    assertEquals(Pooling.MEAN, open().facts().pooling());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          vocab.txt      | [PAD] [UNK] [CLS] [SEP] | 30 | "piece33"
          tokenizer.json | {"model": {"vocab": {"a": 0, "b": 30, "c": 7}}}                | 30 | "b"
          tokenizer.json | {"model": {"vocab": {}}, "added_tokens": [{"id": 31, "content": "[Q]"}]} | 31 | "[Q]"
          tokenizer.json | {"model": {}, "post_processor": {"cls": ["[CLS]", 99], "sep": ["[SEP]", 1]}} | 99 | "[CLS]"
          tokenizer.json | {"model": {}, "post_processor": {"type": "Sequence", "processors": [{"special_tokens": {"[X]": {"ids": [2, 40]}}}]}} | 40 | "[X]"
          tokenizer.json | {"model": {"vocab": [["a", 0], ["b", 0], ["c", 0]]}} | |
          """)
  void idsBeyondTheTableOfEmbeddingsAreRefused(
      String file, String content, @Nullable Integer greatest, @Nullable String token)
      throws IOException {
    String pieces = TinyFolder.VOCABULARY + "\n" + "piece30\npiece31\npiece32\npiece33\n";
    folder.write(file, file.equals("vocab.txt") ? pieces : content);
    if (greatest == null) {
      open();
      return;
    }
    int id = file.equals("vocab.txt") ? 33 : greatest;
    assertEquals(
        folder.path.resolve(file)
            + ": the greatest id of a token must be below 30, the rows of the table of embeddings"
            + " (vocab_size), got: "
            + id
            + " ("
            + token
            + "); weights and tokenizer are of different models",
        refusal());
  }

  @Test
  void idsUpToTheLastRowAreTaken() throws IOException {
    folder.write("vocab.txt", TinyFolder.VOCABULARY + "\n\n"); // a blank line is no piece
    open();
    folder.write("tokenizer.json", "{\"model\": {\"vocab\": {\"a\": 0, \"b\": 29}}}");
    open();
    folder.write("tokenizer.json", "{\"model\": {\"vocab\": {\"a\": 0, \"b\": -1}}}");
    assertTrue(refusal().contains("the id of token \"b\" must be a whole number"), refusal());
    folder.write("tokenizer.json", "{\"model\": {\"vocab\": {\"a\": \"0\"}}}");
    assertTrue(refusal().contains("must be a whole number from 0 to below 30, got: \"0\""));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"pooling_mode_mean_tokens": true, "pooling_mode_cls_token": false}   | MEAN
          {"pooling_mode_cls_token": true, "include_prompt": true}              | CLS
          {"pooling_mode_max_tokens": true}                                     | MAX
          {"pooling_mode": "cls"}                                               | CLS
          """)
  void knowsThreeWaysOfPooling(String config, Pooling expected) throws IOException {
    folder.write("1_Pooling/config.json", config);
    assertEquals(expected, open().facts().pooling());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"pooling_mode_mean_sqrt_len_tokens": true}                        | pooling_mode_mean_sqrt_len_tokens
          {"pooling_mode_lasttoken": true}                                   | pooling_mode_lasttoken
          {"pooling_mode": "weightedmean"}                                   | weightedmean
          {"pooling_mode_mean_tokens": true, "pooling_mode_cls_token": true} | pooling_mode_cls_token
          {"pooling_mode_mean_tokens": false}                                | got: []
          {"pooling_mode_mean_tokens": true, "include_prompt": false}        | include_prompt
          """)
  void refusesOtherPoolingByName(String config, String named) throws IOException {
    folder.write("1_Pooling/config.json", config);
    String message = refusal();
    assertTrue(message.contains("1_Pooling"), message);
    assertTrue(message.contains(named), message);
  }

  @Test
  void refusesStepsItDoesNotHave() throws IOException {
    folder.modules(Map.of("2_LSTM", "sentence_transformers.models.LSTM"));
    String message = refusal();
    assertTrue(message.contains("modules.json"), message);
    assertTrue(message.contains("got: sentence_transformers.models.LSTM"), message);
  }

  @Test
  void readsLinearLayersInTheirOrder() throws IOException {
    writeDense("2_Dense", 8, 5, "Tanh", true);
    writeDense("3_Dense", 5, 3, "Identity", false);
    folder
        .modules(denseModules(POOLING, DENSE, DENSE, NORMALIZE))
        .write("1_Pooling/config.json", "{\"pooling_mode\": \"mean\"}");
    List<Dense> dense = open().dense();
    assertEquals(2, dense.size());
    assertEquals(Dense.Activation.TANH, dense.get(0).activation());
    assertEquals(Dense.Activation.IDENTITY, dense.get(1).activation());
    assertTrue(dense.get(0).bias().isPresent());
    assertTrue(dense.get(1).bias().isEmpty());
    assertEquals(
        List.of(8, 5, 3), List.of(dense.get(0).in(), dense.get(1).in(), dense.get(1).out()));
    assertTrue(open().facts().normalized());
  }

  @Test
  void refusesLinearLayersOutOfOrder() throws IOException {
    folder.modules(denseModules(DENSE, POOLING));
    assertTrue(refusal().contains("got out of order: " + DENSE), refusal());
    folder.modules(denseModules(POOLING, NORMALIZE, DENSE));
    assertTrue(refusal().contains("got out of order: " + DENSE), refusal());
  }

  @Test
  void refusesLinearLayersThatDoNotFit() throws IOException {
    folder
        .modules(denseModules(POOLING, DENSE))
        .write("1_Pooling/config.json", "{\"pooling_mode\": \"mean\"}");
    assertTrue(refusal().contains("2_Dense/config.json: missing"), refusal());
    writeDense("2_Dense", 7, 3, "Tanh", true);
    assertTrue(refusal().contains("the length of the vectors before it, 8, got: 7"), refusal());
    writeDense("2_Dense", 8, 3, "GELU", true);
    assertTrue(refusal().contains("must be Identity, Tanh or ReLU, got: torch.nn.GELU"), refusal());
    writeDense("2_Dense", 8, 3, "Tanh", false);
    folder.write(
        "2_Dense/config.json", "{\"in_features\": 8, \"out_features\": 3, \"bias\": true}");
    assertTrue(refusal().contains("1 of 2 tensors of a Dense module are missing"), refusal());
    folder.write(
        "2_Dense/config.json", "{\"in_features\": 8, \"out_features\": 4, \"bias\": false}");
    assertTrue(refusal().contains("linear.weight must have shape [4, 8]"), refusal());
    folder.write(
        "2_Dense/config.json",
        "{\"in_features\": 8, \"out_features\": 3, \"module_input_name\": \"token_embeddings\"}");
    assertTrue(refusal().contains("must be sentence_embedding, got: token_embeddings"), refusal());
    folder.write("2_Dense/config.json", "{\"in_features\": 8}").delete("2_Dense/model.safetensors");
    assertTrue(refusal().contains("2_Dense must hold model.safetensors"), refusal());
  }

  private void writeDense(String path, int in, int out, String activation, boolean bias)
      throws IOException {
    SafetensorsFile file = new SafetensorsFile();
    file.add("linear.weight", List.of(out, in), new float[in * out]);
    if (bias) {
      file.add("linear.bias", List.of(out), new float[out]);
    }
    folder
        .write(path + "/model.safetensors", file.toBytes())
        .write(
            path + "/config.json",
            String.format(
                Locale.ROOT,
                "{\"in_features\": %d, \"out_features\": %d, \"bias\": %s, \"activation_function\": \"torch.nn.%s\"}",
                in,
                out,
                bias,
                activation));
  }

  /** A transformer and these steps, numbered from 1. */
  private static Map<String, String> denseModules(String... steps) {
    Map<String, String> modules = new LinkedHashMap<>();
    modules.put("", TRANSFORMER);
    for (String step : steps) {
      modules.put(modules.size() + "_" + step.substring(step.lastIndexOf('.') + 1), step);
    }
    return modules;
  }

  @Test
  void refusesModulesOutsideTheFolder() throws IOException {
    folder.modules(Map.of("../other", TRANSFORMER));
    assertTrue(refusal().contains("must name a folder beside it, got: ../other"));
  }

  @ParameterizedTest
  @CsvSource({"512, 12", "null, 12", "3, 3"})
  void theWindowNeverExceedsThePositions(String stated, int expected) throws IOException {
    folder.write("sentence_bert_config.json", "{\"max_seq_length\": " + stated + "}");
    assertEquals(expected, open().facts().maxTokens());
  }

  @Test
  void theTokenizersLimitIsTheWindowWhereNothingElseIsSaid() throws IOException {
    folder.write("tokenizer_config.json", "{\"model_max_length\": 9}");
    assertEquals(9, open().facts().maxTokens());
    folder.write("tokenizer_config.json", "{\"model_max_length\": 1e30}");
    assertEquals(12, open().facts().maxTokens());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2, -1})
  void refusesAWindowWithoutRoomForAPiece(int stated) throws IOException {
    folder.write("sentence_bert_config.json", "{\"max_seq_length\": " + stated + "}");
    assertTrue(refusal().contains("must be at least 3 tokens long, got: " + stated));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"prompts": {"query": "q: ", "document": "d: "}}                            | q: | d:
          {"prompts": {"query": "", "document": ""}, "default_prompt_name": null}     |    |
          {"prompts": {"all": "x: "}, "default_prompt_name": "all"}                   | x: | x:
          {"prompts": {"all": "x: ", "query": "q: "}, "default_prompt_name": "all"}   | q: | x:
          {"prompts": {"STS": "s: "}}                                                 |    |
          """)
  void promptsArePrefixes(String config, String query, String passage) throws IOException {
    folder.write("config_sentence_transformers.json", config);
    assertEquals(query == null ? "" : query + " ", open().facts().queryPrefix());
    assertEquals(passage == null ? "" : passage + " ", open().facts().passagePrefix());
  }

  @Test
  void caseIsKeptWhereTheTokenizersConfigurationSaysSo() throws IOException {
    folder.write("tokenizer_config.json", "{\"do_lower_case\": false}");
    assertFalse(open().tokenizerJson().contains("\"lowercase\":true"));
    folder.write("sentence_bert_config.json", "{\"do_lower_case\": true}");
    assertTrue(open().tokenizerJson().contains("\"Lowercase\""));
  }

  @Test
  void tokenizerJsonWinsOverAVocabulary() throws IOException {
    folder.write("tokenizer.json", "{\"model\": {\"type\": \"WordPiece\", \"vocab\": {}}}");
    assertEquals("{\"model\": {\"type\": \"WordPiece\", \"vocab\": {}}}", open().tokenizerJson());
  }

  @Test
  void readsOnnxAndShards() throws IOException {
    folder.delete("model.safetensors");
    folder.write("onnx/model.onnx", OnnxFile.of(TinyBert.weights()).toBytes());
    Checkpoint onnx = open();
    TinyBert.assertHolds(TinyBert.weights(), new EncoderWeights(onnx.config(), onnx.weights()));

    Map<String, float[]> first = new LinkedHashMap<>(TinyBert.weights());
    Map<String, float[]> second = new LinkedHashMap<>(TinyBert.weights());
    StringBuilder map = new StringBuilder();
    for (String name : TinyBert.weights().keySet()) {
      boolean isFirst = name.startsWith("embeddings");
      (isFirst ? second : first).remove(name);
      map.append(map.isEmpty() ? "" : ",")
          .append(
              String.format(
                  Locale.ROOT,
                  "\"%s\":\"model-0000%d-of-00002.safetensors\"",
                  name,
                  isFirst ? 1 : 2));
    }
    folder
        .write("model-00001-of-00002.safetensors", SafetensorsFile.of(first).toBytes())
        .write("model-00002-of-00002.safetensors", SafetensorsFile.of(second).toBytes())
        .write("model.safetensors.index.json", "{\"weight_map\": {" + map + "}}");
    Checkpoint shards = open();
    TinyBert.assertHolds(TinyBert.weights(), new EncoderWeights(shards.config(), shards.weights()));
    assertEquals(onnx.fingerprint(), shards.fingerprint());
  }

  @Test
  void saysWhatIsMissing() throws IOException {
    folder.delete("vocab.txt");
    assertTrue(refusal().contains("must hold tokenizer.json or vocab.txt, got neither"));
    folder.delete("model.safetensors").write("pytorch_model.bin", "x");
    folder.write("vocab.txt", TinyFolder.VOCABULARY);
    String message = refusal();
    assertTrue(message.contains("must hold one of model.safetensors"), message);
    assertTrue(message.contains("pytorch_model.bin is a pickle"), message);
    folder.delete("config.json");
    assertTrue(refusal().contains("must hold config.json"));
  }

  @Test
  void refusesBrokenConfigurationByFile() throws IOException {
    folder.write("sentence_bert_config.json", "{");
    assertTrue(refusal().contains("sentence_bert_config.json must be JSON"));
    folder.write("sentence_bert_config.json", "[".repeat(100_000));
    assertTrue(refusal().contains("nesting depth"));
    folder.write("sentence_bert_config.json", new byte[] {(byte) 0xff});
    assertTrue(refusal().contains("must be UTF-8 text"));
  }
}
