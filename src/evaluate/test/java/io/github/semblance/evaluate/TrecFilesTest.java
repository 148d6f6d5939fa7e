package io.github.semblance.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.semblance.corpus.CorpusException;
import io.github.semblance.evaluate.TrecRun.Answer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

class TrecFilesTest {

  @TempDir Path folder;

  private Path file(String content) throws IOException {
    return Files.writeString(Files.createTempFile(folder, "f", ".jsonl"), content);
  }

  private static String failure(Executable reading) {
    return String.valueOf(assertThrows(EvaluationException.class, reading).getMessage());
  }

  @Test
  void bothFormatsGiveTheSameJudgements() throws IOException {
    for (String content :
        List.of(
            "query-id\tcorpus-id\tscore\n1\td 1\t2\r\n1\td2\t0\n\n2\td2\t1\n".replace("d 1", "d1"),
            "1\td1\t2\n1\td2\t0\n2\td2\t1",
            "1 0 d1 2\n1 0\td2   0\n2 Q0 d2 1\n")) {
      Judgements judgements = Judgements.read(file(content));
      assertEquals(Set.of("1", "2"), judgements.topics());
      assertEquals(Map.of("d1", 2, "d2", 0), judgements.grades("1"));
      assertEquals(Map.of("d2", 1), judgements.grades("2"));
      assertEquals(Map.of(), judgements.grades("3"));
    }
  }

  @Test
  void badJudgementsAreRefusedWithTheirLine() throws IOException {
    Path twice = file("1\td\t1\n1\td\t1\n");
    assertEquals(
        twice + ":2: document \"d\" is judged twice for topic \"1\"",
        failure(() -> Judgements.read(twice)));
    Path grade = file("1 0 d 1\n\n1 0 e high\n");
    assertEquals(
        grade + ":3: a grade must be a whole number, got: \"high\"",
        failure(() -> Judgements.read(grade)));
    Path columns = file("1 0 d\n");
    assertTrue(failure(() -> Judgements.read(columns)).startsWith(columns + ":1: "));
    Path empty = file("query-id\tcorpus-id\tscore\n");
    assertEquals(empty + " holds no judgements", failure(() -> Judgements.read(empty)));
    Path missing = folder.resolve("none");
    assertEquals(missing + " does not exist", failure(() -> Judgements.read(missing)));
    Path latin = Files.write(file(""), "1 0 \u00e4 1\n".getBytes(StandardCharsets.ISO_8859_1));
    assertEquals(latin + " is not UTF-8", failure(() -> Judgements.read(latin)));
  }

  @Test
  void runIsOrderedAsTrecEvalOrdersIt() {
    // Of equal scores the greater id comes first; scores that differ in double only are equal.
    TrecRun run =
        new TrecRun(
            "t",
            Map.of(
                "1",
                List.of(
                    new Answer("b", 0.5f),
                    new Answer("B", 0.5f),
                    new Answer("c", (float) 0.50000000001),
                    new Answer("\uD83D\uDE00", 0.5f),
                    new Answer("\uFFFD", 0.5f),
                    new Answer("a", 0.75f),
                    new Answer("z", -1f))));
    assertEquals(List.of("a", "\uD83D\uDE00", "\uFFFD", "c", "b", "B", "z"), run.ranking("1"));
    assertEquals(List.of(), run.ranking("2"));
  }

  @Test
  void runSurvivesWritingAndReading() throws IOException {
    Path file = folder.resolve("run.txt");
    new TrecRun("mine", Map.of("1", List.of(new Answer("a", 1e-7f), new Answer("b", 12345678f))))
        .write(file);
    assertEquals("1 Q0 b 1 1.2345678E7 mine\n1 Q0 a 2 1.0E-7 mine\n", Files.readString(file));
    TrecRun read = TrecRun.read(file);
    assertEquals("mine", read.tag());
    assertEquals(List.of("b", "a"), read.ranking("1"));
  }

  @Test
  void ranksInTheFileDoNotMatter() throws IOException {
    assertEquals(
        List.of("b", "a"), TrecRun.read(file("1 Q0 a 1 0.1 t\n1 Q0 b 2 0.2 t\n")).ranking("1"));
  }

