package io.github.semblance.cli;

import io.github.semblance.bert.CrossEncoder;
import io.github.semblance.bert.checkpoint.CheckpointException;
import io.github.semblance.embed.PassageScorer;
import io.github.semblance.embed.Relevance;
import io.github.semblance.search.Rerank;
import io.github.semblance.search.SearchRequestException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options of the commands that have the best hits read again by a cross-encoder. */
final class RerankOptions {
  /** In place of the model until it is loaded: requests are checked before. */
  private static final PassageScorer UNLOADED =
      new PassageScorer() {
        @Override
        public String name() {
          return "not loaded";
        }

        @Override
        public List<Relevance> score(String query, List<String> passages) {
          throw new IllegalStateException("the cross-encoder is not loaded");
        }

        @Override
        public void close() {}
      };

  @Option(
      names = "--rerank",
      paramLabel = "MODEL",
      description = {
        "Have this cross-encoder read the best hits of hybrid search again: a folder, hf:ORG/NAME or"
            + " mvn:GROUP:ARTIFACT:VERSION.",
        "Half of a score then is the search's, half the model's."
      })
  private @Nullable String model;

  @Option(
      names = "--rerank-depth",
      paramLabel = "N",
      description = "With --rerank: how many hits to read at most (" + Rerank.DEPTH + ").")
  private @Nullable Integer depth;

  @Option(
      names = "--rerank-ms",
      paramLabel = "MS",
      description =
          "With --rerank: how long to read; hits not reached keep their places (no limit).")
  private @Nullable Integer milliseconds;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  private PassageScorer scorer = UNLOADED;

  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  RerankOptions() {}

  /** What is asked for, if anything; its scorer works once {@link #open} was called. */
  Optional<Rerank> plan() {
    if (model == null) {
      if (depth != null || milliseconds != null) {
        throw new ParameterException(
            command.commandLine(), "--rerank-depth and --rerank-ms go with --rerank");
      }
      return Optional.empty();
    }
    try {
      Rerank plan = Rerank.with(scorer).withDepth(depth == null ? Rerank.DEPTH : depth);
      return Optional.of(
          milliseconds == null ? plan : plan.withBudget(Duration.ofMillis(milliseconds)));
    } catch (SearchRequestException e) {
      throw new ParameterException(command.commandLine(), Failures.text(e), e);
    }
  }

  /** Loads the model if one is named; what is returned is to be closed. */
  PassageScorer open() throws CheckpointException {
    if (model != null) {
      scorer = CrossEncoder.load(model);
    }
    return scorer;
  }
}
