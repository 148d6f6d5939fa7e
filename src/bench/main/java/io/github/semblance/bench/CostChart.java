package io.github.semblance.bench;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import tools.jackson.databind.JsonNode;

/** Draws what grows with the number of passages, and how much. For one thread. */
final class CostChart {
  private static final int LEFT = 60;
  private static final int TOP = 20;
  private static final int WIDTH = 430;
  private static final int HEIGHT = 330;
  private static final int LEGEND = 240;

  private record Cost(String name, String unit, String colour, ToDoubleFunction<JsonNode> of) {}

  private static final List<Cost> COSTS =
      List.of(
          new Cost("indexing", "CPU s", "#b7791f", n -> n.at("/building/cpuSeconds").asDouble()),
          new Cost("disk", "MB", "#4a5568", n -> n.path("disk_mb").asDouble()),
          new Cost("graph and vectors", "MB", "#2f855a", n -> n.path("searched_mb").asDouble()),
          new Cost("BM25", "CPU ms", "#c53030", n -> n.at("/BM25/cpu_ms").asDouble()),
          new Cost("hybrid", "CPU ms", "#805ad5", n -> n.at("/hybrid/cpu_ms").asDouble()),
          new Cost("kNN", "CPU ms", "#2b6cb0", n -> n.at("/kNN among 100 %/cpu_ms").asDouble()));

  private record Point(int passages, JsonNode measured) {}

  private final List<Point> points = new ArrayList<>();

  void add(int passages, JsonNode measured) {
    points.add(new Point(passages, measured));
  }

  /** An image with logarithmic axes: passages, and each cost over that of the fewest passages. */
  String svg() {
    points.sort(Comparator.comparingInt(Point::passages));
    double fewest = points.getFirst().passages;
    double most = points.getLast().passages;
    double decades = Math.max(1, Math.log10(most / fewest));
    StringBuilder svg = new StringBuilder();
    svg.append(
        String.format(
            Locale.ROOT,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" role=\"img\""
                + " font-family=\"sans-serif\" font-size=\"12\">%n<title>cost against the number of"
                + " passages</title>%n<rect width=\"100%%\" height=\"100%%\" fill=\"#ffffff\"/>%n",
            LEFT + WIDTH + LEGEND,
            TOP + HEIGHT + 40));
    for (int decade = 0; decade <= decades; decade++) {
      double y = TOP + HEIGHT * (1 - decade / decades);
      line(svg, LEFT, y, LEFT + WIDTH, y, "#e2e8f0");
      text(
          svg,
          LEFT - 8,
          y + 4,
          "end",
          "#1a202c",
          String.format(Locale.ROOT, "x %,.0f", Math.pow(10, decade)));
    }
    for (Point point : points) {
      double x = x(point, fewest, decades);
      line(svg, x, TOP, x, TOP + HEIGHT, "#e2e8f0");
      text(
          svg,
          x,
          TOP + HEIGHT + 18,
          "middle",
          "#1a202c",
          String.format(Locale.ROOT, "%,d", point.passages));
    }
    text(svg, LEFT + WIDTH / 2.0, TOP + HEIGHT + 34, "middle", "#1a202c", "passages");
    double legend = TOP + 4;
    for (Cost cost : COSTS) {
      double first = cost.of.applyAsDouble(points.getFirst().measured);
      StringBuilder path = new StringBuilder();
      StringBuilder values = new StringBuilder();
      for (Point point : points) {
        double value = cost.of.applyAsDouble(point.measured);
        double y = TOP + HEIGHT * (1 - Math.log10(value / first) / decades);
        path.append(String.format(Locale.ROOT, "%.1f,%.1f ", x(point, fewest, decades), y));
        values.append(values.isEmpty() ? "" : " / ").append(amount(value));
      }
      svg.append(
          String.format(
              Locale.ROOT,
              "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\"/>%n",
              path.toString().strip(),
              cost.colour));
      text(svg, LEFT + WIDTH + 20, legend, "start", cost.colour, cost.name);
      text(svg, LEFT + WIDTH + 20, legend + 16, "start", "#1a202c", values + " " + cost.unit);
      legend += 46;
    }
    return svg.append("</svg>\n").toString();
  }

  private static double x(Point point, double fewest, double decades) {
    return LEFT + WIDTH * Math.log10(point.passages / fewest) / decades;
  }

  private static String amount(double value) {
    return String.format(Locale.ROOT, value < 100 ? "%.1f" : "%,.0f", value);
  }

  private static void line(
      StringBuilder svg, double x1, double y1, double x2, double y2, String colour) {
    svg.append(
        String.format(
            Locale.ROOT,
            "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\"/>%n",
            x1,
            y1,
            x2,
            y2,
            colour));
  }

  private static void text(
      StringBuilder svg, double x, double y, String anchor, String colour, String text) {
    svg.append(
        String.format(
            Locale.ROOT,
            "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" fill=\"%s\">%s</text>%n",
            x,
            y,
            anchor,
            colour,
            text));
  }
}
