package io.github.semblance.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.semblance.search.SemanticSearcher;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jline.terminal.Attributes;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.impl.DumbTerminal;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@SuppressWarnings("NullAway.Init") // set before all tests
final class SearchSessionTest {
  private static String model;
  private static String index;

  @BeforeAll
  static void index(@TempDir Path folder) throws IOException {
    model = TinyModel.write(folder.resolve("tiny"), 1);
    index = folder.resolve("index").toString();
    Path input = folder.resolve("in.jsonl");
    Files.writeString(
        input,
        """
        {"id":"1","title":"Joining late","text":"You can join after the start.","course":"data","level":"one"}
        {"id":"2","title":"Certificates","text":"A project earns a certificate.\\nAfter the start.","course":"data","level":"two"}
        {"id":"3","title":"Docker","text":"Start the daemon.","course":"machine learning","level":"one"}
        """);
    Run.of("index", input.toString(), "--index", index, "--model", model).succeeds();
  }

  private static Run typing(String... lines) {
    return Run.typing(
        String.join("\n", lines), "search", "--index", index, "--mode", "bm25", "--top", "2");
  }

  @Test
  void optionsChangeBetweenQuestions() {
    Run run =
        typing(
            ":json",
            "start",
            ":top 1",
            "start",
            ":filter course=machine learning",
            "start",
            ":filter",
            ":top",
            ":explain",
            "start");
    assertEquals(0, run.code(), run.err());
    List<JsonNode> answers = run.out().lines().map(JsonMapper.shared()::readTree).toList();
    assertEquals(List.of(2, 1, 1, 3), answers.stream().map(a -> a.get("hits").size()).toList());
    assertEquals("3", answers.get(2).at("/hits/0/id").asString());
    assertTrue(answers.get(3).at("/hits/0").has("explanation"), run.out());
    assertTrue(run.err().contains("--filter=course=machine learning"), run.err());
  }

  @Test
  void whatIsWrongEndsNothing() {
    Run run =
        typing(
            ":open 1", ":nosuch", "start", ":top 1", "start", ":open x", ":open 7", ":like 9",
            "daemon");
    assertEquals(0, run.code(), run.err());
    List<String> refused = refused(run);
    assertEquals(5, refused.size(), run.err());
    assertTrue(refused.get(0).contains("no hits yet"), run.err());
    assertTrue(refused.get(1).contains("no command \":nosuch\"; there are :boost, "), run.err());
    assertTrue(refused.get(2).contains("from 1 to 1, got: \"x\""), run.err());
    assertTrue(refused.get(3).contains("from 1 to 1, got: \"7\""), run.err());
    assertTrue(refused.get(4).contains("from 1 to 1, got: \"9\""), run.err());
    assertTrue(run.out().contains("1. Docker"), run.out());
  }

