package io.github.semblance.bert;

import io.github.semblance.bert.checkpoint.Dense;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * An encoder whose vectors go through linear layers after pooling, in 32-bit floats whatever the
 * encoder's precision.
 *
 * <p>A text's vector is computed by itself, so that it does not depend on its batch. Safe for use
 * by many threads.
 */
final class DenseEncoder implements Encoder {
  /** As in PyTorch, for vectors of length 0. */
  private static final double LEAST_LENGTH = 1e-12;

  private final Encoder pooled;
  private final List<DenseLayer> layers;
  private final boolean normalized;

  /**
   * Puts layers behind an encoder.
   *
   * @param pooled gives pooled vectors, not normalised; closed with this
   * @param normalized whether the last layer's vectors are scaled to length 1
   */
  DenseEncoder(Encoder pooled, List<Dense> layers, boolean normalized) {
    this.pooled = pooled;
    this.layers = layers.stream().map(DenseLayer::new).toList();
    this.normalized = normalized;
  }

  @Override
  public float[][] embed(TokenBatch batch) {
    return apply(pooled.embed(batch));
  }

  @Override
  public float[][] embedPassages(TokenBatch batch) {
    return apply(pooled.embedPassages(batch));
  }

  private float[][] apply(float[][] vectors) {
    for (int i = 0; i < vectors.length; i++) {
      vectors[i] = apply(vectors[i]);
    }
    return vectors;
  }

  @Override
  public QueryCandidates forQueries() {
    QueryCandidates candidates = pooled.forQueries();
    List<QueryEncoder> encoders = new ArrayList<>();
    candidates.encoders().forEach(encoder -> encoders.add(new ForQueries(encoder)));
    return new QueryCandidates(encoders, candidates.reason());
  }

  @Override
  public boolean preparesBeforePassages() {
    return pooled.preparesBeforePassages();
  }

  @Override
  public Optional<String> prepareForPassages(BooleanSupplier stopped) {
    return pooled.prepareForPassages(stopped);
  }

  private final class ForQueries implements QueryEncoder {
    private final QueryEncoder pooled;

    ForQueries(QueryEncoder pooled) {
      this.pooled = pooled;
    }

    @Override
    public String name() {
      return pooled.name();
    }

    @Override
    public boolean warmUp() {
      return pooled.warmUp();
    }

    @Override
    public float[] embed(long[] ids, int cores) {
      return apply(pooled.embed(ids, cores));
    }
  }

  private float[] apply(float[] vector) {
    float[] result = vector;
    for (DenseLayer layer : layers) {
      result = layer.apply(result);
    }
    if (normalized) {
      double squares = 0;
      for (float value : result) {
        squares += (double) value * value;
      }
      double length = Math.max(Math.sqrt(squares), LEAST_LENGTH);
      for (int i = 0; i < result.length; i++) {
        result[i] = (float) (result[i] / length);
      }
    }
    return result;
  }

  @Override
  public void close() {
    pooled.close();
  }
}
