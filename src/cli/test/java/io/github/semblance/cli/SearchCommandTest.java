package io.github.semblance.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.semblance.embed.BagOfWordsEmbedder;
import io.github.semblance.index.SemanticIndexWriter;
import io.github.semblance.index.SemanticIndexWriterConfig;
import io.github.semblance.index.SourceDocument;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.lucene.index.IndexWriterConfig.OpenMode;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

@SuppressWarnings("NullAway.Init") // set before all tests
final class SearchCommandTest {
  private static String model;
  private static String other;
  private static String index;

  @BeforeAll
  static void index(@TempDir Path folder) throws IOException {
    model = TinyModel.write(folder.resolve("tiny"), 1);
    other = TinyModel.write(folder.resolve("other"), 2);
    index = folder.resolve("index").toString();
    Path input = folder.resolve("in.jsonl");
    Files.writeString(
        input,
        """
        {"id":"1","title":"Joining late","text":"You can join after the start.","course":"data",\
        "price":"5","day":"2024-01-05"}
        {"id":"2","title":"Certificates","text":"A project earns a certificate.","course":"data",\
        "price":"100","day":"2024-01-01"}
        {"id":"3","title":"Docker","text":"Start\\u001B[1m the daemon.","course":"ml",\
        "price":"20","day":"2024-02-20"}
        """);
    Run.of("index", input.toString(), "--index", index, "--model", model).succeeds();
  }

  private static Run search(String query, String... options) {
    List<String> arguments = new ArrayList<>(List.of("search", query, "--index", index));
    arguments.addAll(List.of(options));
    if (!arguments.contains("--model")) {
      arguments.addAll(List.of("--model", model));
    }
    return Run.of(arguments.toArray(String[]::new));
  }

  @ParameterizedTest
  @ValueSource(strings = {"hybrid", "bm25", "semantic", "bm25"})
  void answersInJson(String mode) {
    JsonNode json = search("join", "--mode", mode, "--json", "--top", "2").succeeds().json();
    assertEquals(
        Set.of(
            "query",
            "mode",
            "took_ms",
            "total",
            "total_relation",
            "timed_out",
            "confidence",
            "hits"),
        Set.copyOf(json.propertyNames()));
    assertEquals("eq", json.get("total_relation").asString());
    assertFalse(json.get("timed_out").asBoolean());
    assertEquals("join", json.get("query").asString());
    assertEquals(mode.toLowerCase(Locale.ROOT), json.get("mode").asString());
    assertTrue(json.get("took_ms").asDouble() > 0);
    JsonNode hits = json.get("hits");
    assertEquals(mode.equalsIgnoreCase("bm25") ? 1 : 2, hits.size());
    assertTrue(json.get("total").asInt() >= hits.size());
    int rank = 0;
    for (JsonNode hit : hits) {
      assertEquals(
          Set.of("rank", "id", "score", "lexical", "semantic", "fields", "passage"),
          Set.copyOf(hit.propertyNames()));
      assertEquals(++rank, hit.get("rank").asInt());
      assertEquals(mode.equalsIgnoreCase("bm25"), hit.get("semantic").isNull());
      if (mode.equals("semantic")) {
        assertTrue(hit.get("lexical").isNull());
      }
      for (String leg : List.of("lexical", "semantic")) {
        if (!hit.get(leg).isNull()) {
          assertEquals(Set.of("rank", "score"), Set.copyOf(hit.get(leg).propertyNames()));
        }
      }
      JsonNode fields = hit.get("fields");
      assertEquals(
          Set.of("title", "text", "course", "price", "day"), Set.copyOf(fields.propertyNames()));
      JsonNode passage = hit.get("passage");
      if (!passage.isNull()) {
        assertEquals(
            passage.get("text").asString(),
            fields
                .get("text")
                .asString()
                .substring(passage.get("start").asInt(), passage.get("end").asInt()));
      }
    }
  }

