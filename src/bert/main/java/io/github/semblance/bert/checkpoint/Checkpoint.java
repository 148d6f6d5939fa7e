package io.github.semblance.bert.checkpoint;

import io.github.semblance.embed.Calibration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A BERT model that is ready to be run: its shape, weights, tokenizer and facts.
 *
 * <p>Weights use canonical names (see {@link Tensor}) and hold exactly what the encoder needs: the
 * embedding tables, the LayerNorms and the linear layers; poolers and heads are left out.
 *
 * @param name what the user calls the model
 * @param config the encoder's shape
 * @param weights by canonical name
 * @param dense linear layers over the pooled vector, in order; often none
 * @param tokenizerJson content of a Hugging Face {@code tokenizer.json}
 * @param facts what the model's card says and its weights do not
 * @param fingerprint lower-case hexadecimal SHA-256 over weights, tokenizer and facts
 */
public record Checkpoint(
    String name,
    BertConfig config,
    Map<String, Tensor> weights,
    List<Dense> dense,
    String tokenizerJson,
    Facts facts,
    String fingerprint)
    implements BertModel {

  /** A model whose vectors are the pooled ones. */
  public Checkpoint(
      String name,
      BertConfig config,
      Map<String, Tensor> weights,
      String tokenizerJson,
      Facts facts,
      String fingerprint) {
    this(name, config, weights, List.of(), tokenizerJson, facts, fingerprint);
  }

  /**
   * The weight of a name.
   *
   * @throws IllegalArgumentException if there is none
   */
  public Tensor weight(String name) {
    Tensor tensor = weights.get(name);
    if (tensor == null) {
      throw new IllegalArgumentException(this.name + " has no weight named " + name);
    }
    return tensor;
  }

  /**
   * Facts of a model card that change its vectors or how they are compared.
   *
   * @param maxTokens the window in word pieces, special tokens included
   * @param pooling how token vectors become one vector
   * @param normalized whether vectors are scaled to length 1
   * @param queryPrefix put before queries
   * @param passagePrefix put before passages
   * @param cosineFloor cosine of unrelated texts, see {@link
   *     io.github.semblance.embed.EmbeddingModel#cosineFloor()}
   * @param calibration what its cosines are worth as evidence; null if nobody has measured that
   */
  public record Facts(
      int maxTokens,
      Pooling pooling,
      boolean normalized,
      String queryPrefix,
      String passagePrefix,
      float cosineFloor,
      @Nullable Calibration calibration) {

    /** Facts of a model whose cosines nobody has calibrated. */
    public Facts(
        int maxTokens,
        Pooling pooling,
        boolean normalized,
        String queryPrefix,
        String passagePrefix,
        float cosineFloor) {
      this(maxTokens, pooling, normalized, queryPrefix, passagePrefix, cosineFloor, null);
    }

    /** These facts of a model whose vectors are scaled to length 1, or are not. */
    public Facts withNormalized(boolean normalized) {
      return new Facts(
          maxTokens, pooling, normalized, queryPrefix, passagePrefix, cosineFloor, calibration);
    }
  }
}
