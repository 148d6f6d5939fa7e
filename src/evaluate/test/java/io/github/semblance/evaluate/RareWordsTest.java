package io.github.semblance.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.semblance.index.SourceDocument;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RareWordsTest {
  private static final List<SourceDocument> DOCUMENTS =
      IntStream.range(0, 5)
          .mapToObj(
              i ->
                  new SourceDocument(
                      "d" + i,
                      i == 4 ? "everywhere" : "everywhere TGF-\u03b21,",
                      "(own" + i + ") it " + (i < 3 ? "shared" : "config.yaml."),
                      Map.of("course", List.of("keyword" + i))))
          .toList();

  private static Set<String> words(TestCollection collection) {
    return collection.topics().stream().map(Topic::text).collect(Collectors.toSet());
  }

  @Test
  void eachQueryIsAWordOfTitleOrTextThatAtMostThreeDocumentsHave() {
    TestCollection all = RareWords.of(DOCUMENTS, 100, 1, Phrasing.ALONE);
    assertEquals(
        Set.of("own0", "own1", "own2", "own3", "own4", "shared", "config.yaml"), words(all));
    for (Topic topic : all.topics()) {
      Map<String, Integer> grades = all.judgements().grades(topic.id());
      assertEquals(List.of(1), List.copyOf(grades.values()), topic.text());
      String document = grades.keySet().iterator().next();
      switch (topic.text()) {
        case "shared" -> assertTrue(Set.of("d0", "d1", "d2").contains(document));
        case "config.yaml" -> assertTrue(Set.of("d3", "d4").contains(document));
        default -> assertEquals(topic.text(), "own" + document.substring(1));
      }
    }
  }

  @Test
  void wordsAreTheSameHoweverTheyAreAskedFor() {
    TestCollection alone = RareWords.of(DOCUMENTS, 100, 1, Phrasing.ALONE);
    for (Phrasing phrasing : Phrasing.values()) {
      TestCollection asked = RareWords.of(DOCUMENTS, 100, 1, phrasing);
      assertEquals(alone.topics().size(), asked.topics().size());
      for (Topic topic : asked.topics()) {
        assertEquals(alone.judgements().grades(topic.id()), asked.judgements().grades(topic.id()));
        assertTrue(topic.text().contains(topic.id()), topic.text());
        int words = topic.text().split(" ", -1).length;
        switch (phrasing) {
          case ALONE -> assertEquals(topic.id(), topic.text());
          case SENTENCE -> assertTrue(words > 5 && words < 20, topic.text());
          case LONG -> assertTrue(words > 50, topic.text());
        }
      }
      assertEquals(asked.topics(), RareWords.of(DOCUMENTS, 100, 1, phrasing).topics());
    }
  }

  @Test
  void theSeedDecidesWhatIsDrawn() {
    Set<String> drawn = words(RareWords.of(DOCUMENTS, 3, 1, Phrasing.ALONE));
    assertEquals(3, drawn.size());
    assertEquals(drawn, words(RareWords.of(DOCUMENTS, 3, 1, Phrasing.ALONE)));
    assertNotEquals(
        Set.of(drawn),
        IntStream.range(2, 9)
            .mapToObj(seed -> words(RareWords.of(DOCUMENTS, 3, seed, Phrasing.ALONE)))
            .collect(Collectors.toSet()));
  }

  @Test
  void documentsAreReadAsAnIndexReadsThem(@TempDir Path folder) throws IOException {
    Path documents =
        Files.writeString(
            folder.resolve("in.jsonl"),
            """
            {"id":"1","text":"replaced"}
            {"id":"1","text":"stays"}
            """);
    List<String> input = List.of(documents.toString());
    assertEquals(Set.of("stays"), words(TestCollection.ofRareWords(input, 9, 1, Phrasing.ALONE)));
    Files.writeString(documents, "{\"id\":\"1\",\"text\":\"..\"}");
    assertEquals(
        input + ": no document has a rare word",
        assertThrows(
                EvaluationException.class,
                () -> TestCollection.ofRareWords(input, 9, 1, Phrasing.ALONE))
            .getMessage());
  }
}
