package io.github.semblance.bench;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.embedding.onnx.allminilml6v2.AllMiniLmL6V2EmbeddingModel;
import dev.langchain4j.model.embedding.onnx.allminilml6v2q.AllMiniLmL6V2QuantizedEmbeddingModel;
import io.github.semblance.bert.Precision;
import java.util.List;

/**
 * LangChain4j's in-process model with its own defaults: one call of ONNX Runtime per text, on a
 * thread per core.
 */
record LangChainContender(EmbeddingModel model, Precision precision) implements Contender {
  static LangChainContender load(Precision precision) {
    return new LangChainContender(
        switch (precision) {
          case FP32 -> new AllMiniLmL6V2EmbeddingModel();
          case INT8 -> new AllMiniLmL6V2QuantizedEmbeddingModel();
        },
        precision);
  }

  @Override
  public String name() {
    return precision == Precision.FP32 ? "langchain4j fp32" : "langchain4j int8";
  }

  /** The truncation in the tokenizer.json that it brings along, which it does not override. */
  @Override
  public int maxTokens() {
    return 128;
  }

  @Override
  public List<float[]> embed(List<String> texts) {
    return model.embedAll(texts.stream().map(TextSegment::from).toList()).content().stream()
        .map(Embedding::vector)
        .toList();
  }

  @Override
  public float[] embedQuery(String query) {
    return model.embed(query).content().vector();
  }

  @Override
  public void close() {}
}
