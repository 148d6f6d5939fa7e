package io.github.semblance.cli;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code completion}: a script by which a shell completes commands, options and their values. */
@Command(
    name = "completion",
    description = {
      "Prints a script by which a shell completes the command semblance.",
      "",
      "bash, zsh: source <(semblance completion bash)",
      "fish: semblance completion fish | source"
    })
final class Completion implements Callable<Integer> {
  /** The shells that are known. */
  enum Shell {
    BASH,
    ZSH,
    FISH
  }

  @ParentCommand private Semblance semblance;
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "SHELL", description = "bash, zsh or fish.")
  private Shell shell;

  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  Completion() {}

  @Override
  public Integer call() {
    semblance.streams().out().print(script(shell, spec.root().commandLine()));
    return 0;
  }

  /** The script for one shell; that for bash knows zsh too. */
  static String script(Shell shell, CommandLine root) {
    return switch (shell) {
      case BASH, ZSH -> AutoComplete.bash(root.getCommandName(), root);
      case FISH -> fish(root);
    };
  }

  /** Picocli has none for fish. */
  private static String fish(CommandLine root) {
    String name = root.getCommandName();
    StringBuilder script = new StringBuilder();
    script.append("# Completion of ").append(name).append(" for fish.\n");
    Map<String, CommandLine> commands = new TreeMap<>(root.getSubcommands());
    commands.values().removeIf(line -> line.getCommandSpec().usageMessage().hidden());
    commands.forEach(
        (command, line) ->
            script.append(
                String.format(
                    Locale.ROOT,
                    "complete -c %s -n __fish_use_subcommand -f -a %s -d %s\n",
                    name,
                    command,
                    quoted(firstLine(line)))));
    commands.forEach(
        (command, line) -> {
          for (OptionSpec option : line.getCommandSpec().options()) {
            script.append(fish(name, command, option));
          }
        });
    return script.toString();
  }

  private static String fish(String name, String command, OptionSpec option) {
    StringBuilder line = new StringBuilder();
    line.append(
        String.format(
            Locale.ROOT, "complete -c %s -n '__fish_seen_subcommand_from %s'", name, command));
    for (String each : option.names()) {
      line.append(each.startsWith("--") ? " -l " : " -s ").append(each.replaceFirst("^-+", ""));
    }
    if (!SessionSettings.isSwitch(option)) {
      line.append(" -r");
      String choices = String.join(" ", SessionSettings.choices(option));
      if (!choices.isEmpty()) {
        line.append(" -f -a ").append(quoted(choices.toLowerCase(Locale.ROOT)));
      }
    }
    String[] description = option.description();
    if (description.length > 0) {
      line.append(" -d ").append(quoted(description[0].split("[.:;(]", 2)[0].strip()));
    }
    return line.append('\n').toString();
  }

  private static String firstLine(CommandLine line) {
    String[] description = line.getCommandSpec().usageMessage().description();
    return description.length == 0 ? "" : description[0];
  }

  private static String quoted(String text) {
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }
}
