package io.github.semblance.bert.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Folders of cross-encoders. */
class ScoringHeadTest {
  private static final String ONE_LABEL = "\"id2label\": {\"0\": \"LABEL_0\"}, ";

  @TempDir Path temp;
  private TinyFolder folder;

  @BeforeEach
  void writeFolder() throws IOException {
    folder = new TinyFolder(temp.resolve("model"));
    config("BertForSequenceClassification", ONE_LABEL);
    head("pooler.dense", "classifier");
  }

  private void config(String architecture, String labels) throws IOException {
    folder.write(
        "config.json",
        TinyFolder.CONFIG.replaceFirst(
            "\\{", "{\"architectures\": [\"" + architecture + "\"], " + labels));
  }

  /** Weights in the scope of BERT, as a model with a head has them. */
  private void head(String dense, String out) throws IOException {
    SafetensorsFile file = new SafetensorsFile();
    for (Map.Entry<String, float[]> weight : TinyBert.weights().entrySet()) {
      file.add("bert." + weight.getKey(), "F32", weight.getKey(), weight.getValue());
    }
    String scope = dense.startsWith("pooler") ? "bert." : "";
    file.add(scope + dense + ".weight", List.of(8, 8), new float[64]);
    file.add(scope + dense + ".bias", List.of(8), new float[8]);
    file.add(out + ".weight", List.of(1, 8), new float[8]);
    file.add(out + ".bias", List.of(1), 0.25f);
    folder.write("model.safetensors", file.toBytes());
  }

  private Checkpoint open() throws CheckpointException {
    return TinyFolder.store(temp).openScorer(folder.path.toString());
  }

  @Test
  void theHeadIsTwoLayers() throws CheckpointException {
    List<Dense> layers = open().dense();
    assertEquals(2, layers.size());
    assertEquals(Dense.Activation.TANH, layers.get(0).activation());
    assertEquals(Dense.Activation.IDENTITY, layers.get(1).activation());
    assertEquals(1, layers.get(1).out());
    Optional<Tensor> bias = layers.get(1).bias();
    assertEquals(0.25f, bias.orElseThrow().data().getFloat(0));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          bert        | pooler.dense     | TANH | classifier
          distilbert  | pre_classifier   | RELU | classifier
          roberta     | classifier.dense | TANH | classifier.out_proj
          mpnet       | classifier.dense | TANH | classifier.out_proj
          """)
  void everyFamilyHasItsNames(String type, String dense, Dense.Activation activation, String out) {
    Architecture architecture =
        switch (type) {
          case "bert" -> new Architecture.Bert();
          case "distilbert" -> new Architecture.DistilBert();
          case "roberta" -> new Architecture.Roberta(type, 1);
          default -> new Architecture.MpNet(32);
        };
    assertEquals(new ScoringHead(dense, activation, out), ScoringHead.of(architecture));
  }

  @Test
  void saysWhatIsMissing() throws IOException {
    head("classifier.dense", "classifier");
    assertRefused("2 of 41 tensors of a BERT encoder are missing: pooler.dense.weight");
    folder.delete("model.safetensors");
    assertRefused("must hold model.safetensors to be a cross-encoder");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ''                                                | must have one label, got: 2
          "num_labels": 5,                                  | must have one label, got: 5
          "id2label": {"0": "a", "1": "b", "2": "c"},       | must have one label, got: 3
          """)
  void refusesOtherNumbersOfLabels(String labels, String message) throws IOException {
    config("BertForSequenceClassification", labels);
    assertRefused(message);
  }

  @Test
  void aCrossEncoderDoesNotEmbed() throws IOException {
    String message = Refusal.of(() -> folder.open(temp));
    assertTrue(message.contains("name it after --rerank if it is a cross-encoder"), message);
    // Whoever says how to pool it means it.
    folder.write("1_Pooling/config.json", "{\"pooling_mode\": \"mean\"}");
    assertEquals(0, ((Checkpoint) folder.open(temp)).dense().size());
  }

  @Test
  void everyTokenHasARow() throws IOException {
    folder.write("vocab.txt", TinyFolder.VOCABULARY + "\none\nmore");
    assertRefused("the greatest id of a token must be below 30");
  }

  /** Whoever wrote the name chose the folder. */
  @Test
  void aFolderIsOpenedForItsUserOnly() {
    String message =
        Refusal.of(
            () -> TinyFolder.store(temp).openScorer(folder.path.toString(), ModelTrust.INSTALLED));
    assertTrue(message.contains("a folder is opened only if you name it yourself"), message);
  }

  @Test
  void jarsOfOneGraphAreNoCrossEncoders() {
    String message = Refusal.of(() -> ModelStore.system().openScorer(ModelCatalogue.DEFAULT_MODEL));
    assertTrue(message.contains("must be a folder of the Hugging Face layout"), message);
  }

  private void assertRefused(String message) {
    String actual = Refusal.of(this::open);
    assertTrue(actual.contains(message), actual);
  }
}