  private static List<String> refused(Run session) {
    return session
        .err()
        .lines()
        .map(line -> line.replaceFirst("^(> )+", ""))
        .filter(line -> line.startsWith("semblance: "))
        .toList();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          :filter course        | must have the form field=value, got: "course"
          :filter nosuch=1      | no field "nosuch" to filter by
          :range level          | must have the form field=value, got: "level"
          :range level=1        | must have the form field=low..high
          :range level=1..      | no document has a number in field "level"
          :range level=2..1     | must not end before it begins, got: 2..1
          :range level=2024-13..| numbers or ISO dates, got: 2024-13..
          :sort nosuch          | no field "nosuch" to sort by
          :sort level:up        | asc or desc, as in level:desc, got: level:up
          :group-by nosuch      | no field "nosuch" to group by
          :facet nosuch         | no field "nosuch" to facet by
          :boost title          | must have the form field=value
          :boost title=x        | must give a number
          :boost nosuch=1       | no field "nosuch" to boost by
          :show nosuch          | no field "nosuch" to --show
          :mode best            | expected one of hybrid, bm25, semantic but was 'best'
          :syntax regex         | expected one of plain, lucene but was 'regex'
          :top many             | many
          :top 0                | at least 1
          :from -1              | at least 0
          :timeout soon         | soon
          :diversify 2          | diversity
          :min-similarity 0.5   | does not apply to bm25 mode
          """)
  void whatNoQuestionCanBeAskedWithIsRefusedAtOnce(String command, String reason) {
    Run run = typing(":filter course=data", command, "start", ":help");
    List<String> refused = refused(run);
    assertEquals(1, refused.size(), run.err());
    assertTrue(refused.get(0).contains(reason), run.err());
    assertTrue(run.out().contains("2 of 2 hits"), run.out());
    assertTrue(run.err().contains("Now: --mode=bm25 --top=2 --filter=course=data\n"), run.err());
  }

  @Test
  void hitsAreOpenedAndHaveTheirLike() {
    Run run = typing("certificate", ":open 1", ":like 1", ":quit", "daemon");
    assertTrue(
        run.out()
            .contains(
                "\nCertificates\n[2]\ncourse: data\nlevel: two\n\nA project earns a certificate.\nAfter the start.\n"),
        run.out());
    assertTrue(run.out().contains("candidates, "), run.out());
    assertFalse(run.out().contains("daemon\n\n1 of"), run.out());
  }

  @Test
  void helpNamesWhatThereIs() {
    String help = typing(":help").err();
    for (String command : Set.of(":open N", ":like N", ":mode [MODE]", ":explain", ":quit")) {
      assertTrue(help.contains("\n  " + command + " "), help);
    }
    assertTrue(help.contains("Now: --mode=bm25 --top=2"), help);
    assertFalse(help.contains(":model "), help);
    assertFalse(help.contains("${"), help);
    for (int columns : new int[] {20, 40, 60, 100}) {
      String narrow = Run.typing(columns, ":help", "search", "--index", index).err();
      assertEquals(
          narrow.chars().filter(c -> c == '(').count(),
          narrow.chars().filter(c -> c == ')').count(),
          narrow);
      assertTrue(
          narrow
              .lines()
              .filter(line -> line.startsWith(" "))
              .noneMatch(line -> line.matches(".*\\] [^ ].*")),
          narrow);
    }
  }

  private static SessionCompleter completer(SemanticSearcher searcher) {
    Search search = new Search();
    CommandLine command = new CommandLine(search).setCaseInsensitiveEnumValuesAllowed(true);
    command.parseArgs("--index", index);
    SessionSettings settings =
        new SessionSettings(command.getCommandSpec(), all -> search, next -> {});
    return new SessionCompleter(
        settings.options(), SearchSession.commands(settings), searcher.keywordValues());
  }

  /** Types keys at a terminal and looks at the lines that come of them; _ stands for a tab. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          :mo_sem_                | :mode semantic
          :fi_co_m_               | :filter course=machine learning
          :filter level=t_        | :filter level=two
          :sho_lev_               | :show level
          start cou_da_ x         | 'start course:data  x'
          +course:m_              | '+course:"machine learning"'
          what's "this            | 'what''s "this'
          wow! !1                 | wow! !1
          \\home\\me               | \\home\\me
          """)
  void completion(String keys, String line) throws IOException {
    assertEquals(List.of(line.strip()), lines(keys.replace('_', '\t') + "\r"));
  }

  @Test
  void keysAndHistory() throws IOException {
    String up = "\u001BOA";
    assertEquals(
        List.of("daemons", "late start", "late start!", "x"),
        lines("daemns\u001BOD\u001BODo\r" + "late start\r" + up + "!\r" + "dropped\u0003x\r"));
    assertEquals(List.of("a"), lines("a\r\u0003ended by Ctrl-C\r"));
    assertEquals(List.of("a"), lines("a\r\u0004ended by Ctrl-D\r"));
  }

  @Test
  void historyOutlivesTheSession(@TempDir Path folder) throws IOException {
    Path history = folder.resolve("history");
    assertEquals(List.of("first", "second"), lines("first\rsecond\r", history));
    assertEquals(List.of("second"), lines("\u001BOA\r", history));
    assertEquals(List.of("first"), lines("\u001BOA\u001BOA\r", history));
  }

  private static List<String> lines(String keys) throws IOException {
    return lines(keys, null);
  }

