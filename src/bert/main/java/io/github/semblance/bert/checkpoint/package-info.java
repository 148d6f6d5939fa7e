/**
 * BERT models found on this machine, read without Python and without trust, and fetched when asked.
 *
 * <pre>
 * name → ModelStore → folder | jar → config, weights, tokenizer, facts → Checkpoint | TorchScriptModel
 * </pre>
 *
 * <p>{@link io.github.semblance.bert.checkpoint.ModelStore} is the entry: it says what a model may
 * be called, opens it and, only when asked to {@code pull}, fetches it. {@link
 * io.github.semblance.bert.checkpoint.ModelCatalogue} lists the models that are known by name. A
 * {@link io.github.semblance.bert.checkpoint.Checkpoint} is a {@link
 * io.github.semblance.bert.checkpoint.BertConfig}, the weights under their canonical names as
 * {@link io.github.semblance.bert.checkpoint.Tensor}s, a tokenizer, the facts of the model that
 * stand in none of its files, and a {@link io.github.semblance.bert.checkpoint.Fingerprint} of them
 * all.
 *
 * <h2>Weights</h2>
 *
 * <p>Three formats give the same tensors, bit for bit: safetensors (F32, F16 and BF16, sharded or
 * not), ONNX (32-bit floats, in one file) and TensorFlow checkpoints (one file of data). Weights
 * are never held on the heap: 32-bit safetensors stay mapped to their file, and what must be
 * transposed, widened or aligned is treated tensor by tensor, in place where the memory is ours.
 *
 * <p>No file is trusted. Lengths, offsets, counts and shapes are checked before they are used,
 * checksums where the format has them, and NaN and infinity are refused; what is not supported is
 * named. A file that fails gives a {@link io.github.semblance.bert.checkpoint.CheckpointException},
 * and no file can ask for more memory than a small multiple of its own size. A TorchScript module
 * is a program and not data: {@link io.github.semblance.bert.checkpoint.ModelTrust} says when one
 * is opened.
 */
@NullMarked
package io.github.semblance.bert.checkpoint;

import org.jspecify.annotations.NullMarked;
