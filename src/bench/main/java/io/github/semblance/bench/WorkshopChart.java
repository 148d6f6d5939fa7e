package io.github.semblance.bench;

import java.util.Locale;
import java.util.Map;

/** Draws bars. Stateless. */
final class WorkshopChart {
  private static final int LEFT = 170;
  private static final int BAR = 14;
  private static final int GROUP = 46;
  private static final int LENGTH = 420;

  private WorkshopChart() {}

  /** An SVG image of hit rate@5 and MRR@5 by system, in the third and fourth place of each row. */
  static String of(Map<String, double[]> figures) {
    int height = 40 + figures.size() * GROUP;
    StringBuilder svg = new StringBuilder();
    svg.append(
        String.format(
            Locale.ROOT,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" role=\"img\""
                + " font-family=\"sans-serif\" font-size=\"13\">%n"
                + "<title>hit rate@5 and MRR@5 on the course FAQ</title>%n"
                + "<rect width=\"100%%\" height=\"100%%\" fill=\"#ffffff\"/>%n",
            LEFT + LENGTH + 70,
            height));
    svg.append(
        String.format(
            Locale.ROOT,
            "<text x=\"%d\" y=\"20\" fill=\"#2b6cb0\">hit rate@5</text>"
                + "<text x=\"%d\" y=\"20\" fill=\"#b7791f\">MRR@5</text>%n",
            LEFT,
            LEFT + 90));
    int y = 34;
    for (Map.Entry<String, double[]> system : figures.entrySet()) {
      svg.append(
          String.format(
              Locale.ROOT,
              "<text x=\"%d\" y=\"%d\" text-anchor=\"end\" fill=\"#1a202c\">%s</text>%n",
              LEFT - 8,
              y + BAR + 5,
              system.getKey().replace("*", "")));
      bar(svg, y, system.getValue()[2], "#2b6cb0");
      bar(svg, y + BAR + 2, system.getValue()[3], "#b7791f");
      y += GROUP;
    }
    return svg.append("</svg>\n").toString();
  }

  private static void bar(StringBuilder svg, int y, double value, String colour) {
    svg.append(
        String.format(
            Locale.ROOT,
            "<rect x=\"%d\" y=\"%d\" width=\"%.0f\" height=\"%d\" fill=\"%s\"/>"
                + "<text x=\"%.0f\" y=\"%d\" fill=\"#1a202c\" font-size=\"11\">%s</text>%n",
            LEFT,
            y,
            value * LENGTH,
            BAR,
            colour,
            LEFT + value * LENGTH + 5,
            y + BAR - 3,
            String.format(Locale.ROOT, "%.3f", value).replaceFirst("^0", "")));
  }
}
