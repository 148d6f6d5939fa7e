package io.github.semblance.bert;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.semblance.embed.WordPiece;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Texts that the tokenizer does not see at once. */
@SuppressWarnings("NullAway.Init") // set before all
class LongTextTest {
  private static final int WINDOW = 64;
  private static final int CLS = 2;
  private static final int SEP = 3;

  private static WordPieceEncoder tokenizer;

  @BeforeAll
  static void load() {
    tokenizer = new WordPieceEncoder("t", TokenizerFiles.wordPiece().toString(), WINDOW);
  }

  @AfterAll
  static void close() {
    tokenizer.close();
  }

  @Test
  void theWindowIsThatOfAShortTextAndTheRestIsCounted() {
    String words = "the course and a project ".repeat(2000);
    WordPieceEncoder.Ids seen = tokenizer.encode(words);
    WordPieceEncoder.Ids longer = tokenizer.encode(words.repeat(100));
    assertArrayEquals(seen.ids, longer.ids);
    assertEquals(WINDOW, longer.ids.length);
    int wordsInAll = 5 * 2000 * 100;
    assertTrue(longer.dropped >= wordsInAll - WINDOW, () -> "got: " + longer.dropped);
    assertTrue(longer.dropped <= wordsInAll * 2, () -> "got: " + longer.dropped);
  }

  @Test
  void whatCountsNothingHidesNothing() {
    for (String nothing : List.of(" ", "\n", "\u0000", "\u200b", "\u0301", " \u200b\t")) {
      String text = "the " + nothing.repeat(200_000) + " course";
      assertArrayEquals(tokenizer.encode("the course").ids, tokenizer.encode(text).ids, nothing);
      assertEquals(0, tokenizer.encode(text).dropped);
    }
  }

  @Test
  void specialTokensStandAroundWhatIsCut() {
    long[] ids = tokenizer.encode("the ".repeat(100_000)).ids;
    assertEquals(CLS, ids[0]);
    assertEquals(SEP, ids[WINDOW - 1]);
    assertTrue(Arrays.stream(ids, 1, WINDOW - 1).allMatch(id -> id == ids[1]));
  }

  @Test
  void piecesOfAllPartsHaveTheirPlaces() {
    String text = "some words, \uD83D\uDE80 and more; ".repeat(8000);
    List<WordPiece> pieces = tokenizer.wordPieces(text);
    List<WordPiece> once = tokenizer.wordPieces(text.substring(0, text.length() / 8000));
    assertEquals(once.size() * 8000, pieces.size());
    int length = text.length() / 8000;
    for (int i = 0; i < pieces.size(); i++) {
      WordPiece piece = once.get(i % once.size());
      int from = i / once.size() * length;
      assertEquals(
          new WordPiece(piece.text(), from + piece.start(), from + piece.end()), pieces.get(i));
    }
  }

  @Test
  void partsEndWherePiecesDo() {
    String text = "word ".repeat(40_000);
    for (int at = 0; at < text.length(); ) {
      int end = TextChunks.end(text, at);
      assertTrue(end > at && end - at <= TextChunks.LONGEST);
      assertTrue(end == text.length() || (text.charAt(end) == ' ' && text.charAt(end - 1) == 'd'));
      at = end;
    }
    String unbroken = "\uD83D\uDE80".repeat(70_000);
    assertEquals(0, TextChunks.end(unbroken, 0) % 2);
    assertEquals(1 + (TextChunks.LONGEST - 1) / 2 * 2, TextChunks.end("a" + unbroken, 0));
    assertEquals(2, TextChunks.end("a/" + "b".repeat(100_000), 0));
  }

  @Test
  void otherTokenizersPutTheirTokensAroundATextToo() {
    for (String json :
        List.of(TokenizerFiles.byteLevel().toString(), TokenizerFiles.unigram().toString())) {
      try (WordPieceEncoder other = new WordPieceEncoder("t", json, WINDOW)) {
        String words = "the course and a project ".repeat(2000);
        long[] ids = other.encode(words.repeat(10)).ids;
        assertArrayEquals(other.encode(words).ids, ids);
        assertEquals(0, ids[0]);
        assertEquals(2, ids[WINDOW - 1]);
      }
    }
  }
}
