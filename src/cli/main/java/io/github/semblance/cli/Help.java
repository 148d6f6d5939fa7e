package io.github.semblance.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code help}: what {@code --help} tells, of commands of commands too. */
@Command(name = "help", helpCommand = true, description = "Tells all options of a command.")
final class Help implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      arity = "0..*",
      paramLabel = "COMMAND",
      description = "The command, as in help search or help models pull. Default: all commands.")
  private List<String> command = List.of();

  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  Help() {}

  @Override
  public Integer call() {
    CommandLine found = spec.root().commandLine();
    for (String word : command) {
      CommandLine inner = found.getSubcommands().get(word);
      if (inner == null) {
        throw new ParameterException(
            found,
            "no command \""
                + String.join(" ", command)
                + "\"; there "
                + (ManualPages.shown(found).isEmpty()
                    ? "are none below " + found.getCommandSpec().qualifiedName()
                    : "are " + String.join(", ", ManualPages.shown(found).keySet())));
      }
      found = inner;
    }
    found.usage(found.getOut(), found.getColorScheme());
    return 0;
  }
}
