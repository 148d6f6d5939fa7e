package io.github.semblance.bench;

import ai.djl.ModelException;
import ai.djl.huggingface.translator.TextEmbeddingTranslatorFactory;
import ai.djl.inference.Predictor;
import ai.djl.repository.zoo.Criteria;
import ai.djl.repository.zoo.ZooModel;
import ai.djl.translate.TranslateException;
import io.github.semblance.bert.Precision;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * DJL's own text-embedding translator: batches of 32 in the order of the texts, padded to the
 * longest. It runs the model's ONNX file on DJL's ONNX Runtime engine.
 */
final class DjlContender implements Contender {
  private static final int BATCH = 32;
  private static final int MAX_TOKENS = 256;

  private final Path folder;
  private final ZooModel<String, float[]> model;
  private final Predictor<String, float[]> predictor;

  DjlContender() throws IOException, ModelException {
    folder = Files.createTempDirectory("semblance-bench");
    Files.write(folder.resolve("model.onnx"), PeerFiles.onnx(Precision.FP32));
    Files.write(folder.resolve("tokenizer.json"), PeerFiles.tokenizerJson());
    model =
        Criteria.builder()
            .setTypes(String.class, float[].class)
            .optModelPath(folder)
            .optModelName("model")
            .optEngine("OnnxRuntime")
            .optTranslatorFactory(new TextEmbeddingTranslatorFactory())
            .optArgument("padding", "true")
            .optArgument("truncation", "true")
            .optArgument("maxLength", Integer.toString(MAX_TOKENS))
            .optArgument("includeTokenTypes", "true")
            .build()
            .loadModel();
    predictor = model.newPredictor();
  }

  @Override
  public String name() {
    return "djl stock fp32";
  }

  @Override
  public Precision precision() {
    return Precision.FP32;
  }

  @Override
  public int maxTokens() {
    return MAX_TOKENS;
  }

  @Override
  public List<float[]> embed(List<String> texts) {
    List<float[]> vectors = new ArrayList<>(texts.size());
    try {
      for (int from = 0; from < texts.size(); from += BATCH) {
        vectors.addAll(
            predictor.batchPredict(texts.subList(from, Math.min(from + BATCH, texts.size()))));
      }
    } catch (TranslateException e) {
      throw new IllegalStateException("DJL failed: " + e.getMessage(), e);
    }
    return vectors;
  }

  @Override
  public float[] embedQuery(String query) {
    return embed(List.of(query)).get(0);
  }

  @Override
  public void close() {
    predictor.close();
    model.close();
    try {
      Files.deleteIfExists(folder.resolve("model.onnx"));
      Files.deleteIfExists(folder.resolve("tokenizer.json"));
      Files.deleteIfExists(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(folder + " cannot be deleted", e);
    }
  }
}
