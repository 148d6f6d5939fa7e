package io.github.semblance.cli;

import io.github.semblance.cli.EvaluatedSystem.Comparison;
import io.github.semblance.evaluate.PairedComparison;
import io.github.semblance.evaluate.TimedRun;
import io.github.semblance.evaluate.TopicScores;
import io.github.semblance.evaluate.WeightCurve;
import io.github.semblance.index.Tuning;
import io.github.semblance.search.Fusion;
import io.github.semblance.search.WeightTuner;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Shows the figures of an evaluation to people and to programs. */
final class EvaluationPrinter {
  private final int queries;
  private final List<EvaluatedSystem> systems;
  private final String metric;
  private final List<Comparison> comparisons;
  private final @Nullable WeightCurve curve;

  /**
   * Prepares to print.
   *
   * @param metric what systems are compared by
   * @param curve by the same metric; null if weights were not compared
   */
  EvaluationPrinter(
      int queries, List<EvaluatedSystem> systems, String metric, @Nullable WeightCurve curve) {
    this.queries = queries;
    this.systems = systems;
    this.metric = metric;
    this.curve = curve;
    this.comparisons = EvaluatedSystem.compare(systems, metric);
  }

  /** Prints a table for a person. */
  void print(PrintWriter out) {
    int width = systems.stream().mapToInt(system -> system.name().length()).max().orElse(0);
    String first = "%-" + Math.max(width, 8) + "s";
    out.printf(Locale.ROOT, first, "");
    EvaluatedSystem.metrics().forEach(name -> out.printf(Locale.ROOT, "  %6s", name));
    out.printf(Locale.ROOT, "  %7s  %7s%n", "p50 ms", "p99 ms");
    for (EvaluatedSystem system : systems) {
      out.printf(Locale.ROOT, first, system.name());
      for (TopicScores scores : system.scores()) {
        int column = Math.max(6, scores.metric().length());
        out.printf(Locale.ROOT, "  %" + column + ".4f", scores.mean());
      }
      TimedRun timed = system.timed();
      if (timed != null) {
        out.printf(Locale.ROOT, "  %7.1f  %7.1f", millis(timed, 50), millis(timed, 99));
      }
      out.println();
    }
    out.printf(Locale.ROOT, "%,d queries.%n", queries);
    if (!comparisons.isEmpty()) {
      out.printf(Locale.ROOT, "%nBy %s, with a paired randomisation test:%n", metric);
    }
    for (Comparison comparison : comparisons) {
      PairedComparison outcome = comparison.outcome();
      out.printf(
          Locale.ROOT,
          "%s against %s: %+.4f, %d wins, %d losses, %d ties, p = %.5f%n",
          comparison.first().name(),
          comparison.second().name(),
          outcome.difference(),
          outcome.wins(),
          outcome.losses(),
          outcome.ties(),
          outcome.pValue());
    }
    if (curve != null && curve.best().isPresent()) {
      printCurve(out, curve, curve.best().get());
    }
  }

  private static void printCurve(PrintWriter out, WeightCurve curve, Tuning best) {
    out.printf(Locale.ROOT, "%nHybrid's %s by the weight of meaning:%n", curve.metric());
    List<Double> means = curve.means();
    for (int w = 0; w < means.size(); w += 2) {
      out.printf(Locale.ROOT, w == 0 ? "%6.2f" : "  %6.2f", WeightTuner.WEIGHTS.get(w));
    }
    out.println();
    for (int w = 0; w < means.size(); w += 2) {
      out.printf(Locale.ROOT, w == 0 ? "%6.4f" : "  %6.4f", means.get(w));
    }
    out.println();
    out.printf(
        Locale.ROOT,
        "Best is %.2f: %.4f, which is %+.4f over the default of %.2f, standard error %.4f.%n",
        best.semanticWeight(),
        best.after(),
        best.after() - best.before(),
        Fusion.DEFAULT_SEMANTIC_WEIGHT,
        best.error());
  }

  /** The figures for programs. */
  ObjectNode toJson() {
    ObjectNode all = JsonMapper.shared().createObjectNode().put("queries", queries);
    ObjectNode modes = all.putObject("modes");
    ObjectNode runs = JsonMapper.shared().createObjectNode();
    for (EvaluatedSystem system : systems) {
      TimedRun timed = system.timed();
      ObjectNode figures = (timed == null ? runs : modes).putObject(system.name());
      for (TopicScores scores : system.scores()) {
        figures.put(scores.metric(), rounded(scores.mean(), 1e5));
      }
      if (timed != null) {
        figures.put("latency_ms_p50", rounded(millis(timed, 50), 1e3));
        figures.put("latency_ms_p99", rounded(millis(timed, 99), 1e3));
      }
    }
    if (!runs.isEmpty()) {
      all.set("runs", runs);
    }
    ArrayNode compared = all.putArray("comparisons");
    for (Comparison comparison : comparisons) {
      PairedComparison outcome = comparison.outcome();
      compared
          .addObject()
          .put("first", comparison.first().name())
          .put("second", comparison.second().name())
          .put("metric", metric)
          .put("difference", rounded(outcome.difference(), 1e5))
          .put("wins", outcome.wins())
          .put("losses", outcome.losses())
          .put("ties", outcome.ties())
          .put("p_value", rounded(outcome.pValue(), 1e5));
    }
    if (curve != null && curve.best().isPresent()) {
      ObjectNode weights = all.putObject("weights").put("metric", curve.metric());
      ObjectNode means = weights.putObject("means");
      for (int w = 0; w < WeightTuner.WEIGHTS.size(); w++) {
        means.put(
            String.format(Locale.ROOT, "%.2f", WeightTuner.WEIGHTS.get(w)),
            rounded(curve.means().get(w), 1e5));
      }
      weights.set("best", TuningText.json(curve.best().get()));
    }
    return all;
  }

  /** Writes one line per query and system, below a line that names the columns. */
  void writePerQuery(Path file) throws IOException {
    try (BufferedWriter out = Files.newBufferedWriter(file)) {
      out.write("query\tsystem\t" + String.join("\t", EvaluatedSystem.metrics()) + "\n");
      for (EvaluatedSystem system : systems) {
        for (String topic : system.scores(metric).byTopic().keySet()) {
          out.write(topic + "\t" + system.name());
          for (TopicScores scores : system.scores()) {
            out.write(String.format(Locale.ROOT, "\t%.5f", scores.byTopic().get(topic)));
          }
          out.write("\n");
        }
      }
    }
  }

  private static double millis(TimedRun timed, int percent) {
    return timed.percentile(percent).toNanos() / 1e6;
  }

  private static double rounded(double value, double scale) {
    return Math.round(value * scale) / scale;
  }
}
