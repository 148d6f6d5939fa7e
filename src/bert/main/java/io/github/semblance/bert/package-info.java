/**
 * The adapter that runs BERT on DJL's PyTorch engine: the only package that names DJL.
 *
 * <p>{@link io.github.semblance.bert.BertEmbedder} is the way in. Its parts, from text to vector:
 *
 * <ol>
 *   <li>{@code Shares}: passages are divided among threads, equally much for each.
 *   <li>{@code WordPieceEncoder}: text to word-piece ids, through Hugging Face's tokenizers.
 *   <li>{@code TokenBatch}: the ids of several texts laid end to end, with no padding between them.
 *   <li>{@code BertModule}: one TorchScript module, compiled by libtorch from source text that is a
 *       resource of this package ({@code encoder.py} plus one {@code linear-*.py}); the weights are
 *       handed over as tensors, so that nothing is converted and nothing is written to disk.
 *   <li>{@code VectorEncoder}, in {@code vector/java}: the same model in Java's Vector API, for
 *       short queries. {@code VectorApi} finds it by name, so that everything else runs in a JVM
 *       without that incubating module. {@code Tile} has the shapes in which it multiplies.
 *   <li>{@code ShortQueries}: after the first few queries, has {@code QueryTrial} compare these
 *       shapes and libtorch as queries are answered, and {@code QueryChoiceFile} remember which is
 *       best for which lengths.
 *   <li>{@code ManyPassages}: before an embedder's first passages, or after many, has {@code
 *       AttentionChoice} say whether {@code VectorAttention}, again in {@code vector/java},
 *       computes their attention. {@code ForwardPass} is a batch's way through either.
 * </ol>
 *
 * <p>Ragged computation: linear layers, norms and activations see one matrix of all the batch's
 * tokens; only attention looks at texts one by one (or by runs of equal length). No padding token
 * is ever computed and no attention mask is needed.
 */
@NullMarked
package io.github.semblance.bert;

import org.jspecify.annotations.NullMarked;
