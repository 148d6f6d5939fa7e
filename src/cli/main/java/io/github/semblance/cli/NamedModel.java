package io.github.semblance.cli;

import io.github.semblance.bert.checkpoint.ModelTrust;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options of the commands that embed queries with an index's model, or one named instead. */
final class NamedModel {
  @Option(
      names = "--model",
      paramLabel = "MODEL",
      description =
          "The model to embed queries with: the index's own by default. One that lies in a folder"
              + " has to be named.")
  private @Nullable String name;

  @Option(
      names = "--allow-torchscript",
      description =
          "With --model: run the TorchScript module (.pt) of the folder: a program, which could do"
              + " anything.")
  private boolean allowTorchScript;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  NamedModel() {}

  /** What the user calls the model; empty for the index's own. */
  Optional<String> name() {
    if (allowTorchScript && name == null) {
      throw new ParameterException(
          command.commandLine(),
          "--allow-torchscript goes with --model only: an index cannot name a program to run");
    }
    return Optional.ofNullable(name);
  }

  /** What the user allows the named model. */
  ModelTrust trust() {
    return allowTorchScript ? ModelTrust.TORCHSCRIPT : ModelTrust.WEIGHTS;
  }
}
