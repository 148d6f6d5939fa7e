package io.github.semblance.bert.checkpoint;

import java.util.Locale;

/**
 * The shape of an encoder of BERT's family with absolute positions, as in Hugging Face's {@code
 * config.json}.
 *
 * @param layers encoder layers ({@code num_hidden_layers})
 * @param hidden width of the hidden state ({@code hidden_size}), a multiple of {@code heads}
 * @param heads attention heads ({@code num_attention_heads})
 * @param intermediate width of the feed-forward layer ({@code intermediate_size})
 * @param vocabulary rows of the word embedding table ({@code vocab_size})
 * @param positions rows of the position table ({@code max_position_embeddings})
 * @param activation the feed-forward layer's activation ({@code hidden_act})
 * @param layerNormEpsilon {@code layer_norm_eps}
 * @param architecture the family ({@code model_type})
 */
public record BertConfig(
    int layers,
    int hidden,
    int heads,
    int intermediate,
    int vocabulary,
    int positions,
    Activation activation,
    double layerNormEpsilon,
    Architecture architecture) {

  /** The activation of the feed-forward layer. */
  public enum Activation {
    /** x * Phi(x), through erf: {@code gelu}. */
    GELU_ERF,
    /** The tanh approximation: {@code gelu_new}, {@code gelu_pytorch_tanh}. */
    GELU_TANH,
    /** max(0, x): {@code relu}. */
    RELU
  }

  /** The shape of a BERT. */
  public BertConfig(
      int layers,
      int hidden,
      int heads,
      int intermediate,
      int vocabulary,
      int positions,
      Activation activation,
      double layerNormEpsilon) {
    this(
        layers,
        hidden,
        heads,
        intermediate,
        vocabulary,
        positions,
        activation,
        layerNormEpsilon,
        new Architecture.Bert());
  }

  /** Checks that every size is positive and that the heads divide the width. */
  public BertConfig {
    requirePositive("layers", layers);
    requirePositive("hidden", hidden);
    requirePositive("heads", heads);
    requirePositive("intermediate", intermediate);
    requirePositive("vocabulary", vocabulary);
    requirePositive("positions", positions);
    if (hidden % heads != 0) {
      throw new IllegalArgumentException(
          "hidden must be a multiple of heads, got: " + hidden + " and " + heads);
    }
    if (!(layerNormEpsilon > 0 && layerNormEpsilon < 1)) {
      throw new IllegalArgumentException(
          "layerNormEpsilon must be in (0, 1), got: " + layerNormEpsilon);
    }
    if (positions <= architecture.unusedPositions()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "positions must be more than the %d that %s leaves unused, got: %d",
              architecture.unusedPositions(),
              architecture.modelType(),
              positions));
    }
  }

  /** The longest input, in tokens. */
  public int window() {
    return positions - architecture.unusedPositions();
  }

  private static void requirePositive(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " must be at least 1, got: " + value);
    }
  }
}