  @Test
  void badRunsAreRefused() throws IOException {
    Path twice = file("1 Q0 a 1 2 t\n1 Q0 a 2 1 t\n");
    assertEquals(
        twice + ": document \"a\" answers topic \"1\" twice", failure(() -> TrecRun.read(twice)));
    Path score = file("1 Q0 a 1 best t\n");
    assertEquals(
        score + ":1: a score must be a number, got: \"best\"", failure(() -> TrecRun.read(score)));
    Path nan = file("1 Q0 a 1 NaN t\n");
    assertTrue(failure(() -> TrecRun.read(nan)).contains("got: NaN"));
    Path empty = file("");
    assertEquals(empty + " holds no answers", failure(() -> TrecRun.read(empty)));
    TrecRun spaced = new TrecRun("t", Map.of("1", List.of(new Answer("my file.md", 1))));
    assertTrue(failure(() -> spaced.write(folder.resolve("r"))).contains("my file.md"));
  }

  @Test
  void trecTopicsHaveTitles() throws IOException {
    Path topics =
        file(
            """
            <top>
            <num> Number: 301
            <title> International
             Organized Crime

            <desc> Description:
            Identify organizations
            </top>
            <top><num>302</num><title>Topic: Polio</title></top>
            """);
    assertEquals(
        List.of(
            new Topic("301", "International Organized Crime", Map.of()),
            new Topic("302", "Polio", Map.of())),
        TestCollection.read(topics, file("301 0 a 1\n302 0 b 1\n")).topics());
    Path untitled = file("<top>\n<num>1\n</top>\n<top>\n");
    Path qrels = file("1 0 a 1\n");
    assertTrue(
        failure(() -> TestCollection.read(untitled, qrels)).startsWith(untitled + ":1: a topic"));
  }

  @Test
  void queriesWithoutJudgementsAreLeftOutAndTheReverseIsAnError() throws IOException {
    Path queries = file("{\"_id\":\"1\",\"text\":\"q\"}\n{\"_id\":\"2\",\"text\":\"r\"}\n");
    assertEquals(
        List.of(new Topic("2", "r", Map.of())),
        TestCollection.read(queries, file("2 0 a 1\n")).topics());
    Path qrels = file("3 0 a 1\n");
    assertEquals(
        "topic \"3\" has judgements, but no query has that id",
        failure(() -> TestCollection.read(queries, qrels)));
    Path twice = file("{\"_id\":\"2\",\"text\":\"q\"}\n{\"_id\":\"2\",\"text\":\"r\"}\n");
    assertEquals("two queries have the id \"2\"", failure(() -> TestCollection.read(twice, qrels)));
    Path bad = file("{\"_id\":\"2\",\"text\":\"q\"}\noops\n");
    assertTrue(failure(() -> TestCollection.read(bad, qrels)).startsWith(bad + ":2: malformed"));
    Path bare = file("{\"text\":\"q\"}\n");
    assertEquals(
        bare + ":1: the record has no id", failure(() -> TestCollection.read(bare, qrels)));
  }

  @Test
  void questionsNameTheirAnswersAndFilters() throws IOException {
    Path questions = folder.resolve("q.csv");
    Files.writeString(questions, "question,course,document\nWhen?,c1,d1\n\"When?\",c2,d2\n");
    TestCollection collection =
        TestCollection.ofQuestions(questions, "question", "document", List.of("course"));
    assertEquals(
        List.of(
            new Topic("1", "When?", Map.of("course", List.of("c1"))),
            new Topic("2", "When?", Map.of("course", List.of("c2")))),
        collection.topics());
    assertEquals(Map.of("d2", 1), collection.judgements().grades("2"));

    assertThrows(
        CorpusException.class,
        () -> TestCollection.ofQuestions(questions, "question", "answer", List.of()));
    Files.writeString(questions, "question,course,document\nWhen?,c1,\nWhy?,c1,d1\n");
    assertEquals(
        questions + ": question 1 has no value in field \"document\"",
        failure(() -> TestCollection.ofQuestions(questions, "question", "document", List.of())));
  }

  @Test
  void courseQuestions() {
    Path csv = Path.of("../shared/data/faq/ground-truth-data.csv");
    assumeTrue(Files.exists(csv), "the questions are not here: " + csv);
    TestCollection collection =
        TestCollection.ofQuestions(csv, "question", "document", List.of("course"));
    assertEquals(4627, collection.topics().size());
    assertEquals(Map.of("c02e79ef", 1), collection.judgements().grades("1"));
  }

  @Test
  void scifact() {
    Path folder = Path.of("../shared/data/scifact");
    assumeTrue(Files.exists(folder), "SciFact is not here: " + folder);
    TestCollection collection =
        TestCollection.read(folder.resolve("queries.jsonl"), folder.resolve("qrels/test.tsv"));
    assertEquals(300, collection.topics().size());
    assertEquals(Map.of("31715818", 1), collection.judgements().grades("1"));
  }
}
