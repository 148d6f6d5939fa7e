package io.github.semblance.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

@SuppressWarnings("NullAway.Init") // set before all tests
final class EvaluateCommandTest {
  @TempDir private static Path folder;
  private static String index;
  private static String model;
  private static String corpus;
  private static String queries;
  private static String qrels;
  private static String questions;

  @BeforeAll
  static void index() throws IOException {
    index = folder.resolve("index").toString();
    corpus =
        file(
            "in.jsonl",
            """
            {"id":"1","title":"Joining late","text":"You can join after the start.","course":"data"}
            {"id":"2","title":"Joining late","text":"You can join after the start.","course":"ml"}
            {"id":"3","title":"Docker","text":"Start the daemon first.","course":"ml"}
            """);
    model = TinyModel.write(folder.resolve("tiny"), 1);
    Run.of("index", corpus, "--index", index, "--model", model).succeeds();
    queries =
        file(
            "queries.jsonl",
            """
            {"_id":"a","text":"daemon"}
            {"_id":"b","text":"</script> nothing of this"}
            {"_id":"unjudged","text":"join"}
            """);
    qrels = file("qrels.tsv", "query-id\tcorpus-id\tscore\na\t3\t2\nb\t1\t1\n");
    questions =
        file("questions.csv", "question,course,document\njoin,ml,2\njoin,data,1\nstart,ml,3\n");
  }

  private static String file(String name, String content) throws IOException {
    return Files.writeString(folder.resolve(name), content).toString();
  }

  private static Run evaluate(String... options) {
    List<String> arguments = new ArrayList<>(List.of("evaluate"));
    arguments.addAll(List.of(options));
    if (arguments.contains("--index")) {
      arguments.addAll(List.of("--model", model));
    }
    return Run.of(arguments.toArray(String[]::new));
  }

  @Test
  void figuresInJson() {
    JsonNode json =
        evaluate("--index", index, "--queries", queries, "--qrels", qrels, "--json")
            .succeeds()
            .json();
    assertEquals(2, json.get("queries").asInt());
    assertEquals(
        List.of("bm25", "semantic", "hybrid"), List.copyOf(json.get("modes").propertyNames()));
    for (JsonNode mode : json.get("modes")) {
      assertEquals(
          Set.of(
              "ndcg@10",
              "recall@100",
              "mrr@10",
              "mrr@5",
              "hit_rate@5",
              "map",
              "precision@10",
              "latency_ms_p50",
              "latency_ms_p99"),
          Set.copyOf(mode.propertyNames()));
      assertTrue(mode.get("latency_ms_p50").asDouble() > 0);
    }
    // One of two queries has a hit: the other counts as 0.
    JsonNode bm25 = json.get("modes").get("bm25");
    assertEquals(0.5, bm25.get("ndcg@10").asDouble());
    assertEquals(0.5, bm25.get("recall@100").asDouble());
    assertEquals(0.05, bm25.get("precision@10").asDouble());
    assertEquals(1, json.get("modes").get("semantic").get("recall@100").asDouble());
    JsonNode comparison = json.get("comparisons").get(0);
    assertEquals("semantic", comparison.get("first").asString());
    assertEquals("bm25", comparison.get("second").asString());
  }

  @Test
  void questionsNameTheirAnswerAndFilter() {
    JsonNode json =
        evaluate(
                "--index",
                index,
                "--queries",
                questions,
                "--query-field",
                "question",
                "--relevant-field",
                "document",
                "--filter-field",
                "course",
                "--modes",
                "bm25",
                "--json")
            .succeeds()
            .json();
    assertEquals(3, json.get("queries").asInt());
    // "start" has two answers in its course, and the shorter one comes first.
    JsonNode bm25 = json.get("modes").get("bm25");
    assertEquals(1, bm25.get("mrr@5").asDouble());
    assertEquals(1, bm25.get("hit_rate@5").asDouble());
  }

