package io.github.semblance.analysis;

import io.github.semblance.embed.TextEmbedder;
import io.github.semblance.embed.WordPiece;
import java.io.IOException;
import java.io.StringWriter;
import java.util.Collections;
import java.util.Iterator;
import org.apache.lucene.analysis.Tokenizer;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.apache.lucene.analysis.tokenattributes.OffsetAttribute;
import org.apache.lucene.util.AttributeFactory;

/**
 * Emits the word pieces that an embedding model reads, so that keyword search has the model's own
 * vocabulary: no stop words, no stems, and no word that is out of vocabulary.
 *
 * <p>For use by one thread, as all tokenizers are; many may share one embedder, which none of them
 * closes. A term is a piece as {@link TextEmbedder#wordPieces} gives it, continuation marks
 * included, at a position of its own: {@code embeddings} is {@code em ##bed ##ding ##s} to BERT,
 * and a phrase query finds it. The text is held in memory as a whole, since a model's tokenizer
 * takes it so.
 */
public final class WordPieceTokenizer extends Tokenizer {
  private final TextEmbedder embedder;
  private final CharTermAttribute term = addAttribute(CharTermAttribute.class);
  private final OffsetAttribute offset = addAttribute(OffsetAttribute.class);
  private Iterator<WordPiece> pieces = Collections.emptyIterator();
  private int length;

  /** A tokenizer over the embedder's word pieces. */
  public WordPieceTokenizer(TextEmbedder embedder) {
    this(DEFAULT_TOKEN_ATTRIBUTE_FACTORY, embedder);
  }

  /** A tokenizer with attributes from a factory of the caller's. */
  public WordPieceTokenizer(AttributeFactory factory, TextEmbedder embedder) {
    super(factory);
    this.embedder = embedder;
  }

  @Override
  public void reset() throws IOException {
    super.reset();
    StringWriter text = new StringWriter();
    input.transferTo(text);
    length = text.getBuffer().length();
    pieces = embedder.wordPieces(text.toString()).iterator();
  }

  @Override
  public boolean incrementToken() {
    clearAttributes();
    if (!pieces.hasNext()) {
      return false;
    }
    WordPiece piece = pieces.next();
    term.append(piece.text());
    offset.setOffset(correctOffset(piece.start()), correctOffset(piece.end()));
    return true;
  }

  @Override
  public void end() throws IOException {
    super.end();
    offset.setOffset(correctOffset(length), correctOffset(length));
  }
}