  private static List<String> lines(String keys, @Nullable Path history) throws IOException {
    Terminal terminal =
        new DumbTerminal(
            "test",
            "xterm",
            new ByteArrayInputStream(keys.getBytes(StandardCharsets.UTF_8)),
            new ByteArrayOutputStream(),
            StandardCharsets.UTF_8);
    terminal.setSize(Size.of(80, 24));
    Attributes attributes = terminal.getAttributes();
    attributes.setLocalFlag(Attributes.LocalFlag.ISIG, true);
    attributes.setControlChar(Attributes.ControlChar.VINTR, 3);
    attributes.setControlChar(Attributes.ControlChar.VEOF, 4);
    terminal.setAttributes(attributes);
    try (SemanticSearcher searcher = SemanticSearcher.openForKeywords(Path.of(index));
        EditedLines lines = new EditedLines(terminal, completer(searcher), history)) {
      List<String> all = new ArrayList<>();
      for (String line = lines.next(); line != null; line = lines.next()) {
        all.add(line.strip());
      }
      return all;
    }
  }

  @Test
  void programsAskByLines() {
    byte[] input = "join\n\nnosuchword\r\ndaemon".getBytes(StandardCharsets.UTF_8);
    String[] search = {"search", "--index", index, "--mode", "bm25"};
    Run json = Run.withInput(input, with(search, "--json")).succeeds();
    List<JsonNode> answers = json.out().lines().map(JsonMapper.shared()::readTree).toList();
    assertEquals(
        List.of("join", "nosuchword", "daemon"),
        answers.stream().map(answer -> answer.get("query").asString()).toList());
    assertEquals(List.of(1, 0, 1), answers.stream().map(a -> a.get("hits").size()).toList());
    String text = Run.withInput(input, search).succeeds().out();
    assertTrue(text.contains("> nosuchword\nNo hits.\n> daemon\n 1. Docker\n"), text);
  }

  @Test
  void aBadLineIsNamedAndTheRestGoesOn() {
    byte[] input = "join\n(\nX\ndaemon\n".getBytes(StandardCharsets.UTF_8);
    input[7] = (byte) 0xFF;
    Run run =
        Run.withInput(input, "search", "--index", index, "--mode", "bm25", "--syntax", "lucene");
    assertEquals(1, run.code());
    assertEquals(2, run.messages().size(), run.err());
    assertTrue(run.messages().get(0).startsWith("semblance: standard input:2: "), run.err());
    assertEquals("semblance: standard input:3: invalid UTF-8", run.messages().get(1));
    assertTrue(run.out().contains("1. Joining late"), run.out());
    assertTrue(run.out().contains("1. Docker"), run.out());
    Run.withInput(new byte[] {'\n'}, "search", "--index", index, "--mode", "bm25")
        .fails(2, "QUERY is missing", "standard input");
  }

  private static String[] with(String[] some, String more) {
    String[] all = Arrays.copyOf(some, some.length + 1);
    all[some.length] = more;
    return all;
  }

  @Test
  void fieldsThatTellHitsApart() {
    String[] search = {"search", "start", "--index", index, "--mode", "bm25"};
    String shown = Run.of(search).succeeds().out();
    assertTrue(shown.contains("    course: data · level: one\n    You can join"), shown);
    String filtered = Run.of(with(search, "--filter=course=data")).succeeds().out();
    assertTrue(filtered.contains("    level: two\n"), filtered);
    assertFalse(filtered.contains("course: "), filtered);
    assertFalse(Run.of(with(search, "--show=none")).succeeds().out().contains("level: "));
    assertTrue(
        Run.of(with(search, "--show=course,level"))
            .succeeds()
            .out()
            .contains("course: data · level: two"));
    Run.of(with(search, "--show=nosuch"))
        .fails(2, "no field \"nosuch\" to --show; this index has: course, level");
  }

  @Test
  void filtersWithoutAHitNameValues() {
    Run run =
        Run.of("search", "start", "--index", index, "--mode", "bm25", "--filter", "course=Data");
    assertEquals(0, run.code());
    assertEquals("No document passes the filter.\n", run.out());
    assertEquals(
        "semblance: no document has course=Data; there are: data, machine learning\n", run.err());
    assertEquals(
        "",
        Run.of("search", "daemon", "--index", index, "--mode", "bm25", "--filter", "course=data")
            .err());
  }
}
