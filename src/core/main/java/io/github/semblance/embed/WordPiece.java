package io.github.semblance.embed;

/**
 * One word piece of a text as a model's tokenizer cuts it.
 *
 * @param text the piece as it stands in the model's vocabulary, continuation marks included
 * @param start offset in the text of the piece's first {@code char}
 * @param end offset in the text after the piece's last {@code char}
 */
public record WordPiece(String text, int start, int end) {}
