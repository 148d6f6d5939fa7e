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

  private static final int COMPARED_LENGTH = 128;

  /**
   * Compares what there is on a made-up batch, with the calling thread.
   *
   * @param stopped whether nobody needs an outcome any more
   */
  static AttentionChoice of(BertModule module, BooleanSupplier stopped) {
    List<Attention> all = VectorApi.attentions(module.config());
    if (all.isEmpty()) {
      return libtorch("it has a bias, or this JVM lacks --add-modules jdk.incubator.vector", false);
    }
    Rule rule = Rule.of(module.precision());
    List<Attention> candidates = all.subList(0, Math.min(rule.candidates, all.size()));
    int length = Math.min(COMPARED_LENGTH, module.config().positions() - 2);
    TokenBatch batch = new TokenBatch(Collections.nCopies(COMPARED_TEXTS, new long[length]));
    AttentionTrial.Outcome outcome;
    try (ForwardPass pass = module.pass(batch, 0);
        IValue projected = pass.projected()) {
      outcome =
          new AttentionTrial(rule.limit, rule.patienceNs, stopped, System::nanoTime)
              .run(
                  () -> pass.attendByLibtorch(projected),
                  candidates.stream()
                      .<Runnable>map(each -> () -> pass.context(projected, each).close())
                      .toList());
    }
    if (outcome.best() < 0) {
      return libtorch(outcome.reason(), outcome.tooEarly());
    }
    Attention best = candidates.get(outcome.best());
    // Compiles what comes between, too: no call for passages waits for that.
    double cosine = cosine(module.embed(batch, best)[0], module.embed(batch, null)[0]);
    return cosine >= rule.leastCosine // false for what is no number
        ? new AttentionChoice(best, false, best.name() + ": " + outcome.reason())
        : libtorch(
            "vectors of " + best.name() + " have a cosine of " + cosine + " to its own", false);
  }

  private static AttentionChoice libtorch(String reason, boolean tooEarly) {
    return new AttentionChoice(null, tooEarly, "libtorch: " + reason);
  }

  /**
   * What decides.
   *
   * @param candidates so many of them, the one for many registers first
   * @param limit part of libtorch's time
   * @param patienceNs for the JIT compiler
   * @param leastCosine of vectors to libtorch's
   */
  private record Rule(int candidates, double limit, long patienceNs, double leastCosine) {
    /** What clearly wins; what rounding makes of sums costs a cosine of 1e-7. */
    private static final Rule FP32 = new Rule(2, .9, 2_000_000_000L, 1 - 1e-6);

    /**
     * Must come to the same in each process of a machine, for another attention rounds inputs to
     * other codes: so it says whether vectors are compiled for registers enough, rather than
     * whether they win by a little, and waits longer for that.
     */
    private static final Rule INT8 = new Rule(1, 1.25, 20_000_000_000L, .99);

    static Rule of(Precision precision) {
      return switch (precision) {
        case FP32 -> FP32;
        case INT8 -> INT8;
      };
    }
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
