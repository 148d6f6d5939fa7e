package io.github.semblance.index;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.semblance.embed.BagOfWordsEmbedder;
import io.github.semblance.index.PassageEmbedder.TitledText;
import java.util.List;
import org.junit.jupiter.api.Test;

class PassageEmbedderTest {
  /** Six word pieces beside the special tokens. */
  private final BagOfWordsEmbedder embedder = new BagOfWordsEmbedder(16, 8);

  @Test
  void eachDocumentGetsItsOwnPassages() {
    String text = "one two three four five six seven eight";
    List<List<PassageVector>> embedded =
        new PassageEmbedder(embedder)
            .embed(
                List.of(
                    new TitledText("", text), new TitledText(" ", ""), new TitledText("six", "")));
    assertEquals(3, embedded.size());
    assertEquals(2, embedded.get(0).size());
    for (PassageVector passage : embedded.get(0)) {
      String words = text.substring(passage.start(), passage.end());
      assertArrayEquals(
          embedder.embedPassages(List.of(words)).getFirst().vector(), passage.vector());
    }
    assertEquals(List.of(), embedded.get(1));
    assertArrayEquals(
        embedder.embedPassages(List.of("six")).getFirst().vector(),
        embedded.get(2).getFirst().vector());
  }

  @Test
  void nothingToEmbedIsNoCallOfTheModel() {
    assertEquals(
        List.of(List.of()), new PassageEmbedder(embedder).embed(List.of(new TitledText("", " "))));
  }
}
