package io.github.semblance.bert.checkpoint;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * What makes a cross-encoder of an encoder: two linear layers over the first token's state, of
 * which the second has one output, as transformers' classes {@code …ForSequenceClassification} have
 * them.
 *
 * @param dense the first layer's name, without the family's scope
 * @param activation what follows it
 * @param out the second layer's name
 */
record ScoringHead(String dense, Dense.Activation activation, String out) {
  private static final String CLASS = "ForSequenceClassification";

  /** The head of a family. */
  static ScoringHead of(Architecture architecture) {
    return switch (architecture) {
      case Architecture.Bert bert ->
          new ScoringHead("pooler.dense", Dense.Activation.TANH, "classifier");
      case Architecture.DistilBert distilBert ->
          new ScoringHead("pre_classifier", Dense.Activation.RELU, "classifier");
      case Architecture.Roberta roberta ->
          new ScoringHead("classifier.dense", Dense.Activation.TANH, "classifier.out_proj");
      case Architecture.MpNet mpNet ->
          new ScoringHead("classifier.dense", Dense.Activation.TANH, "classifier.out_proj");
    };
  }

  /** Whether a configuration is that of a classifier of one text or two. */
  static boolean isIn(JsonNode config) {
    for (JsonNode architecture : config.path("architectures")) {
      if (architecture.asString("").endsWith(CLASS)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Makes sure that a configuration is that of a cross-encoder.
   *
   * @param source names the file in messages
   */
  static void require(String source, JsonNode config) throws CheckpointException {
    if (!isIn(config)) {
      throw new CheckpointException(
          String.format(
              Locale.ROOT,
              "%s: a cross-encoder's architecture must be a class …%s, got: %s",
              source,
              CLASS,
              Json.excerpt(config.path("architectures"))));
    }
    // transformers writes no labels where there are two.
    int labels =
        config.path("id2label").isObject()
            ? config.path("id2label").size()
            : config.path("num_labels").asInt(2);
    if (labels != 1) {
      throw new CheckpointException(
          source + ": a cross-encoder that ranks must have one label, got: " + labels);
    }
  }

  Map<String, List<Integer>> shapes(int hidden) {
    Map<String, List<Integer>> shapes = new LinkedHashMap<>();
    EncoderLayout.putLinear(shapes, dense, hidden, hidden);
    EncoderLayout.putLinear(shapes, out, 1, hidden);
    return shapes;
  }

  /** The layers among the tensors of a file that was read with {@link #shapes}. */
  List<Dense> layers(Map<String, Tensor> tensors) {
    return List.of(
        layer(tensors, dense, activation), layer(tensors, out, Dense.Activation.IDENTITY));
  }

  private static Dense layer(
      Map<String, Tensor> tensors, String name, Dense.Activation activation) {
    Tensor weight = tensors.get(name + ".weight");
    if (weight == null) {
      throw new IllegalArgumentException("there is no tensor " + name + ".weight");
    }
    return new Dense(weight, Optional.ofNullable(tensors.get(name + ".bias")), activation);
  }
}
