package io.github.semblance.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CompletionTest {

  /** Has a real bash complete what is typed. */
  private static String bash(Path folder, String words, int at)
      throws IOException, InterruptedException {
    Path script =
        Files.writeString(folder.resolve("script"), Run.of("completion", "bash").succeeds().out());
    Process process =
        new ProcessBuilder(
                "/bin/bash",
                "-c",
                "source "
                    + script
                    + "; COMP_WORDS=("
                    + words
                    + "); COMP_CWORD="
                    + at
                    + "; _complete_semblance; echo \"${COMPREPLY[@]}\"")
            // compopt complains that no completion is under way.
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return said.strip();
  }

  @Test
  void bashCompletes(@TempDir Path folder) throws IOException, InterruptedException {
    assumeTrue(Files.exists(Path.of("/bin/bash")), "there is no bash here");
    assertEquals("search", bash(folder, "semblance sea", 1));
    assertEquals("--semantic-weight", bash(folder, "semblance search --semantic-w", 2));
    assertEquals("hybrid", bash(folder, "semblance search --mode hy", 3));
    assertEquals("zsh", bash(folder, "semblance completion z", 2));
  }

  @Test
  void fishKnowsCommandsOptionsAndValues() {
    String script = Run.of("completion", "fish").succeeds().out();
    assertTrue(
        script.contains("complete -c semblance -n __fish_use_subcommand -f -a search -d 'Answers"),
        script);
    assertTrue(
        script.contains(
            "complete -c semblance -n '__fish_seen_subcommand_from search' -l mode -r -f -a"
                + " 'hybrid bm25 semantic'"),
        script);
    for (String argument : new String[] {"models' -f -a pull -d", "completion' -f -a zsh -d"}) {
      assertTrue(script.contains("__fish_seen_subcommand_from " + argument), argument);
    }
    assertFalse(script.contains("%n"), script);
    assertTrue(script.lines().allMatch(line -> quotes(line) % 2 == 0), script);
    assertEquals(Run.of("completion", "bash").out(), Run.of("completion", "zsh").succeeds().out());
    Run.of("completion", "tcsh").fails(2, "tcsh", "expected one of bash, zsh, fish but was 'tcsh'");
  }

  private static long quotes(String line) {
    return line.replace("\\'", "").chars().filter(c -> c == '\'').count();
  }

  @Test
  void eachCommandHasAManualPage(@TempDir Path folder) throws IOException {
    ManualPages.write(folder);
    for (String page : new String[] {"semblance", "semblance-search", "semblance-models-pull"}) {
      assertTrue(Files.exists(folder.resolve("man1/" + page + ".1")), page);
    }
    String search = Files.readString(folder.resolve("man1/semblance-search.1"));
    assertTrue(search.startsWith(".TH SEMBLANCE-SEARCH 1 \"\" \"Semblance\"\n.SH NAME\n"), search);
    assertTrue(search.contains("\n\\fB\\-\\-top N\\fR\nHow many hits at most (10).\n"), search);
    assertTrue(search.contains("\n\\fB2\\fR\nwrong usage\n"), search);
    assertFalse(search.contains("${"), search);
    assertFalse(search.contains("  "), search);
    assertTrue(Files.size(folder.resolve("completion/semblance.fish")) > 1000);
  }
}
