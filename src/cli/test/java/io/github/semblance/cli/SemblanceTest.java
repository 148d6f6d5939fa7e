package io.github.semblance.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SemblanceTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          '' | --help --version --debug demo index search evaluate embed models cluster doctor bench help
          demo | --model --precision --threads
          index | INPUT --index --create --update --id-field --title-field --text-field --keyword-field --analyzer --quantize --model --precision --threads --skip-bad --json
          search | QUERY --index --mode --top --filter --boost --min-similarity --timeout --model --explain --json
          evaluate | --index --queries --qrels --query-field --relevant-field --filter-field --modes --run --metric --model --trec-run --per-query --report --json
          embed | --model --precision --threads --kind --normalize
          models | pull --json
          models pull | MODEL
          cluster | FILE --nodes --port --heap --once
          doctor | --model --precision --threads --json
          """)
  void helpNamesEveryOption(String command, String options) {
    String[] words = (command + " --help").strip().split(" ", -1);
    Run help = Run.of(words).succeeds();
    for (String option : (options + " --help --version --debug").split(" ", -1)) {
      assertTrue(help.out().matches("(?s).*(?<![\\w-])" + option + "(?![\\w-]).*"), option);
    }
    assertTrue(help.out().contains("wrong usage"), help.out());
    assertTrue(help.out().lines().allMatch(line -> line.length() <= 100), help.out());
  }

  /** Containers say that a terminal has no columns, and windows can be narrow. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "demo",
        "index",
        "search",
        "evaluate",
        "embed",
        "models",
        "models pull",
        "cluster",
        "doctor"
      })
  void helpInAnyTerminal(String command) {
    for (int columns = -1; columns <= 54; columns++) {
      Run.inColumns(columns, (command + " --help").strip().split(" ", -1)).succeeds();
    }
  }

  @Test
  void helpIsACommandToo() {
    assertEquals(Run.of("--help").succeeds().out(), Run.of("help").succeeds().out());
    assertEquals(Run.of("search", "--help").out(), Run.of("help", "search").succeeds().out());
    assertEquals(
        Run.of("models", "pull", "--help").out(),
        Run.of("help", "models", "pull").succeeds().out());
    Run.of("help", "serach").fails(2, "no command \"serach\"; there are adopt, bench, ");
    Run.of("help", "models", "push")
        .fails(2, "no command \"models push\"; there are pull; see 'semblance models --help'");
    Run.of("help", "search", "x").fails(2, "there are none below semblance search; see");
    Run.of("bench", "embed").fails(1, "./semblance bench embed in a source checkout");
  }

  /** What {@code head -1} does. */
  @Test
  void nobodyReadsOn() throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Semblance.class.getName(),
                "--help")
            .start();
    process.getInputStream().close();
    assertEquals("", new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8));
    assertEquals(0, process.waitFor());
  }

  @Test
  void nobodyCanWriteOn() throws IOException, InterruptedException {
    Path full = Path.of("/dev/full");
    assumeTrue(Files.exists(full), "no device is full here");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Semblance.class.getName(),
                "--help")
            .redirectOutput(full.toFile())
            .start();
    String message = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(message.startsWith("semblance: standard output: "), message);
    assertEquals(1, process.waitFor());
  }

  @Test
  void versionIsKnownToEveryCommand() {
    String version = Run.of("--version").succeeds().out();
    assertTrue(version.startsWith("semblance "), version);
    assertEquals(version, Run.of("search", "--version").succeeds().out());
  }

  @Test
  void wrongUsageIsTold() {
    Run.of().fails(2, "a command is missing: demo, index, search", "see 'semblance --help'");
    Run.of("serach").fails(2, "There is no command 'serach'; did you mean", "search");
    Run.of("models", "push")
        .fails(2, "Nothing is done with 'push'; did you mean pull? See 'semblance models");
    Run.of("search", "a", "b", "--index", "x").fails(2, "Nothing is done with 'b'");
    Run.of("index", "x.json").fails(2, "--index", "see 'semblance index --help'");
    Run.of("index", "--index", "x").fails(2, "INPUT");
    Run.of("models", "pull").fails(2, "MODEL", "see 'semblance models pull --help'");
    Run.of("cluster", "--nodes", "0").fails(2, "--nodes must be from 1 to 20, got: 0");
    Run.of("index", "x.json", "--index", "x", "--create", "--update").fails(2, "--update");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "demo",
        "index x --index y",
        "search x --index y",
        "embed",
        "models",
        "cluster",
        "doctor"
      })
  void unknownOptionsAreTold(String command) {
    String name = command.split(" ", -1)[0];
    Run.of((command + " --nosuch").split(" ", -1))
        .fails(2, "Unknown option: '--nosuch'", "ee 'semblance " + name + " --help'");
  }
}
