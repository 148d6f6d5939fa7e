package io.github.semblance.bert;

import io.github.semblance.bert.checkpoint.Architecture;
import io.github.semblance.bert.checkpoint.BertConfig;
import io.github.semblance.bert.checkpoint.BertConfig.Activation;
import io.github.semblance.bert.checkpoint.Checkpoint;
import io.github.semblance.bert.checkpoint.Pooling;
import io.github.semblance.bert.checkpoint.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;

/** A small encoder with pseudo-random weights: quick to load, as hard to compute as a real one. */
final class RandomCheckpoint {
  private final Map<String, Tensor> weights = new HashMap<>();
  private final Random random = new Random(17);

  private RandomCheckpoint() {}

  /** Two layers, 16 wide, with the real vocabulary of BERT. */
  static Checkpoint small(Activation activation, Pooling pooling, boolean normalized) {
    return of(
        new BertConfig(2, 16, 4, 32, 30522, 64, activation, 1e-12),
        new Checkpoint.Facts(48, pooling, normalized, "", "", 0));
  }

  /** Of a family, with room for texts of up to 200 tokens. */
  static Checkpoint of(Architecture architecture, int width) {
    return of(
        new BertConfig(2, width, 4, 2 * width, 300, 210, Activation.GELU_ERF, 1e-12, architecture),
        new Checkpoint.Facts(200, Pooling.MEAN, true, "", "", 0));
  }

  static Checkpoint of(BertConfig config, Checkpoint.Facts facts) {
    RandomCheckpoint made = new RandomCheckpoint();
    int hidden = config.hidden();
    made.add("embeddings.word_embeddings.weight", 0, 1, config.vocabulary(), hidden);
    made.add("embeddings.position_embeddings.weight", 0, 1, config.positions(), hidden);
    if (config.architecture().tokenTypes()) {
      made.add("embeddings.token_type_embeddings.weight", 0, 1, 2, hidden);
    }
    if (config.architecture() instanceof Architecture.MpNet relative) {
      made.add("encoder.relative_attention_bias.weight", 0, 1, relative.buckets(), config.heads());
    }
    made.addNorm("embeddings.LayerNorm", hidden);
    for (int layer = 0; layer < config.layers(); layer++) {
      String prefix = "encoder.layer." + layer + ".";
      for (String name : List.of("self.query", "self.key", "self.value", "output.dense")) {
        made.addLinear(prefix + "attention." + name, hidden, hidden);
      }
      made.addNorm(prefix + "attention.output.LayerNorm", hidden);
      made.addLinear(prefix + "intermediate.dense", config.intermediate(), hidden);
      made.addLinear(prefix + "output.dense", hidden, config.intermediate());
      made.addNorm(prefix + "output.LayerNorm", hidden);
    }
    return new Checkpoint("random", config, made.weights, tokenizerJson(), facts, "random");
  }

  /** The tokenizer of the bundled model, which is that of every uncased English BERT. */
  static String tokenizerJson() {
    try (InputStream in =
        RandomCheckpoint.class.getResourceAsStream(
            "/META-INF/semblance/all-minilm-l6-v2-tokenizer.json")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private void addNorm(String name, int width) {
    add(name + ".weight", 1, 0.1f, width);
    add(name + ".bias", 0, 0.1f, width);
  }

  private void addLinear(String name, int out, int in) {
    add(name + ".weight", 0, 0.3f, out, in);
    add(name + ".bias", 0, 0.1f, out);
  }

  private void add(String name, float mean, float spread, int... shape) {
    int size = 1;
    List<Integer> sizes = new ArrayList<>();
    for (int length : shape) {
      size *= length;
      sizes.add(length);
    }
    ByteBuffer data = ByteBuffer.allocateDirect(4 * size).order(ByteOrder.LITTLE_ENDIAN);
    while (data.hasRemaining()) {
      data.putFloat(mean + spread * (float) random.nextGaussian());
    }
    weights.put(name, new Tensor(name, sizes, data.flip()));
  }
}
