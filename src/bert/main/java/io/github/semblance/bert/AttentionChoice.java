package io.github.semblance.bert;

import ai.djl.pytorch.jni.IValue;
import java.util.Collections;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Whose attention a model's passages have.
 *
 * @param attention null for libtorch's
 * @param tooEarly whether another comparison may come to something else
 * @param reason for people: what was chosen, and why
 */
record AttentionChoice(@Nullable Attention attention, boolean tooEarly, String reason) {
  /** Of ordinary passages, enough to tell ways to compute attention apart. */
  private static final int COMPARED_TEXTS = 4;

  /** No whole number of vectors, as most: the JIT compiler is to see what comes then. */
  private static final int COMPARED_LENGTH = 125;

  /** Of vectors to libtorch's; what rounding makes of sums costs 1e-7 at most. */
  private static final double LEAST_COSINE = 1 - 1e-6;

  /**
   * Finds out what to use, with the calling thread.
   *
   * @param stopped whether nobody needs an outcome any more
   */
  static AttentionChoice of(BertModule module, BooleanSupplier stopped) {
    List<Attention> candidates = VectorApi.attentions(module.config());
    if (candidates.isEmpty()) {
      return libtorch(
          "this JVM was started without --add-modules jdk.incubator.vector, or the model's"
              + " attention has a bias",
          false);
    }
    return switch (module.precision()) {
      case FP32 -> fastest(module, candidates, stopped);
      case INT8 -> wide(candidates.get(0), stopped);
    };
  }

  /** Compares what is compiled on a made-up batch. */
  private static AttentionChoice fastest(
      BertModule module, List<Attention> all, BooleanSupplier stopped) {
    List<Attention> candidates = all.stream().filter(each -> each.warmUp(stopped)).toList();
    if (candidates.isEmpty()) {
      return libtorch("vectors are not compiled", true);
    }
    int length = Math.min(COMPARED_LENGTH, module.config().positions() - 2);
    TokenBatch batch = new TokenBatch(Collections.nCopies(COMPARED_TEXTS, new long[length]));
    AttentionTrial.Outcome outcome;
    try (ForwardPass pass = module.pass(batch, 0);
        IValue projected = pass.projected()) {
      outcome =
          new AttentionTrial(stopped, System::nanoTime)
              .run(
                  () -> pass.attendByLibtorch(projected),
                  candidates.stream()
                      .<Runnable>map(each -> () -> pass.context(projected, each).close())
                      .toList());
    }
    if (outcome.best() < 0) {
      return libtorch(outcome.reason(), false);
    }
    Attention best = candidates.get(outcome.best());
    double cosine = cosine(module.embed(batch, best)[0], module.embed(batch, null)[0]);
    return cosine >= LEAST_COSINE // false for what is no number
        ? new AttentionChoice(best, false, best.name() + ": " + outcome.reason())
        : libtorch(
            "vectors of " + best.name() + " have a cosine of " + cosine + " to its own", false);
  }

  /**
   * Compares no times: another attention rounds inputs to other codes, and passages of one index
   * shall not differ by what else a machine did. They differ between processes with and without the
   * incubating module.
   */
  private static AttentionChoice wide(Attention candidate, BooleanSupplier stopped) {
    return candidate.isWide() && candidate.warmUp(stopped)
        ? new AttentionChoice(candidate, false, candidate.name())
        : libtorch("vectors have less than 512 bits here, or are not compiled", false);
  }

  private static AttentionChoice libtorch(String reason, boolean tooEarly) {
    return new AttentionChoice(null, tooEarly, "libtorch: " + reason);
  }

  /** Of two vectors of any length. */
  static double cosine(float[] one, float[] other) {
    double dot = 0;
    double squares = 0;
    double otherSquares = 0;
    for (int i = 0; i < one.length; i++) {
      dot += (double) one[i] * other[i];
      squares += (double) one[i] * one[i];
      otherSquares += (double) other[i] * other[i];
    }
    return dot / Math.sqrt(squares * otherSquares);
  }
}
