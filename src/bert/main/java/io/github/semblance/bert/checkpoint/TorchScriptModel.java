package io.github.semblance.bert.checkpoint;

import java.nio.file.Path;

/**
 * A folder in DJL's own convention: a TorchScript module {@code NAME.pt}, a {@code tokenizer.json}
 * and, optionally, the {@code serving.properties} of DJL's text embedding translator.
 *
 * <p>The module takes {@code input_ids} and {@code attention_mask} of shape [batch, tokens] and,
 * where {@link #tokenTypes()} says so, {@code token_type_ids}; its output, or the first element of
 * its output, is the last hidden state of shape [batch, tokens, hidden].
 *
 * @param name what the user calls the model
 * @param module the {@code .pt} file
 * @param tokenTypes whether the module has a third input ({@code includeTokenTypes})
 * @param tokenizerJson content of a Hugging Face {@code tokenizer.json}
 * @param facts from {@code serving.properties}, with DJL's defaults where it is silent
 * @param fingerprint see {@link BertModel#fingerprint()}; over the bytes of the {@code .pt} file
 */
public record TorchScriptModel(
    String name,
    Path module,
    boolean tokenTypes,
    String tokenizerJson,
    Checkpoint.Facts facts,
    String fingerprint)
    implements BertModel {}
