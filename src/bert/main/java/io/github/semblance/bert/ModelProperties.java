package io.github.semblance.bert;

import io.github.semblance.bert.checkpoint.Checkpoint;
import io.github.semblance.embed.EmbeddingModel;
import java.util.Locale;
import java.util.Map;

/**
 * What a model of this adapter says of itself in {@link EmbeddingModel#properties()}. Stateless.
 */
final class ModelProperties {
  private static final String PRECISION = "precision";

  private ModelProperties() {}

  static Map<String, String> of(Checkpoint.Facts facts, Precision precision) {
    return Map.of(
        "pooling",
        facts.pooling().name().toLowerCase(Locale.ROOT),
        "normalized",
        Boolean.toString(facts.normalized()),
        "query_prefix",
        facts.queryPrefix(),
        "passage_prefix",
        facts.passagePrefix(),
        PRECISION,
        precision.name().toLowerCase(Locale.ROOT));
  }

  /** Full precision where a model, as one of another adapter, says nothing. */
  static Precision precision(EmbeddingModel model) {
    String stated = model.properties().get(PRECISION);
    try {
      return stated == null ? Precision.FP32 : Precision.valueOf(stated.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "the precision of model \"" + model.name() + "\" must be fp32 or int8, got: " + stated,
          e);
    }
  }
}
