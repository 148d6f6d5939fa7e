package io.github.semblance.bench;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.github.semblance.bert.Precision;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * ONNX Runtime as a careful user would call it: texts sorted by length, so that little is padded,
 * in batches of 32, with as many threads as it likes.
 */
final class OnnxRuntimeContender implements Contender {
  private static final int BATCH = 32;
  private static final int MAX_TOKENS = 256;

  private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
  private final Precision precision;
  private final HuggingFaceTokenizer tokenizer;
  private final OrtSession session;

  OnnxRuntimeContender(Precision precision) throws OrtException, IOException {
    this.precision = precision;
    this.tokenizer = PeerFiles.tokenizer(MAX_TOKENS);
    this.session = environment.createSession(PeerFiles.onnx(precision));
  }

  @Override
  public String name() {
    return precision == Precision.FP32 ? "onnxruntime fp32" : "onnxruntime int8";
  }

  @Override
  public Precision precision() {
    return precision;
  }

  @Override
  public int maxTokens() {
    return MAX_TOKENS;
  }

  @Override
  public List<float[]> embed(List<String> texts) {
    Encoding[] encodings = tokenizer.batchEncode(texts);
    int[] order =
        IntStream.range(0, encodings.length)
            .boxed()
            .sorted(Comparator.comparingInt(i -> encodings[i].getIds().length))
            .mapToInt(Integer::intValue)
            .toArray();
    float[][] vectors = new float[encodings.length][];
    for (int from = 0; from < order.length; from += BATCH) {
      int[] batch = Arrays.copyOfRange(order, from, Math.min(from + BATCH, order.length));
      float[][] embedded =
          run(Arrays.stream(batch).mapToObj(i -> encodings[i].getIds()).toArray(long[][]::new));
      for (int i = 0; i < batch.length; i++) {
        vectors[batch[i]] = embedded[i];
      }
    }
    return List.of(vectors);
  }

  @Override
  public float[] embedQuery(String query) {
    return run(new long[][] {tokenizer.encode(query).getIds()})[0];
  }

  private float[][] run(long[][] texts) {
    int longest = Arrays.stream(texts).mapToInt(ids -> ids.length).max().orElseThrow();
    long[] shape = {texts.length, longest};
    LongBuffer ids = LongBuffer.allocate(texts.length * longest);
    LongBuffer mask = LongBuffer.allocate(texts.length * longest);
    for (int i = 0; i < texts.length; i++) {
      ids.put(i * longest, texts[i]);
      Arrays.fill(mask.array(), i * longest, i * longest + texts[i].length, 1);
    }
    try (OnnxTensor idTensor = OnnxTensor.createTensor(environment, ids, shape);
        OnnxTensor maskTensor = OnnxTensor.createTensor(environment, mask, shape);
        OnnxTensor types =
            OnnxTensor.createTensor(
                environment, LongBuffer.allocate(texts.length * longest), shape);
        OrtSession.Result result =
            session.run(
                Map.of(
                    "input_ids",
                    idTensor,
                    "attention_mask",
                    maskTensor,
                    "token_type_ids",
                    types))) {
      OnnxTensor states = (OnnxTensor) result.get(0);
      int width = (int) states.getInfo().getShape()[2];
      FloatBuffer values = states.getFloatBuffer();
      float[][] vectors = new float[texts.length][width];
      float[] state = new float[width];
      for (int i = 0; i < texts.length; i++) {
        for (int token = 0; token < texts[i].length; token++) {
          values.get((i * longest + token) * width, state);
          for (int d = 0; d < width; d++) {
            vectors[i][d] += state[d];
          }
        }
        normalize(vectors[i]);
      }
      return vectors;
    } catch (OrtException e) {
      throw new IllegalStateException("ONNX Runtime failed: " + e.getMessage(), e);
    }
  }

  private static void normalize(float[] vector) {
    double sum = 0;
    for (float value : vector) {
      sum += (double) value * value;
    }
    float factor = (float) (1 / Math.sqrt(sum));
    for (int i = 0; i < vector.length; i++) {
      vector[i] *= factor;
    }
  }

  @Override
  public void close() {
    try {
      session.close();
    } catch (OrtException e) {
      throw new IllegalStateException("ONNX Runtime failed: " + e.getMessage(), e);
    }
    tokenizer.close();
  }
}
