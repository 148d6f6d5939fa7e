package io.github.semblance.bench;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import io.github.semblance.bert.Precision;
import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;

/** all-MiniLM-L6-v2 as its peers read it: the files in LangChain4j's jars. */
final class PeerFiles {
  private PeerFiles() {}

  static byte[] onnx(Precision precision) throws IOException {
    return resource(
        precision == Precision.FP32 ? "/all-minilm-l6-v2.onnx" : "/all-minilm-l6-v2-q.onnx");
  }

  static byte[] tokenizerJson() throws IOException {
    return resource("/all-minilm-l6-v2-tokenizer.json");
  }

  /** A tokenizer that cuts texts at the model's window instead of at the file's 128. */
  static HuggingFaceTokenizer tokenizer(int maxTokens) throws IOException {
    return HuggingFaceTokenizer.newInstance(
        new ByteArrayInputStream(tokenizerJson()),
        Map.of("padding", "false", "truncation", "true", "maxLength", Integer.toString(maxTokens)));
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream in = PeerFiles.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new FileNotFoundException(name + " is not on the class path");
      }
      return in.readAllBytes();
    }
  }
}
