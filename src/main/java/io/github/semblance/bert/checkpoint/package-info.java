/**
 * BERT checkpoints read from disk, from jars and from hubs, without Python and without trust.
 *
 * <p>A {@link io.github.semblance.bert.checkpoint.Checkpoint} is a {@link
 * io.github.semblance.bert.checkpoint.BertConfig}, the weights under their canonical names as
 * {@link io.github.semblance.bert.checkpoint.Tensor}s, a tokenizer, and the facts of the model that
 * stand in none of its files.
 */
@NullMarked
package io.github.semblance.bert.checkpoint;

import org.jspecify.annotations.NullMarked;
