package io.github.semblance.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.semblance.embed.BagOfWordsEmbedder;
import io.github.semblance.embed.Embedding;
import io.github.semblance.index.Passages.Passage;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PassagesTest {
  private static final int WINDOW = 66;

  /** 64 word pieces beside the special tokens. */
  private final BagOfWordsEmbedder embedder = new BagOfWordsEmbedder(4, WINDOW);

  private List<Passage> split(String title, String text) {
    return Passages.of(embedder, title, text, false).list();
  }

  @Test
  void aShortDocumentIsOnePassage() {
    assertEquals(
        List.of(new Passage(0, 10, "A title One. Two. ")), split(" A title ", "One. Two. "));
  }

  @Test
  void theWindowIsFilledBeforeAnythingIsSplit() {
    assertEquals(1, split("", words(64)).size());
    assertEquals(2, split("", words(65)).size());
    assertEquals(1, split(words(10), words(54)).size());
    assertEquals(2, split(words(10), words(55)).size());
  }

  @Test
  void titleOrTextMayBeEmpty() {
    assertEquals(List.of(new Passage(0, 0, "title")), split("title", ""));
    assertEquals(List.of(new Passage(0, 4, "text")), split("", "text"));
  }

  @Test
  void everyPassageHasTheTitleAndFitsAndNothingIsLost() {
    Random random = new Random(7);
    for (int round = 0; round < 200; round++) {
      StringBuilder text = new StringBuilder();
      for (int i = random.nextInt(600); i > 0; i--) {
        text.append("word").append(random.nextInt(50));
        text.append(List.of(" ", " ", " ", ". ", "\n", ", ", "-").get(random.nextInt(7)));
      }
      String title = words(random.nextInt(12)).strip();
      List<Passage> passages = split(title, text.toString());
      int covered = 0;
      for (Passage passage : passages) {
        assertTrue(passage.input().startsWith(title), passage.input());
        assertTrue(passage.input().endsWith(text.substring(passage.start(), passage.end())));
        assertTrue(text.substring(covered, Math.max(covered, passage.start())).isBlank());
        assertTrue(passage.end() > covered || passages.size() == 1);
        covered = passage.end();
      }
      assertEquals(text.length(), covered);
      List<Embedding> embeddings =
          embedder.embedPassages(passages.stream().map(Passage::input).toList());
      embeddings.forEach(embedding -> assertEquals(0, embedding.droppedTokens()));
    }
  }

  @Test
  void noPassageCrossesTheBorderOfASection() {
    String text = "Lead. \n# One\nFirst.\n## Two\n\n### Three\n" + words(70) + "\n";
    int one = text.indexOf("# One");
    int two = text.indexOf("## Two");
    int three = text.indexOf("### Three");
    Outline outline =
        new Outline(
            List.of(
                new Outline.Section(one, one + 6, List.of("One"), 0),
                new Outline.Section(two, two + 7, List.of("One", "Two"), 0),
                new Outline.Section(three, three + 10, List.of("One", "Two", "Three"), 0)),
            List.of());
    List<Passage> passages = Passages.of(embedder, "T", text, outline, false).list();
    assertEquals(4, passages.size(), passages.toString());
    assertEquals(new Passage(0, 5, "T Lead."), passages.get(0));
    assertEquals(new Passage(one + 6, two - 1, "T. One First."), passages.get(1));
    for (Passage passage : passages.subList(2, 4)) {
      String words = text.substring(passage.start(), passage.end());
      assertEquals("T. One. Two. Three " + words, passage.input());
      assertEquals(0, embedder.embedPassages(List.of(passage.input())).get(0).droppedTokens());
    }
    assertEquals(text.length() - 1, passages.get(3).end());
    // What is truncated is the document, not its last section.
    assertEquals(1, Passages.of(embedder, "T", text, outline, true).list().size());
  }

  @Test
  void theOuterHeadingsGoWhenThereAreTooManyWords() {
    Outline outline =
        new Outline(
            List.of(new Outline.Section(0, 0, List.of(words(20), words(20), "own"), 0)), List.of());
    Passages passages = Passages.of(embedder, "T", "Text.", outline, false);
    assertEquals("T. " + words(20) + ". own Text.", passages.list().get(0).input());
    outline = new Outline(List.of(new Outline.Section(0, 0, List.of(words(99)), 0)), List.of());
    passages = Passages.of(embedder, "T", "Text.", outline, false);
    assertTrue(passages.list().get(0).input().endsWith(" Text."));
    assertEquals(34, embedder.wordPieces(passages.list().get(0).input()).size());
    // Nothing but headings: all one.
    assertEquals(
        List.of(new Passage(0, 3, "T One")),
        Passages.of(
                embedder,
                "T",
                "One",
                new Outline(List.of(new Outline.Section(0, 3, List.of("One"), 0)), List.of()),
                false)
            .list());
  }

  @Test
  void neighboursOverlap() {
    List<Passage> passages = split("", words(200));
    for (int i = 1; i < passages.size(); i++) {
      int shared = passages.get(i - 1).end() - passages.get(i).start();
      assertEquals(16, embedder.wordPieces(words(200).substring(0, shared)).size());
    }
  }

  @Test
  void passagesEndAndBeginWithSentencesInReach() {
    String sentence = "One two three four five six seven. ";
    List<Passage> passages = split("", sentence.repeat(40));
    assertTrue(passages.size() > 5);
    for (Passage passage : passages) {
      assertTrue(passage.input().startsWith("One "), passage.input());
      assertTrue(passage.input().strip().endsWith("seven."), passage.input());
    }
  }

  @Test
  void wordsAreNotCut() {
    List<Passage> passages = split("", "well-kept ".repeat(100));
    for (Passage passage : passages) {
      assertTrue(passage.input().startsWith("well-kept"), passage.input());
      assertTrue(passage.input().strip().endsWith("well-kept"), passage.input());
    }
  }

  @Test
  void aTextWithoutWhiteSpaceIsCutAnywhere() {
    String text = "word-".repeat(5000);
    List<Passage> passages = split("", text);
    assertEquals(text.length(), passages.get(passages.size() - 1).end());
    passages.forEach(
        passage -> assertTrue(embedder.wordPieces(passage.input()).size() <= 64, passage.input()));
  }

  @Test
  void aLongTitleLeavesHalfTheWindowToTheText() {
    Passages passages = Passages.of(embedder, words(100), words(60), false);
    assertTrue(passages.titleShortened());
    assertEquals(64, embedder.wordPieces(passages.list().get(0).input()).size());
    assertFalse(Passages.of(embedder, words(32), words(60), false).titleShortened());
  }

  @Test
  void aBookIsSplitInOneGo() {
    String text = "Some sentence of a very long book. ".repeat(150_000);
    List<Passage> passages = split("Title", text);
    assertEquals(text.length(), passages.get(passages.size() - 1).end());
    assertTrue(passages.size() > 15_000);
  }

  private static String words(int count) {
    List<String> words = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      words.add("abc");
    }
    return String.join(" ", words);
  }
}
