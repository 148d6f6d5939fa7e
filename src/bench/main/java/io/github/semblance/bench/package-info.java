/**
 * Benchmarks: {@code ./semblance bench}. Not part of the product; built by the Maven profile {@code
 * bench} with the peers on its class path.
 *
 * <p>{@link io.github.semblance.bench.EmbedBench} compares embedders on the same texts in one
 * process, in turns.
 *
 * <p>{@link io.github.semblance.bench.StoreBench} compares the ways of keeping vectors, on ones
 * that are made up, and tells what grows with their number.
 */
@NullMarked
package io.github.semblance.bench;

import org.jspecify.annotations.NullMarked;
