package io.github.semblance.bench;

import io.github.semblance.bert.BertEmbedder;
import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The {@code semblance bench} command: the parent of all benchmarks. */
@Command(
    name = "semblance bench",
    description = "Measures speed on this machine, side by side with others, and ways to fuse.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "BENCHMARK",
    subcommands = {
      EmbedBench.class,
      FrameworkBench.class,
      StoreBench.class,
      FusionBench.class,
      WorkshopBench.class,
      ClusterBench.class,
      SearchBench.class,
      FirstVector.class,
      PeakMemory.class
    })
final class Bench implements Runnable {
  /** Held here because java.util.logging forgets the level of a logger that nobody holds. */
  private static final Logger ENGINE_LOG = Logger.getLogger("ai.djl");

  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init") // picocli sets the field
  private Bench() {}

  /** Runs a benchmark and exits: 0 done, 1 failed, 2 wrong usage. */
  public static void main(String[] args) {
    ENGINE_LOG.setLevel(Level.SEVERE);
    BertEmbedder.finishAtExit();
    System.exit(
        new CommandLine(new Bench()).setCaseInsensitiveEnumValuesAllowed(true).execute(args));
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(),
        "a benchmark is missing: " + String.join(", ", spec.subcommands().keySet()));
  }
}
