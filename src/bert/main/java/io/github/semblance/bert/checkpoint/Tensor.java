package io.github.semblance.bert.checkpoint;

import java.nio.ByteBuffer;

/**
 * A named weight: little-endian 32-bit floats in row-major order in memory outside the heap.
 *
 * <p>Safe for use by many threads as long as each works on its own duplicate of the data.
 *
 * @param name canonical name, Hugging Face's without {@code bert.}: {@code
 *     encoder.layer.0.attention.self.query.weight}
 * @param shape sizes, outermost first; linear weights are [out, in]
 * @param data direct or memory-mapped, little-endian, position 0, as many bytes as the shape says
 */
public record Tensor(String name, java.util.List<Integer> shape, ByteBuffer data) {}
