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
 */
@NullMarked
package io.github.semblance.bert.checkpoint;

import org.jspecify.annotations.NullMarked;
