package io.github.semblance.bench;

import io.github.semblance.bert.Precision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** A page with a table of runs for each kind of processor, of which a run adds a row to one. */
final class SpeedTable {
  private static final List<String> COLUMNS =
      List.of(
          "date",
          "Java",
          "load",
          "fp32",
          "best peer",
          "int8",
          "best peer",
          "linear layers over sgemm",
          "query fp32",
          "best peer",
          "query int8",
          "best peer");

  private static final String NONE = "";

  private SpeedTable() {}

  /**
   * Adds a row, and before it a heading and a table if this kind of processor has none.
   *
   * @param file Markdown; made if it does not exist
   * @param processor the heading
   * @param row cells, with bars between them
   */
  static void add(Path file, String processor, String row) throws IOException {
    List<String> lines =
        new ArrayList<>(Files.exists(file) ? Files.readAllLines(file) : List.<String>of());
    String heading = "### " + processor;
    int at = lines.indexOf(heading);
    if (at < 0) {
      if (!lines.isEmpty()) {
        lines.add("");
      }
      lines.addAll(
          List.of(heading, "", cells(COLUMNS), cells(COLUMNS.stream().map(c -> "---").toList())));
      lines.add(row);
    } else {
      int end = at + 1;
      while (end < lines.size() && !lines.get(end).startsWith("#")) {
        end++;
      }
      while (!lines.get(end - 1).startsWith("|") && end - 1 > at) {
        end--;
      }
      lines.add(end, row);
    }
    Files.write(file, lines);
  }

  /**
   * What a run found.
   *
   * @param load of the machine when it began
   * @param share of the sgemm ceiling that the linear layers reached
   */
  static String row(List<Lane> lanes, double load, double share) {
    List<String> cells = new ArrayList<>();
    cells.add(LocalDate.now(ZoneOffset.UTC).toString());
    cells.add(Integer.toString(Runtime.version().feature()));
    cells.add(String.format(Locale.ROOT, "%.1f", load));
    for (Precision precision : Precision.values()) {
      Lane ours = Lane.ours(lanes, precision);
      cells.add(String.format(Locale.ROOT, "%.0f", ours.rate()));
      cells.add(
          peer(
              lanes,
              precision,
              Lane::rate,
              best -> String.format(Locale.ROOT, "%.0f", best.rate())));
    }
    cells.add(String.format(Locale.ROOT, "%.2f", share));
    List<Lane> asked = lanes.stream().filter(lane -> !lane.queryMillis.isEmpty()).toList();
    for (Precision precision : Precision.values()) {
      cells.add(millis(Lane.ours(lanes, precision)));
      cells.add(peer(asked, precision, lane -> -lane.queryMillis.median(), SpeedTable::millis));
    }
    return cells(cells);
  }

  private static String peer(
      List<Lane> lanes,
      Precision precision,
      ToDoubleFunction<Lane> measure,
      Function<Lane, String> shown) {
    Optional<Lane> best = Lane.bestPeer(lanes, precision, measure);
    return best.map(lane -> shown.apply(lane) + " " + lane.contender.name()).orElse(NONE);
  }

  private static String millis(Lane lane) {
    return lane.queryMillis.isEmpty()
        ? NONE
        : String.format(
            Locale.ROOT, "%.2f / %.1f", lane.queryMillis.median(), lane.queryMillis.percentile(99));
  }

  private static String cells(List<String> cells) {
    return "| " + String.join(" | ", cells) + " |";
  }
}