  @Test
  void answersForPeople() {
    Run run = search("daemon", "--mode", "bm25").succeeds();
    List<String> lines = run.out().lines().toList();
    assertEquals(" 1. Docker", lines.get(0));
    assertTrue(lines.get(1).matches("    \\d\\.\\d{4}  lexical #1 \\(.*\\)  \\[3\\]"), run.out());
    assertEquals("    Start [1m the daemon.", lines.get(2));
    assertTrue(lines.get(4).matches("1 of 1 hits, \\d+ ms"), run.out());
    assertEquals("No hits.\n", search("nosuch", "--mode", "bm25").succeeds().out());
  }

  @Test
  void hitsAndCandidatesAreToldApart() {
    assertTrue(search("daemon").out().contains("\n3 of 3 candidates, "), search("daemon").out());
    assertTrue(search("daemon", "--mode", "semantic").out().contains("\n3 of 3 candidates, "));
    assertTrue(search("daemon", "--syntax", "lucene").out().contains("\n1 of 1 hits, "));
  }

  @Test
  void pagesAndFacets() {
    Run second = search("you project daemon", "--from", "1", "--top", "1", "--facet", "course");
    String out = second.succeeds().out();
    assertTrue(out.startsWith(" 2. "), out);
    assertTrue(out.contains("\ncourse: data (2), ml (1)\n2 to 2 of 3 candidates, "), out);
    out = search("daemon", "--from", "7", "--facet", "course:1").succeeds().out();
    assertEquals("No more hits: 3 candidates.\ncourse: data (2)\n", out);
    JsonNode json =
        search("daemon", "--mode", "bm25", "--facet", "course", "--json").succeeds().json();
    assertEquals("{\"course\":[{\"value\":\"ml\",\"count\":1}]}", json.get("facets").toString());
    search("daemon", "--facet", "colour")
        .fails(2, "no field \"colour\" to facet by; this index has");
    search("daemon", "--facet", "course:0").fails(2, "a facet must count at least 1 value, got: 0");
    search("daemon", "--from", "-1").fails(2, "from must be at least 0, got: -1");
  }

  @Test
  void highlightsHavePlacesInTheText() {
    JsonNode passage =
        search("join", "--highlight", "--top", "1", "--json")
            .succeeds()
            .json()
            .at("/hits/0/passage");
    assertTrue(passage.has("highlight"), passage.toString());
    String text = passage.get("text").asString();
    JsonNode highlight = passage.get("highlight");
    assertEquals(text, highlight.get("text").asString()); // of one sentence
    assertEquals(0, highlight.get("start").asInt());
    assertEquals(text.length(), highlight.get("end").asInt());
    assertEquals("You can join after the start.", text);
    assertEquals(8, highlight.at("/words/0/start").asInt());
    assertEquals(12, highlight.at("/words/0/end").asInt());
    assertEquals(text.length(), highlight.at("/around/end").asInt());
    assertTrue(Math.abs(highlight.get("cosine").asDouble()) <= 1);
    assertFalse(search("join", "--json").succeeds().json().at("/hits/0/passage").has("highlight"));
  }

  @Test
  void rangesAndOrder() {
    assertEquals(
        List.of("3", "2"),
        ids(search("you", "--range", "price=20..", "--sort", "price", "--json")));
    assertEquals(List.of("3"), ids(search("you", "--range", "day=2024-02..2024-02", "--json")));
    assertEquals(
        List.of("1", "2", "3"),
        ids(search("you", "--sort", "course:asc", "--sort", "day:desc", "--json")));
    Run byPrice = search("daemon", "--mode", "bm25", "--sort", "price:desc").succeeds();
    assertFalse(byPrice.out().contains("lexical"), byPrice.out());
    search("you", "--range", "price=cheap").fails(2, "must have the form field=low..high");
    search("you", "--range", "price=cheap..")
        .fails(2, "ends that are numbers or ISO dates, got: cheap..");
    search("you", "--range", "price=20..10").fails(2, "not end before it begins, got: 20..10");
    String grouped = search("you", "--group-by", "course", "--diversify", "0.4").succeeds().out();
    assertTrue(grouped.contains(", best of 2 with data  ["), grouped);
    assertTrue(grouped.contains(", best of 1 with ml  [3]"), grouped);
    search("you", "--group-by", "course", "--sort", "day")
        .fails(2, "leave out the order by fields");
    search("you", "--sort", "colour").fails(2, "no field \"colour\" to sort by");
  }

