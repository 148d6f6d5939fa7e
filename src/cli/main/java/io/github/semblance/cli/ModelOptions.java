package io.github.semblance.cli;

import io.github.semblance.bert.BertEmbedder;
import io.github.semblance.bert.Precision;
import io.github.semblance.bert.checkpoint.CheckpointException;
import io.github.semblance.bert.checkpoint.ModelCatalogue;
import io.github.semblance.bert.checkpoint.ModelTrust;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options of the commands that embed with a model of the user's choice. */
final class ModelOptions {
  private static final int MOST_THREADS = 1024;

  @Option(
      names = "--model",
      defaultValue = ModelCatalogue.DEFAULT_MODEL,
      paramLabel = "MODEL",
      description =
          "A name that 'models' lists, a folder, hf:ORG/NAME or mvn:GROUP:ARTIFACT:VERSION"
              + " (${DEFAULT-VALUE}).")
  private String name;

  @Option(
      names = "--allow-torchscript",
      description =
          "Run the TorchScript module (.pt) of the folder that --model names: a program, which could"
              + " do anything.")
  private boolean allowTorchScript;

  @Option(
      names = "--precision",
      defaultValue = "fp32",
      paramLabel = "PRECISION",
      description = "fp32 or int8 (${DEFAULT-VALUE}).")
  private Precision precision;

  @Option(
      names = "--threads",
      defaultValue = "0",
      paramLabel = "N",
      description = "Threads that embed; 0 for one per processor (${DEFAULT-VALUE}).")
  private int threads;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  ModelOptions() {}

  /** What the user calls the model. */
  String name() {
    return name;
  }

  /** Loads the model. */
  BertEmbedder load() throws CheckpointException {
    return compact(BertEmbedder.load(name, options()));
  }

  /** Loads the model, with vectors of length 1 or as the model makes them. */
  BertEmbedder loadNormalized(boolean normalize) throws CheckpointException {
    return compact(BertEmbedder.load(name, options().withNormalization(normalize)));
  }

  /**
   * What the weights were read from, 90 MB for MiniLM, is free once the collector has seen a small
   * object gone that it may not look at for hours.
   */
  private static BertEmbedder compact(BertEmbedder loaded) {
    System.gc();
    return loaded;
  }

  private BertEmbedder.Options options() {
    if (threads < 0 || threads > MOST_THREADS) {
      throw new ParameterException(
          command.commandLine(),
          "--threads must be from 0 to " + MOST_THREADS + ", got: " + threads);
    }
    BertEmbedder.Options options =
        BertEmbedder.Options.defaults()
            .withPrecision(precision)
            .withTrust(allowTorchScript ? ModelTrust.TORCHSCRIPT : ModelTrust.WEIGHTS);
    return threads == 0 ? options : options.withThreads(threads);
  }
}
