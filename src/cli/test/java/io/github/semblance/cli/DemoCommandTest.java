package io.github.semblance.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

@SuppressWarnings("NullAway.Init") // set before all tests
final class DemoCommandTest {
  private static Run run;

  @BeforeAll
  static void demo() {
    run = Run.of("demo");
    assertEquals(0, run.code(), run.err());
  }

  @Test
  void answersSideBySide() {
    List<String> lines = run.out().lines().toList();
    assertTrue(lines.get(0).startsWith("Indexed "), run.out());
    assertTrue(run.out().contains("I just signed up. Is it too late to join the course?"));
    int head = 0;
    while (!lines.get(head).matches(" +BM25 +semantic +hybrid *")) {
      head++;
    }
    for (int i = 1; i <= 5; i++) {
      String start = i + ". ";
      assertTrue(lines.stream().anyMatch(line -> line.startsWith(start)), run.out());
    }
    List<String> table = lines.subList(head, head + lines.subList(head, lines.size()).indexOf(""));
    assertTrue(table.stream().allMatch(line -> line.length() <= 100), run.out());
    assertTrue(table.stream().noneMatch(line -> line.contains("--")), run.out());
    // A title of one to three lines, and a line of text.
    assertTrue(table.size() >= 1 + 5 * 2 && table.size() <= 1 + 5 * 4, run.out());
    assertTrue(table.stream().filter(line -> line.endsWith("…")).count() >= 4, run.out());
    assertTrue(run.out().contains("Try next:"), run.out());
  }

  /** BM25 reaches .6717 and hybrid .7521. */
  @Test
  void hybridFindsRareWordsBetterThanKeywordsDo() {
    RareWords.assertFoundBetter("index/demo", "data/faq/documents.json");
  }

  /** At the default limit, of both at least 93 of 100. */
  @Test
  void ownQuestionsAreAnsweredAndOthersAreNot() throws IOException {
    List<String> own =
        Files.readAllLines(Path.of("data/faq/queries.jsonl")).stream()
            .map(line -> JsonMapper.shared().readTree(line).get("text").asString())
            .toList();
    assertTrue(answered(own) >= 0.93, "own: " + answered(own));
    List<String> others =
        List.of(
            "Which spices belong in a vegetable curry?",
            "How long is a cat pregnant?",
            "Who was the first woman in space?",
            "How do I bleed a radiator?",
            "What is the difference between jam and jelly?",
            "Are tomatoes a fruit or a vegetable?",
            "How far can a kangaroo jump?",
            "What is the best bait for trout?",
            "How do I iron a silk blouse?",
            "Which river flows through Vienna?",
            "How is the area of a circle computed?",
            "What helps against hay fever?",
            "How many keys does a piano have?",
            "When is the next eclipse of the sun?",
            "How do I plant tulips in autumn?",
            "Does aspirin lower the risk of a stroke?",
            "How much does a blue whale weigh?",
            "Who may vote in a local election?",
            "What is the boiling point of alcohol?",
            "How do I tie a bow tie?",
            "Why did the Titanic sink?",
            "How do I descale a kettle?",
            "Which cheese goes on a fondue?",
            "How high is the highest waterfall in the world?",
            "What does a heat pump cost to run?",
            "How do I stop my puppy from biting?",
            "Which plants grow in the shade?",
            "How is glass made?",
            "What is a good rhythm for jogging?",
            "How do I read a weather map?");
    assertTrue(answered(others) <= 0.07, "others: " + answered(others));
  }

  /** Which share of questions gets hits. */
  private static double answered(List<String> questions) {
    Run asked =
        Run.withInput(
            String.join("\n", questions).getBytes(StandardCharsets.UTF_8),
            "search",
            "--index",
            "index/demo",
            "--top",
            "1",
            "--json");
    List<String> answers = asked.succeeds().out().lines().toList();
    assertEquals(questions.size(), answers.size());
    long answered =
        answers.stream()
            .filter(line -> !JsonMapper.shared().readTree(line).get("hits").isEmpty())
            .count();
    return answered / (double) questions.size();
  }
}