  @Test
  void timeLimit() {
    search("start", "--timeout", "5m").succeeds();
    for (String mode : List.of("bm25", "hybrid")) {
      Run run = search("start", "--mode", mode, "--timeout", "0.000001ms", "--json");
      assertEquals(1, run.code());
      assertTrue(run.json().get("timed_out").asBoolean(), run.out());
      assertEquals(
          List.of(
              "semblance: the search was not done after 0.000000001 s; what it had found may lack"
                  + " the best; allow more with --timeout"),
          run.messages());
    }
    Run run = search("start", "--timeout", "0.000001ms");
    assertEquals("No hits in the time given.\n", run.out());
    search("start", "--timeout", "0").fails(2, "more than 0");
    search("start", "--timeout", "soon").fails(2, "--timeout", "\"soon\" is no duration", "500ms");
    search("start", "--timeout", "-5s").fails(2, "--timeout");
    Run session =
        Run.typing(
            "start\n\n", "search", "--index", index, "--model", model, "--timeout", "0.000001ms");
    assertEquals(0, session.code(), session.err());
    assertTrue(session.err().contains("not done after"), session.err());
  }

  @Test
  void durations() {
    DurationConverter converter = new DurationConverter();
    assertEquals(Duration.ofSeconds(5), converter.convert("5s"));
    assertEquals(Duration.ofSeconds(30), converter.convert("30"));
    assertEquals(Duration.ofMillis(500), converter.convert("500ms"));
    assertEquals(Duration.ofSeconds(90), converter.convert("1.5m"));
    assertEquals(Duration.ofHours(999_999_999), converter.convert("999999999h"));
    assertEquals("0.5 s", DurationConverter.words(Duration.ofMillis(500)));
    assertEquals("60 s", DurationConverter.words(Duration.ofMinutes(1)));
  }

  @Test
  void interruptionOfASession() {
    AtomicInteger ended = new AtomicInteger();
    try (Interruption interruption = new Interruption(ended::incrementAndGet)) {
      interruption.begin();
      interruption.press();
      assertTrue(interruption.shouldExit());
      assertEquals(0, ended.get());
      interruption.press(); // the search does not end
      assertEquals(1, ended.get());
      interruption.done();
      interruption.begin();
      assertFalse(interruption.shouldExit());
      interruption.done();
      interruption.press(); // nothing runs
      assertEquals(2, ended.get());
      assertFalse(interruption.shouldExit());
    }
  }

  @Test
  void anyTerminal() {
    for (int columns = 0; columns <= 56; columns++) {
      String[] arguments = {"search", "start the daemon", "--index", index, "--mode", "bm25"};
      assertTrue(Run.inColumns(columns, arguments).succeeds().out().contains("1. "), "" + columns);
    }
  }

  @Test
  void optionsReachTheSearch() {
    assertEquals(List.of("3"), ids(search("start", "--filter", "course=ml", "--json")));
    assertEquals(
        2,
        ids(search(
                "start",
                "--mode",
                "bm25",
                "--filter",
                "course=ml",
                "--filter",
                "course=data",
                "--json"))
            .size());
    assertEquals(
        List.of(), ids(search("zzz", "--mode", "semantic", "--min-similarity", "1", "--json")));
    assertEquals(
        "1", ids(search("late start", "--mode", "bm25", "--boost", "title=3", "--json")).get(0));
    JsonNode hit =
        search("join", "--explain", "--json", "--mode", "bm25").json().get("hits").get(0);
    assertTrue(hit.get("explanation").asString().contains("join"));
    assertTrue(search("join", "--explain").succeeds().out().contains("sum of"));
  }

  private static List<String> ids(Run run) {
    return run.json().get("hits").valueStream().map(hit -> hit.get("id").asString()).toList();
  }

