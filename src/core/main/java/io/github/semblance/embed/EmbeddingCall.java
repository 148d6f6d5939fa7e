package io.github.semblance.embed;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What one call of an embedder was and cost. Immutable.
 *
 * @param query whether a query was embedded, else passages
 * @param texts how many texts
 * @param tokens word pieces that the model read, special tokens included; 0 if the call failed
 * @param droppedTokens word pieces beyond the model's window; 0 if the call failed
 * @param underWay calls of this embedder that were under way when this one began, itself included:
 *     1 for a call that had nobody to wait for
 * @param took from the call to its return
 * @param failure why the call failed; null if it did not
 */
public record EmbeddingCall(
    boolean query,
    int texts,
    long tokens,
    long droppedTokens,
    int underWay,
    Duration took,
    @Nullable RuntimeException failure) {}
