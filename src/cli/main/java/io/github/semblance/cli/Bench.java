package io.github.semblance.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Unmatched;

/**
 * {@code bench}: named here so that the help lists it. The benchmarks are a program of their own,
 * with the peers that they measure, which {@code ./semblance} of a source checkout builds and runs.
 */
@Command(
    name = "bench",
    description = "Measures speed and quality beside others; in a source checkout.")
final class Bench implements Callable<Integer> {
  @Parameters(
      arity = "0..*",
      paramLabel = "BENCHMARK",
      description = "Which, and its options; ./semblance bench --help lists them.")
  private List<String> arguments = List.of();

  @Unmatched private List<String> options = List.of();

  Bench() {}

  @Override
  public Integer call() throws CommandFailure {
    throw new CommandFailure(
        "the benchmarks are not in this program: run ./semblance bench "
            + String.join(" ", arguments)
            + String.join(" ", options)
            + " in a source checkout");
  }
}
