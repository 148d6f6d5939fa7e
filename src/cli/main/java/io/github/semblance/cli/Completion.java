package io.github.semblance.cli;

import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
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

  /** What an option or an argument can be, as picocli writes the names of constants. */
  private static final Pattern VALUES =
      Pattern.compile("(?<=_(option|pos_param)_args=\\()[\"A-Z0-9_ ]+(?=\\))");

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
      case BASH, ZSH ->
          VALUES
              .matcher(AutoComplete.bash(root.getCommandName(), root))
              .replaceAll(values -> values.group().toLowerCase(Locale.ROOT));
      case FISH -> fish(root);
    };
  }

  /** Picocli has none for fish. */
  private static String fish(CommandLine root) {
    String name = root.getCommandName();
    StringBuilder script = new StringBuilder();
    script.append("# Completion of ").append(name).append(" for fish.\n");
    Map<String, CommandLine> commands = ManualPages.shown(root);
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
          ManualPages.shown(line)
              .forEach((sub, of) -> script.append(argument(name, command, sub, firstLine(of))));
          for (PositionalParamSpec argument : line.getCommandSpec().positionalParameters()) {
            SessionSettings.choices(argument)
                .forEach(
                    choice ->
                        script.append(
                            argument(name, command, choice.toLowerCase(Locale.ROOT), "")));
          }
          for (OptionSpec option : line.getCommandSpec().options()) {
            script.append(fish(name, command, option));
          }
        });
    return script.toString();
  }

  private static String argument(String name, String command, String value, String description) {
    return String.format(
        Locale.ROOT,
        "complete -c %s -n '__fish_seen_subcommand_from %s' -f -a %s -d %s\n",
        name,
        command,
        value,
        quoted(description));
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
