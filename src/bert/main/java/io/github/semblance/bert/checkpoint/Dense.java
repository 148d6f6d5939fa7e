package io.github.semblance.bert.checkpoint;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * A linear layer over the pooled vector: a {@code Dense} module of sentence-transformers, or a
 * layer of the head that scores a pair of texts.
 *
 * <p>Immutable and safe for use by many threads; see {@link Tensor}.
 *
 * @param weight [out, in]
 * @param bias [out]; empty for none
 * @param activation what is applied to the outputs
 */
public record Dense(Tensor weight, Optional<Tensor> bias, Activation activation) {

  /** What a layer's outputs go through. */
  public enum Activation {
    /** Nothing. */
    IDENTITY,
    /** The hyperbolic tangent. */
    TANH,
    /** max(0, x). */
    RELU
  }

  /** The length of the vectors that it takes. */
  public int in() {
    return weight.shape().get(1);
  }

  /** The length of the vectors that it makes. */
  public int out() {
    return weight.shape().get(0);
  }

  /**
   * Reads a module of sentence-transformers.
   *
   * @param folder holds {@code config.json} and {@code model.safetensors}
   * @param in the length of the vectors it will get
   */
  static Dense read(Path folder, int in) throws CheckpointException {
    Path file = folder.resolve("config.json");
    JsonNode config =
        JsonFile.read(file)
            .orElseThrow(() -> new CheckpointException("modules.json names " + file + ": missing"));
    int stated = size(file, config, "in_features");
    if (stated != in) {
      throw new CheckpointException(
          String.format(
              Locale.ROOT,
              "%s: in_features must be the length of the vectors before it, %d, got: %d",
              file,
              in,
              stated));
    }
    for (String end : List.of("module_input_name", "module_output_name")) {
      String name = config.path(end).asString("sentence_embedding");
      if (!name.equals("sentence_embedding")) {
        throw new CheckpointException(
            file + ": " + end + " must be sentence_embedding, got: " + name);
      }
    }
    boolean withBias = config.path("bias").asBoolean(true);
    Path weights = folder.resolve("model.safetensors");
    if (!Files.exists(weights)) {
      throw new CheckpointException(
          folder + " must hold model.safetensors, got none; pytorch_model.bin is not read");
    }
    List<Tensor> tensors =
        EncoderWeights.readDense(weights, size(file, config, "out_features"), in, withBias);
    return new Dense(
        tensors.getFirst(),
        withBias ? Optional.of(tensors.getLast()) : Optional.empty(),
        activation(file, config));
  }

  private static int size(Path file, JsonNode config, String key) throws CheckpointException {
    JsonNode value = config.path(key);
    if (!value.isInt() || value.intValue() < 1) {
      throw new CheckpointException(
          String.format(
              Locale.ROOT,
              "%s: %s must be an integer of at least 1, got: %s",
              file,
              key,
              Json.excerpt(value)));
    }
    return value.intValue();
  }

  /** By the name of a class of PyTorch, which is Tanh where none is stated. */
  private static Activation activation(Path file, JsonNode config) throws CheckpointException {
    String name = config.path("activation_function").asString("torch.nn.modules.activation.Tanh");
    return switch (name.substring(name.lastIndexOf('.') + 1)) {
      case "Identity" -> Activation.IDENTITY;
      case "Tanh" -> Activation.TANH;
      case "ReLU" -> Activation.RELU;
      default ->
          throw new CheckpointException(
              file + ": activation_function must be Identity, Tanh or ReLU, got: " + name);
    };
  }
}
