package io.github.semblance.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.semblance.index.IndexManifest;
import io.github.semblance.index.Tuning;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

@SuppressWarnings("NullAway.Init") // set before all tests
final class TuneCommandTest {
  private static String model;
  private static Path titled;
  private static Path queries;
  private static Path qrels;

  @TempDir private Path folder;

  @BeforeAll
  static void write(@TempDir Path shared) throws IOException {
    model = TinyModel.write(shared.resolve("tiny"), 1);
    Random random = new Random(3);
    List<String> documents = new ArrayList<>();
    List<String> asked = new ArrayList<>();
    List<String> judged = new ArrayList<>(List.of("query-id\tcorpus-id\tscore"));
    for (int i = 0; i < 50; i++) {
      String text = "start" + i + " join daemon " + random.nextInt(9);
      documents.add(
          String.format(
              Locale.ROOT,
              "{\"id\":\"%d\",\"title\":\"how to start%d late\",\"text\":\"%s\"}",
              i,
              i,
              text));
      asked.add(
          String.format(Locale.ROOT, "{\"_id\":\"q%d\",\"text\":\"start%d the daemon\"}", i, i));
      judged.add(String.format(Locale.ROOT, "q%d\t%d\t1", i, i));
    }
    titled = Files.write(shared.resolve("titled.jsonl"), documents);
    queries = Files.write(shared.resolve("queries.jsonl"), asked);
    qrels = Files.write(shared.resolve("qrels.tsv"), judged);
  }

  private static Run run(String... arguments) {
    return Run.of(
        Stream.concat(Stream.of(arguments), Stream.of("--model", model)).toArray(String[]::new));
  }

  private String index() {
    return folder.resolve("index").toString();
  }

  private @Nullable Tuning tuning() throws IOException {
    return IndexManifest.read(folder.resolve("index")).tuning();
  }

  @Test
  void aNewIndexWeighsItself() throws IOException {
    JsonNode json = run("index", titled.toString(), "--index", index(), "--json").succeeds().json();
    Tuning tuning = tuning();
    assertTrue(tuning != null);
    assertEquals(50, tuning.questions());
    assertEquals("titles", json.get("tuning").get("origin").asString());
    assertEquals(
        tuning.semanticWeight(), json.get("tuning").get("semantic_weight").floatValue(), 1e-6);
    // What is there was measured; an update leaves it.
    Run updated = run("index", titled.toString(), "--index", index(), "--update").succeeds();
    assertTrue(!updated.out().contains("Meaning weighs"), updated.out());
    assertEquals(tuning, tuning());
    Run again = run("index", titled.toString(), "--index", index()).succeeds();
    assertTrue(again.out().contains("\nMeaning weighs 0."), again.out());
  }

  @Test
  void orItDoesNotAndCanBeToldTo() throws IOException {
    JsonNode json =
        run("index", titled.toString(), "--index", index(), "--no-tune", "--json")
            .succeeds()
            .json();
    assertTrue(json.get("tuning").isNull());
    assertEquals(null, tuning());
    Run tuned = run("tune", "--index", index()).succeeds();
    assertTrue(tuned.out().startsWith("Meaning weighs 0."), tuned.out());
    assertTrue(tuned.out().contains("50 titles asked of the texts"), tuned.out());
    assertTrue(tuning() != null);
  }

  @Test
  void withoutTitlesNothingIsMeasured() throws IOException {
    Path few = Files.writeString(folder.resolve("few.jsonl"), "{\"id\":\"1\",\"text\":\"daemon\"}");
    JsonNode json = run("index", few.toString(), "--index", index(), "--json").succeeds().json();
    assertTrue(json.get("tuning").isNull());
    run("tune", "--index", index()).fails(1, "fewer than 40 documents with a title", "--save");
  }

  @Test
  void judgedQueriesDrawACurveWhoseBestCanBeSaved() throws IOException {
    run("index", titled.toString(), "--index", index(), "--no-tune").succeeds();
    String[] evaluate = {
      "evaluate", "--index", index(), "--queries", queries.toString(), "--qrels", qrels.toString()
    };
    JsonNode json = run(with(evaluate, "--json")).succeeds().json();
    JsonNode weights = json.get("weights");
    assertEquals("ndcg@10", weights.get("metric").asString());
    assertEquals(21, weights.get("means").size());
    assertEquals(
        json.get("modes").get("hybrid").get("ndcg@10").asDouble(),
        weights.get("means").get("0.45").asDouble(),
        1e-5);
    assertEquals(null, tuning());
    Run saved = run(with(evaluate, "--save")).succeeds();
    assertTrue(saved.out().contains("\nBest is 0."), saved.out());
    assertTrue(saved.out().endsWith("; searches go by it.\n"), saved.out());
    Tuning tuning = tuning();
    assertTrue(tuning != null && tuning.origin() == Tuning.Origin.JUDGEMENTS);
    assertEquals(50, tuning.questions());
    assertEquals(weights.get("best").get("after").asDouble(), tuning.after(), 1e-5);
    // From here on the index's own weight is the saved one.
    JsonNode weighed = run(with(evaluate, "--json", "--semantic-weight", "0")).succeeds().json();
    assertEquals(
        weights.get("means").get("0.00").asDouble(),
        weighed.get("modes").get("hybrid").get("ndcg@10").asDouble(),
        1e-5);
    run(with(evaluate, "--semantic-weight", "1.5")).fails(2, "from 0 to 1, got: 1.5");
    run(with(evaluate, "--feedback", "--modes", "bm25")).fails(2, "--feedback go with --index");
    run(with(evaluate, "--save", "--modes", "bm25"))
        .fails(2, "--save goes with --index and the mode hybrid");
  }

  private static String[] with(String[] arguments, String... more) {
    return Stream.concat(Stream.of(arguments), Stream.of(more)).toArray(String[]::new);
  }

  @Test
  void searchesCanWeighAndMoveAndRefuse() {
    run("index", titled.toString(), "--index", index(), "--no-tune").succeeds();
    String[] search = {"search", "start7 the daemon", "--index", index(), "--json"};
    double usual = score(run(search));
    assertEquals(usual, score(run(with(search, "--semantic-weight", "0.45"))));
    assertTrue(usual != score(run(with(search, "--semantic-weight", "0.9"))));
    assertTrue(usual != score(run(with(search, "--feedback"))));
    assertTrue(run(search).json().get("confidence").isNull());
    run(with(search, "--semantic-weight", "2")).fails(2, "a number from 0 to 1, got: 2.0");
    run(with(search, "--min-confidence", "0.5")).fails(2, "has no calibration");
    assertEquals(usual, score(run(with(search, "--min-confidence", "0"))));
  }

  private static double score(Run run) {
    return run.succeeds().json().get("hits").get(0).get("score").asDouble();
  }
}