  @Test
  void wrongOptions() {
    search("").fails(2, "must not be empty");
    search(" \t").fails(2, "must not be empty");
    search("x", "--filter", "nosuch=x", "--mode", "bm25").fails(2, "nosuch", "course");
    search("x", "--filter", "nosuch=x", "--json").fails(2, "nosuch", "course");
    search("x", "--filter", "course").fails(2, "field=value", "course");
    search("x", "--boost", "nosuch=2").fails(2, "nosuch", "title, text");
    search("x", "--boost", "title=much").fails(2, "much");
    search("x", "--boost", "title=-1").fails(2, "-1");
    search("x", "--boost", "title=2", "--mode", "semantic").fails(2, "semantic");
    search("x", "--mode", "nosuch").fails(2, "nosuch", "one of hybrid, bm25, semantic but");
    search("x", "--top", "0").fails(2, "at least 1");
    search("x", "--top", "all").fails(2, "--top", "all");
    search("x", "--min-similarity", "2").fails(2, "-1 to 1");
    search("x", "--min-similarity", "0.5", "--mode", "bm25").fails(2, "bm25");
    Run.of("search", "--index", index, "--mode", "bm25").fails(2, "QUERY");
  }

  @Test
  void luceneSyntax() {
    assertEquals(
        List.of("3"),
        ids(search("+course:ml start*", "--syntax", "lucene", "--mode", "bm25", "--json")));
    JsonNode both =
        search("+course:data ~\"the daemon\"^20", "--syntax", "lucene", "--json")
            .json()
            .get("hits");
    assertEquals(2, both.size());
    assertTrue(both.get(0).get("lexical").isNull());
    assertFalse(both.get(0).get("passage").isNull());
    Run run = search("~\"the daemon\"", "--syntax", "lucene", "--filter", "course=ml").succeeds();
    assertTrue(run.out().lines().toList().get(1).matches("    \\d\\.\\d{4}    \\[3]"), run.out());
    search("late (x", "--syntax", "lucene").fails(2, "the query ends too soon, at character 8");
    Run.of("search", "~\"x\"", "--index", index, "--syntax", "lucene", "--mode", "bm25")
        .fails(2, "needs a model");
    search("x", "--syntax", "lucene", "--mode", "semantic").fails(2, "hybrid and bm25");
    search("x", "--syntax", "lucene", "--boost", "title=2").fails(2, "boosts");
    search("x", "--syntax", "sql").fails(2, "sql", "one of plain, lucene but");
  }

  @Test
  void documentsLikeOne() {
    JsonNode json = Run.of("search", "--like", "1", "--index", index, "--json").succeeds().json();
    assertEquals("1", json.get("like").asString());
    assertEquals("semantic", json.get("mode").asString());
    assertEquals(
        Set.of("2", "3"),
        json.get("hits")
            .valueStream()
            .map(hit -> hit.get("id").asString())
            .collect(Collectors.toSet()));
    Run filtered =
        Run.of("search", "--like", "1", "--index", index, "--filter", "course=data", "--json");
    assertEquals(List.of("2"), ids(filtered.succeeds()));
    Run.of("search", "--like", "nosuch", "--index", index)
        .fails(2, "no document has the id \"nosuch\"");
    Run.of("search", "--like", "1", "--index", index, "--mode", "bm25").fails(2, "semantic");
    search("x", "--like", "1").fails(2, "exclude each other");
  }

  @Test
  void topMayBeMoreThanThereIs() {
    for (String mode : List.of("bm25", "semantic", "hybrid")) {
      assertFalse(
          ids(search("start", "--mode", mode, "--top", "2000000000", "--json")).isEmpty(), mode);
    }
  }

  @Test
  void queryOfTenThousandWords(@TempDir Path folder) throws IOException {
    String words =
        IntStream.range(0, 10_000)
            .mapToObj(i -> TinyModel.WORD + i)
            .collect(Collectors.joining(" "));
    Path input = folder.resolve("in.jsonl");
    Files.writeString(input, "{\"id\":\"all\",\"text\":\"" + words + "\"}");
    String large = folder.resolve("index").toString();
    Run.of("index", input.toString(), "--index", large, "--model", model).succeeds();
    Run run = Run.of("search", words, "--index", large, "--model", model, "--json");
    assertEquals(0, run.code(), run.err());
    assertEquals(List.of("all"), ids(run));
    assertEquals(2, run.messages().size(), run.err());
    assertTrue(run.messages().get(0).contains("too long for keyword search"), run.err());
    assertTrue(run.messages().get(1).contains("longer than the model's window"), run.err());
  }