  @Test
  void runsAreWrittenAndMeasuredAgain() throws IOException {
    Path run = folder.resolve("out.trec");
    Path perQuery = folder.resolve("per-query.tsv");
    String table =
        evaluate(
                "--index",
                index,
                "--queries",
                queries,
                "--qrels",
                qrels,
                "--modes",
                "bm25,hybrid",
                "--trec-run",
                run.toString(),
                "--per-query",
                perQuery.toString())
            .succeeds()
            .out();
    assertTrue(table.contains("2 queries."), table);
    assertTrue(table.lines().allMatch(line -> line.length() <= 100), table);
    List<String> lines = Files.readAllLines(perQuery);
    assertEquals(5, lines.size());
    assertTrue(lines.get(1).startsWith("a\tbm25\t1.00000\t1.00000\t"), lines.get(1));

    String bm25 = folder.resolve("out.bm25.trec").toString();
    String hybrid = folder.resolve("out.hybrid.trec").toString();
    JsonNode json =
        evaluate("--qrels", qrels, "--run", bm25, "--run", hybrid, "--json").succeeds().json();
    assertEquals(0.5, json.get("runs").get(bm25).get("ndcg@10").asDouble());
    JsonNode comparison = json.get("comparisons").get(0);
    assertEquals(hybrid, comparison.get("first").asString());
    assertEquals(1, comparison.get("wins").asInt());
    assertEquals(0, comparison.get("losses").asInt());
  }

  @Test
  void theReportIsOneFileThatLoadsNothing() throws IOException {
    Path report = folder.resolve("report.html");
    evaluate(
            "--index", index, "--queries", queries, "--qrels", qrels, "--report", report.toString())
        .succeeds();
    String page = Files.readString(report);
    assertFalse(page.contains("{{"), "all of the template is filled in");
    assertTrue(page.contains("Chart.js v"));
    assertFalse(page.matches("(?s).*<(script|link|img)[^>]+(src|href)=.*"));
    assertTrue(page.contains("\"text\":\"\\u003c/script> nothing of this\""));
    assertTrue(page.contains("hybrid #"), "the example says where the right answer is");
  }

  @Test
  void rareWordsNeedNoJudgements() {
    JsonNode json =
        evaluate("--index", index, "--rare-words", corpus, "--modes", "bm25", "--json")
            .succeeds()
            .json();
    assertEquals(12, json.get("queries").asInt(), "each spelling of a word once");
    assertTrue(json.get("modes").get("bm25").get("mrr@10").asDouble() > 0.5);
    String[] asked = {"--index", index, "--rare-words", corpus, "--modes", "bm25", "--json"};
    for (String phrasing : List.of("--in-sentences", "--in-sentences=long")) {
      assertEquals(12, evaluate(with(asked, phrasing)).succeeds().json().get("queries").asInt());
    }
  }

  @Test
  void wrongUsageIsTold() {
    evaluate("--qrels", qrels).fails(2, "--index or --run is missing");
    evaluate("--index", index, "--queries", queries).fails(2, "--qrels, --relevant-field");
    evaluate("--index", index, "--qrels", qrels).fails(2, "--queries is missing");
    String[] asked = {"--index", index, "--queries", queries, "--qrels", qrels};
    evaluate(with(asked, "--rare-words", corpus)).fails(2, "--rare-words");
    evaluate("--index", index, "--queries", queries, "--rare-words", corpus).fails(2, "--queries");
    evaluate(with(asked, "--in-sentences")).fails(2, "--in-sentences goes with --rare-words");
    evaluate(with(asked, "--metric", "ndcg@7")).fails(2, "ndcg@10", "got: \"ndcg@7\"");
    evaluate(with(asked, "--modes", "bm26")).fails(2, "bm26");
    evaluate(with(asked, "--filter-field", "course")).fails(2, "--relevant-field");
    evaluate(with(asked, "--modes", "bm25", "--report", "x.html")).fails(2, "--report");
    evaluate("--qrels", qrels, "--run", "x", "--trec-run", "y").fails(2, "--trec-run");
  }

  @Test
  void failuresAreTold() throws IOException {
    evaluate("--qrels", qrels, "--run", "nosuch.trec").fails(1, "nosuch.trec does not exist");
    String run = file("other.trec", "other Q0 1 1 0.5 x\n");
    evaluate("--qrels", qrels, "--run", run).fails(1, run, "none of the judged queries");
  }

  private static String[] with(String[] options, String... more) {
    List<String> all = new ArrayList<>(List.of(options));
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }
}
