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
      names = "--query-model",
      paramLabel = "MODEL",
      description =
          "A smaller model to embed queries with, trained into the space of the index's own, as"
              + " mdbr-leaf-ir is for snowflake-arctic-embed-m-v1.5.")
  private @Nullable String queryName;

  @Option(
      names = "--allow-torchscript",
      description =
          "With --model or --query-model: run the TorchScript module (.pt) of the folder: a program,"
              + " which could do anything.")
  private boolean allowTorchScript;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  NamedModel() {}

  /** What the user calls the model of the index; empty for the name that the index has. */
  Optional<String> name() {
    return Optional.ofNullable(name);
  }

  /** What the user calls a model for queries beside that of the index; empty for none. */
  Optional<String> queryName() {
    return Optional.ofNullable(queryName);
  }

  /** Refuses options that do not go together. */
  void check() {
    if (name != null && queryName != null) {
      throw new ParameterException(
          command.commandLine(), "--model and --query-model exclude each other");
    }
    if (allowTorchScript && name == null && queryName == null) {
      throw new ParameterException(
          command.commandLine(),
          "--allow-torchscript goes with --model or --query-model only: an index cannot name a"
              + " program to run");
    }
  }

  /** What the user allows the named model. */
  ModelTrust trust() {
    return allowTorchScript ? ModelTrust.TORCHSCRIPT : ModelTrust.WEIGHTS;
  }
}