  @Test
  void noIndex(@TempDir Path folder) throws IOException {
    String missing = folder.resolve("missing").toString();
    Run.of("search", "x", "--index", missing).fails(1, missing, "does not exist");
    assertFalse(Files.exists(Path.of(missing)));
    Run.of("search", "x", "--index", folder.toString()).fails(1, folder.toString(), "no index");
    Path file = Files.writeString(folder.resolve("file"), "");
    Run.of("search", "x", "--index", file.toString()).fails(1, "not a folder");
    Files.writeString(folder.resolve("segments_1"), "rubbish");
    Run.of("search", "x", "--index", folder.toString()).fails(1, folder.toString());
  }

  @Test
  void anotherModel() {
    Run run = search("x", "--model", other);
    run.fails(1, "\"" + model + "\"", "\"" + other + "\"");
    search("x", "--model", other, "--mode", "bm25").fails(1, model, other);
    search("x", "--model", "nosuch").fails(2, "nosuch");
    search("x", "--model", model).succeeds();
  }

  @Test
  void modelThatIsGone(@TempDir Path folder) throws IOException {
    String strange = folder.toString();
    try (SemanticIndexWriter writer =
        SemanticIndexWriter.open(
            folder,
            new BagOfWordsEmbedder(),
            new SemanticIndexWriterConfig().setOpenMode(OpenMode.CREATE))) {
      writer.updateDocument(new SourceDocument("a", "", "found without a model", Map.of()));
      writer.commit();
    }
    Run.of("search", "model", "--index", strange)
        .fails(1, strange, "\"bag-of-words\"", "cannot be loaded", "--model");
    Run.of("search", "model", "--index", strange, "--model", model)
        .fails(1, "\"bag-of-words\"", "\"" + model + "\"");
    Run.of("search", "model", "--index", strange, "--mode", "bm25").succeeds();
  }

  @Test
  void conversation() {
    Run run =
        Run.typing(
            "join\n\ncertificate\n:quit\njoin\n", "search", "--index", index, "--mode", "bm25");
    assertEquals(0, run.code());
    assertEquals(2, run.out().lines().filter(line -> line.startsWith(" 1. ")).count(), run.out());
    assertEquals("3 documents; :help tells what can be typed.\n> > > > ", run.err());
    Run end = Run.typing("join", "search", "--index", index, "--mode", "bm25", "--json");
    assertEquals("3 documents; :help tells what can be typed.\n> > \n", end.err());
    assertEquals("1", end.json().get("hits").get(0).get("id").asString());
    Run.typing("x\ny\n", "search", "--index", index, "--model", model, "--filter", "nosuch=1")
        .fails(2, "no field \"nosuch\" to filter by");
  }

  @ParameterizedTest
  @ValueSource(strings = {"hybrid", "bm25", "semantic"})
  void halfAnEmojiInTheQueryIsReplaced(String mode) {
    for (String query : List.of("daemon \ud83d", "\ude80 daemon", "daemon\ud83d")) {
      JsonNode json = search(query, "--mode", mode, "--json").succeeds().json();
      assertEquals(query.replaceAll("[\ud800-\udfff]", "\ufffd"), json.get("query").asString());
      assertTrue(json.get("hits").size() >= 1, json::toString);
      if (!mode.equals("semantic")) {
        assertEquals("3", json.at("/hits/0/id").asString());
      }
      if (!mode.equals("semantic")) {
        search(query, "--mode", mode, "--syntax", "lucene", "--json").succeeds();
      }
    }
    search("~\"daemon \ud83d\"", "--syntax", "lucene", "--json").succeeds();
  }

  @Test
  void halfAnEmojiThatIsTypedIsReplaced() {
    byte[] line = "daemon XYZ\n\n".getBytes(StandardCharsets.ISO_8859_1);
    System.arraycopy(new byte[] {(byte) 0xF0, (byte) 0x9F, (byte) 0x9A}, 0, line, 7, 3);
    Run run = Run.typing(line, "search", "--index", index, "--mode", "bm25");
    assertEquals(0, run.code(), run.err());
    assertTrue(run.out().contains("Docker"), run.out());
  }
}
