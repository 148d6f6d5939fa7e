package io.github.semblance.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
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

/** {@code --rerank} of {@code search} and {@code evaluate}. */
@SuppressWarnings("NullAway.Init") // set before all tests
final class RerankCommandsTest {
  @TempDir private static Path folder;
  private static String index;
  private static String model;
  private static String crossEncoder;

  @BeforeAll
  static void index() throws IOException {
    index = folder.resolve("index").toString();
    Path input = folder.resolve("in.jsonl");
    Files.writeString(
        input,
        """
        {"id":"1","title":"Joining late","text":"You can join after the start."}
        {"id":"2","title":"Certificates","text":"A project earns a certificate."}
        {"id":"3","title":"Docker","text":"Start the daemon."}
        """);
    model = TinyModel.write(folder.resolve("tiny"), 1);
    crossEncoder = TinyModel.writeCrossEncoder(folder.resolve("cross"), 2);
    Run.of("index", input.toString(), "--index", index, "--model", model).succeeds();
  }

  private static Run search(String... options) {
    List<String> all = new ArrayList<>(List.of("--model", model));
    all.addAll(List.of(options));
    return searchWith(all.toArray(String[]::new));
  }

  private static Run searchWith(String... options) {
    List<String> arguments = new ArrayList<>(List.of("search", "join", "--index", index));
    arguments.addAll(List.of(options));
    return Run.of(arguments.toArray(String[]::new));
  }

  @Test
  void whatTheModelReadIsInJson() {
    JsonNode json =
        search("--rerank", crossEncoder, "--rerank-depth", "2", "--json").succeeds().json();
    assertEquals(2, json.get("reranked").asInt());
    assertEquals(3, json.get("hits").size());
    JsonNode first = json.get("hits").get(0).get("rerank");
    assertEquals(Set.of("rank", "score"), Set.copyOf(first.propertyNames()));
    assertTrue(json.get("hits").get(2).get("rerank").isNull());
    double before = 1;
    for (JsonNode hit : json.get("hits")) {
      assertTrue(hit.get("score").asDouble() <= before, json.toString());
      before = hit.get("score").asDouble();
    }
  }

  @Test
  void peopleSeeWhatTheModelSaid() {
    String out = search("--rerank", crossEncoder, "--explain").succeeds().out();
    assertTrue(
        out.matches("(?s).*semantic #\\d \\([^)]*\\), reranker #\\d \\(-?\\d+\\.\\d{3}\\).*"), out);
    assertTrue(out.contains("sigmoid of the passage's logit, times 0.5"), out);
  }

  @Test
  void evaluateAsksOnceMore() throws IOException {
    Path queries = folder.resolve("queries.jsonl");
    Files.writeString(queries, "{\"_id\":\"a\",\"text\":\"daemon\"}\n");
    Path qrels = folder.resolve("qrels.tsv");
    Files.writeString(qrels, "query-id\tcorpus-id\tscore\na\t3\t1\n");
    Path run = folder.resolve("out.trec");
    JsonNode json =
        Run.of(
                "evaluate",
                "--index",
                index,
                "--queries",
                queries.toString(),
                "--qrels",
                qrels.toString(),
                "--model",
                model,
                "--modes",
                "hybrid",
                "--rerank",
                crossEncoder,
                "--rerank-depth",
                "20",
                "--trec-run",
                run.toString(),
                "--json")
            .succeeds()
            .json();
    assertEquals(
        List.of("hybrid", "hybrid+rerank"), List.copyOf(json.get("modes").propertyNames()));
    assertTrue(Files.exists(folder.resolve("out.hybrid.trec")));
    assertTrue(Files.exists(folder.resolve("out.hybrid+rerank.trec")));
  }

  @Test
  void queriesMayHaveAModelOfTheirOwn() throws IOException {
    String other = TinyModel.write(folder.resolve("other"), 3);
    searchWith("--model", other).fails(1, "holds vectors of model");
    assertEquals(
        3, searchWith("--query-model", other, "--json").succeeds().json().get("hits").size());
    searchWith("--query-model", other, "--model", model).fails(2, "exclude each other");
    searchWith("--query-model", "all-MiniLM-L6-v2").fails(1, "as long as those of", "8, got: 384");
  }

  @Test
  void whatCannotBe() {
    search("--rerank-depth", "3").fails(2, "go with --rerank");
    search("--rerank", crossEncoder, "--rerank-depth", "0").fails(2, "from 1 to 1000, got: 0");
    search("--rerank", crossEncoder, "--rerank-ms", "0").fails(2, "more than 0, got: PT0S");
    search("--rerank", crossEncoder, "--mode", "bm25").fails(2, "follows a hybrid search");
    search("--rerank", model).fails(1, "must be a class …ForSequenceClassification");
    search("--rerank", "nosuch").fails(2, "nosuch");
    searchWith("--model", crossEncoder).fails(1, "name it after --rerank");
  }
}
